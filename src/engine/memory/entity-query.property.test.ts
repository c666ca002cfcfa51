import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryStore } from "../../adapters/in-process/memory-store.ts";
import { createVirtualClock } from "../../adapters/in-process/virtual-clock.ts";
import { command, contextOf, created, nextId, plant, scopeOf, storedRows } from "../../../test/conformance/store-fixture.ts";
import { type EntityRecord, entityKindOf } from "../../core/memory/entity.ts";
import { type Tag, tagKind } from "../../core/memory/tag.ts";
import { entitySorts, findEntities } from "./entity-query.ts";

const keys = ["red", "green", "blue"] as const;

const thing = fc.record({
  tags: fc.uniqueArray(fc.constantFrom(...keys)),
  country: fc.constantFrom("DE", "FR"),
  updatedAtMs: fc.integer({ min: 1_000, max: 1_020 }),
  state: fc.constantFrom("active" as const, "archived" as const),
});

const question = fc.record({
  tags: fc.uniqueArray(fc.constantFrom(...keys)),
  country: fc.option(fc.constantFrom("DE", "FR"), { nil: undefined }),
  sort: fc.constantFrom(...entitySorts),
  limit: fc.integer({ min: 1, max: 7 }),
  /** Small enough that tags are listed in one run and looked for row by row in another. */
  listed: fc.integer({ min: 1, max: 30 }),
  batch: fc.integer({ min: 1, max: 9 }),
});

test("walking all pages gives every match once, in the order asked for, however a tag is looked for", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(thing, { maxLength: 40 }), question, async (things, asked) => {
      const store = createMemoryStore({ clock: createVirtualClock(1_700_000_000_000), enqueue: () => undefined });
      const world = await plant(store);
      const first = storedRows(world).find(({ kind }) => kind.name === entityKindOf.name)?.row as EntityRecord; // the sample row of this kind
      const rows = things.map(({ tags, country, ...more }, at) => ({
        tags,
        row: { ...first, ...more, id: nextId(), typeKey: "thing", key: `k${String(at)}`, data: { country } } satisfies EntityRecord,
      }));
      const tagsOf = rows.flatMap(({ tags, row }) =>
        tags.map((key): Tag => ({
          id: nextId(),
          version: 1,
          eventCount: 0,
          projectId: first.projectId,
          subjectKind: entityKindOf.name,
          subjectId: row.id,
          key,
          value: "",
          state: "present",
        })),
      );
      const changes = [...rows.map(({ row }) => created(entityKindOf, row)), ...tagsOf.map((tag) => created(tagKind, tag))];
      if (changes.length > 0) await command(store, contextOf(world), { changes });
      const walked: string[] = [];
      let cursor: string | null | undefined;
      for (let pages = 0; cursor !== null; pages += 1) {
        expect(pages).toBeLessThan(200);
        const page = await store.read(scopeOf(world), (reader) =>
          findEntities(
            reader,
            {
              typeKey: "thing",
              tags: asked.tags.map((key) => ({ key, value: "" })),
              fields: asked.country === undefined ? undefined : { country: asked.country },
              sort: asked.sort,
              limit: asked.limit,
              cursor: cursor ?? undefined,
            },
            { listed: asked.listed, batch: asked.batch, batches: 3 },
          ),
        );
        expect(page.rows.length).toBeLessThanOrEqual(asked.limit);
        walked.push(...page.rows.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      const expected = rows
        .filter(({ tags, row }) => row.state === "active" && asked.tags.every((key) => tags.includes(key)))
        .map(({ row }) => row)
        .filter((row) => asked.country === undefined || row.data.country === asked.country)
        .toSorted((one, other) => {
          const byId = one.id < other.id ? -1 : 1;
          if (asked.sort === "oldest") return byId;
          return asked.sort === "newest" ? -byId : other.updatedAtMs - one.updatedAtMs || -byId;
        });
      expect(walked).toEqual(expected.map(({ id }) => id));
    }),
    { numRuns: 60 },
  );
});
