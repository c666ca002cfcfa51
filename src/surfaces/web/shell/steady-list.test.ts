import { expect, test } from "vitest";
import { steady } from "./steady-list.ts";

const rows = (...ids: readonly string[]) => ids.map((id) => ({ id }));

test("a list that is being read does not reorder, and news is counted", () => {
  expect(steady(rows("new", "b", "a"), ["a", "b"])).toEqual({ shown: rows("a", "b"), newCount: 1 });
});

test("a further page is appended and is no news", () => {
  expect(steady(rows("a", "b", "c"), ["a", "b"])).toEqual({ shown: rows("a", "b", "c"), newCount: 0 });
});

test("rows that are gone disappear", () => {
  expect(steady(rows("b"), ["a", "b"]).shown).toEqual(rows("b"));
  expect(steady(rows("z"), ["a"])).toEqual({ shown: rows("z"), newCount: 0 });
});
