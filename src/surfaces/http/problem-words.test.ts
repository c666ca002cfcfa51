import { expect, test } from "vitest";
import { z } from "zod";
import { problemWords } from "./problem-words.ts";

const said = (schema: z.ZodType, value: unknown): readonly string[] => {
  const read = schema.safeParse(value);
  return read.success ? [] : read.error.issues.map(problemWords);
};

test.each([
  [z.string().max(3), "four", "is longer than 3 characters; shorten it"],
  [z.string().max(1), "ab", "is longer than 1 character; shorten it"],
  [z.string().min(1), "", "is empty; write something"],
  [z.string().min(2), "a", "is shorter than 2 characters; write more"],
  [z.array(z.string()).max(1), ["a", "b"], "has more than 1 entry; leave some out"],
  [z.array(z.string()).min(1), [], "is empty; name at least one"],
  [z.array(z.string()).min(2), ["a"], "has fewer than 2 entries; add some"],
  [z.number().max(5), 6, "is larger than 5; give at most 5"],
  [z.number().min(5), 4, "is smaller than 5; give at least 5"],
  [z.number().int(), 1.5, "has another type; give a whole number"],
  [z.string(), undefined, "is missing; give a text"],
  [z.boolean(), "yes", "has another type; give true or false"],
  [z.enum(["a", "b"]), "c", "is none of a, b; choose one of them"],
  [z.strictObject({}), { x: 1 }, "has a field that nothing here reads, x; leave it out"],
  [z.strictObject({}), { x: 1, y: 2 }, "has fields that nothing here reads, x, y; leave them out"],
  [z.uuid(), "x", "is not written as an id"],
  [z.string().regex(/^a$/u), "x", "is not written in the form it needs; see its example"],
  [z.union([z.string(), z.number()]), true, "fits none of the forms that it may have; compare it with the reference"],
])("%# says what, the limit and the next step in plain words", (schema, value, words) => {
  expect(said(schema, value)).toEqual([words]);
});

test("leaves what a schema says in its own words", () => {
  expect(said(z.string().min(1, "is empty: a rule such as FREQ=WEEKLY"), "")).toEqual(["is empty: a rule such as FREQ=WEEKLY"]);
});
