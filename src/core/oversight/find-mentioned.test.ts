import { expect, test } from "vitest";
import { findMentioned, handleOf, suggestMentions } from "./find-mentioned.ts";

const people = [
  { id: "1", name: "Anna Berg", email: "Anna@Example.org" },
  { id: "2", name: "Ben Anders", email: null },
  { id: "3", name: "Zoë O'Neill", email: "zoe" },
];
const ids = (found: readonly { readonly id: string }[]): readonly string[] => found.map(({ id }) => id);

test("a word stands for whoever has it as id, name, handle, address or the part before its @", () => {
  for (const word of ["1", "@Anna Berg", "annaberg", "anna@example.org", "@anna"]) expect(ids(findMentioned(people, word))).toEqual(["1"]);
  expect(people.map(handleOf)).toEqual(["annaberg", "benanders", "zoeoneill"]);
  expect([ids(findMentioned(people, "@")), ids(findMentioned(people, "nobody")), ids(findMentioned(people, "zoe"))]).toEqual([
    [],
    [],
    ["3"],
  ]);
});

test("who is typed is suggested by each part of the name, up to the limit", () => {
  expect(ids(suggestMentions(people, " AN ", 9))).toEqual(["1", "2"]);
  expect(ids(suggestMentions(people, "an", 1))).toEqual(["1"]);
  expect(ids(suggestMentions(people, "berg", 9))).toEqual(["1"]);
});
