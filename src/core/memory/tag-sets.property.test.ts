import fc from "fast-check";
import { expect, test } from "vitest";
import { openCoreWorld, person } from "../../../test/support/core-world.ts";
import { entityKindOf } from "./entity.ts";
import { type Tag, tagKind, tagText } from "./tag.ts";

const keys = ["area", "tier", "owner"];
const values = ["a", "b", "a=b", ""];
const step = fc.record({
  adds: fc.boolean(),
  about: fc.constantFrom(0, 1),
  key: fc.constantFrom(...keys),
  value: fc.constantFrom(...values),
});

async function openTwo() {
  const world = await openCoreWorld([]);
  const by = person(world.people[0] ?? "");
  await world.tell(by, {
    kind: "define-entity-type",
    key: "thing",
    title: "Thing",
    description: "",
    dataSchema: { type: "object" },
    expectedSchemaVersion: 0,
  });
  for (const key of ["one", "two"])
    await world.tell(by, { kind: "create-entity", typeKey: "thing", schemaVersion: null, key, title: key, data: {} });
  const ids = (await world.rows(entityKindOf)).map((row) => row.id);
  return { world, by, ids };
}

const textOf = (tag: Pick<Tag, "subjectId" | "key" | "value">): string => `${tag.subjectId} ${tagText(tag)}|${tag.key}`;

test("tags of a subject are a set: what was put on last and not taken off is there, once, and other keys and subjects do not matter", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { world, by, ids } = await openTwo();
      const expected = new Set<string>();
      for (const { adds, about, key, value } of steps) {
        const subject = { kind: "entity", id: ids[about] ?? "" };
        const told = await world.tell(by, { kind: adds ? "add-tag" : "remove-tag", subject, key, value });
        expect(told.kind).toBe("ok");
        const text = textOf({ subjectId: subject.id, key, value });
        if (adds) expected.add(text);
        else expected.delete(text);
      }
      const rows = await world.rows(tagKind);
      const present = rows.filter((tag) => tag.state === "present").map(textOf);
      expect(present.toSorted()).toEqual([...expected].toSorted());
      expect(new Set(rows.map(textOf)).size).toBe(rows.length);
      // Reading by subject and listing by key and value tell the same.
      for (const [at, id] of ids.entries())
        for (const key of keys)
          for (const value of values) {
            const [bySubject, byValue] = await world.engine.read(world.scope, (reader) =>
              Promise.all([
                reader.find(tagKind, { where: { subjectId: id, state: "present" }, limit: 100 }),
                reader.find(tagKind, { where: { key, value, state: "present" }, limit: 100 }),
              ]),
            );
            const listed = byValue.some((tag) => tag.subjectId === id);
            expect([at, listed]).toEqual([at, bySubject.some((tag) => tag.key === key && tag.value === value)]);
          }
      expect(world.findings()).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test("adding and removing commute with steps about other keys", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.integer({ min: 0, max: 11 }), async (steps, at) => {
      const [left, right] = [steps[at], steps[at + 1]];
      fc.pre(left !== undefined && right !== undefined && (left.key !== right.key || left.about !== right.about));
      const ends: (readonly string[])[] = [];
      for (const order of [steps, [...steps.slice(0, at), right, left, ...steps.slice(at + 2)]]) {
        const { world, by, ids } = await openTwo();
        for (const { adds, about, key, value } of order)
          await world.tell(by, { kind: adds ? "add-tag" : "remove-tag", subject: { kind: "entity", id: ids[about] ?? "" }, key, value });
        const rows = await world.rows(tagKind);
        ends.push(
          rows
            .filter((tag) => tag.state === "present")
            .map((tag) => `${ids.indexOf(tag.subjectId)} ${tag.key} ${tag.value}`)
            .toSorted(),
        );
      }
      expect(ends[1]).toEqual(ends[0]);
    }),
    { numRuns: 15 },
  );
});
