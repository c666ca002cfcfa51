import { expect, test } from "vitest";
import { type EntityRecord, entityKindOf } from "../../src/core/memory/entity.ts";
import type { Json, JsonObject } from "../../src/core/shared/json.ts";
import { command, contextOf, created, nextId, plant, scopeOf, type StoreUnderTest, storedRows } from "./store-fixture.ts";

/** Data, and what has to find it. The others of the list must not. */
const rows: readonly JsonObject[] = [
  { country: "DE", seats: 3, tags: ["a", "b"], address: { city: "Köln", zip: "50667" }, open: true },
  { country: "FR", seats: 30, tags: ["b"], address: { city: "Paris" }, open: false },
  { country: null, note: 'a "quoted" word and a \\ stroke', deep: { list: [[{ found: "needle" }]] } },
  {},
];

const held: readonly (readonly [part: Json, found: readonly number[]])[] = [
  [{}, [0, 1, 2, 3]],
  [{ country: "DE" }, [0]],
  [{ country: "de" }, []],
  [{ country: null }, [2]],
  [{ seats: 3 }, [0]],
  [{ seats: "3" }, []],
  [{ open: false }, [1]],
  [{ tags: ["b"] }, [0, 1]],
  [{ tags: ["b", "a"] }, [0]],
  [{ tags: "b" }, []],
  [{ tags: [] }, [0, 1]],
  [{ address: { city: "Köln" } }, [0]],
  [{ address: {} }, [0, 1]],
  [{ deep: { list: [[{ found: "needle" }]] } }, [2]],
  [{ constructor: {} }, []],
  [{ country: "\u0000" }, []],
  [{ country: "\ud800" }, []],
];

const texts: readonly (readonly [text: string, found: readonly number[]])[] = [
  ["KÖLN", [0]],
  ["needle", [2]],
  ['"quoted"', [2]],
  ["\\ stroke", [2]],
  ["country", []],
  ["title 3", [3]],
  ['a", "b', []],
  ["3", [3]],
  ["%", []],
  ["\u0000", []],
];

/** Conditions on what is inside a row's body. */
export function storeBodyCases(under: () => StoreUnderTest): void {
  async function planted() {
    const world = await plant(under().store);
    const first = storedRows(world).find(({ kind }) => kind.name === entityKindOf.name)?.row as EntityRecord; // the sample row of this kind
    const made = rows.map((data, at): EntityRecord => ({
      ...first,
      id: nextId(),
      typeKey: "thing",
      key: `k${String(at)}`,
      title: `Title ${String(at)}`,
      data,
    }));
    await command(under().store, contextOf(world), { changes: made.map((row) => created(entityKindOf, row)) });
    return { world, ids: made.map(({ id }) => id) };
  }

  test("finds rows by a part of a field of the body: named fields, members of lists, equality for all else", async () => {
    const { world, ids } = await planted();
    for (const [part, found] of held) {
      const read = await under().store.read(scopeOf(world), (reader) =>
        reader.find(entityKindOf, { where: { typeKey: "thing" }, holds: { field: "data", part }, limit: 100 }),
      );
      expect([part, read.map(({ id }) => ids.indexOf(id))]).toEqual([part, found]);
    }
  });

  test("finds rows by a text in a column or in a value inside a field of the body, in any case, and never by names of fields", async () => {
    const { world, ids } = await planted();
    for (const [text, found] of texts) {
      const filter = { where: { typeKey: "thing" }, contains: { field: "title", text, leavesOf: "data" } } as const;
      const [read, count] = await under().store.read(scopeOf(world), (reader) =>
        Promise.all([reader.find(entityKindOf, { ...filter, limit: 100 }), reader.count(entityKindOf, filter)]),
      );
      expect([text, read.map(({ id }) => ids.indexOf(id)), count]).toEqual([text, found, found.length]);
    }
  });

  test("conditions on the body hold at an instant as well", async () => {
    const { world, ids } = await planted();
    await under().advance(2);
    const atMs = await under().store.nowMs();
    await under().advance(2);
    const read = await under().store.read(
      scopeOf(world),
      (reader) =>
        reader.find(entityKindOf, {
          where: { typeKey: "thing", state: "active" },
          holds: { field: "data", part: { seats: 3 } },
          limit: 100,
        }),
      { atMs },
    );
    expect(read.map(({ id }) => ids.indexOf(id))).toEqual([0]);
  });
}
