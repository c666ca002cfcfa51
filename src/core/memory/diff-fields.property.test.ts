import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type JsonObject } from "../shared/json.ts";
import { applyFieldDiff, fieldDiff, pathText } from "./diff-fields.ts";

const { row } = fc.letrec<{ value: unknown; row: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.integer({ min: 0, max: 3 }), fc.constantFrom("", "a", "b")),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("row"),
  ),
  // Few names, so that two rows share some of them; among them those that objects have without being given them.
  row: fc.dictionary(fc.constantFrom("a", "b", "c", "0", "constructor", "__proto__"), tie("value"), {
    maxKeys: 4,
    noNullPrototype: true,
  }) as fc.Arbitrary<JsonObject>,
}));

test("applying the difference to the old gives the new", () => {
  fc.assert(
    fc.property(row, row, (before, after) => {
      expect(canonicalJson(applyFieldDiff(before, fieldDiff(before, after)))).toBe(canonicalJson(after));
    }),
    { numRuns: 1_000 },
  );
});

test("a row does not differ from itself, and the difference names what was and what is", () => {
  fc.assert(
    fc.property(row, row, (before, after) => {
      expect(fieldDiff(before, structuredClone(before))).toEqual([]);
      for (const change of fieldDiff(before, after)) expect(pathText(change.path)).not.toBe("");
    }),
  );
});

test("lists of parts are compared place by place, lists of plain values as one value", () => {
  const before = { tags: ["a", "b"], tasks: [{ key: "one", hours: 2 }, { key: "two" }, { key: "three" }] };
  const after = { tags: ["b"], tasks: [{ key: "one", hours: 3 }], note: "new" };
  expect(fieldDiff(before, after).map((change) => ({ ...change, path: pathText(change.path) }))).toEqual([
    { kind: "added", path: "note", after: "new" },
    { kind: "changed", path: "tags", before: ["a", "b"], after: ["b"] },
    { kind: "changed", path: "tasks[0].hours", before: 2, after: 3 },
    { kind: "removed", path: "tasks[2]", before: { key: "three" } },
    { kind: "removed", path: "tasks[1]", before: { key: "two" } },
  ]);
});
