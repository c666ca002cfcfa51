import { expect, test } from "vitest";
import { draftBody, draftProblems, readAmount } from "./request-draft.ts";

test("an empty text is the only thing a request cannot do without", () => {
  expect(Object.keys(draftProblems({}, 0))).toEqual(["text"]);
  expect(draftProblems({ text: "Assess this repository" }, 0)).toEqual({});
});

test("a relative path, a day that is over and a price in words are refused, each at its field", () => {
  const nowMs = new Date(2030, 0, 2).getTime();
  expect(Object.keys(draftProblems({ text: "x", path: "../secrets", deadline: "2030-01-01", budget: "a lot" }, nowMs))).toEqual([
    "path",
    "deadline",
    "budget",
  ]);
});

test("today is still a deadline", () => {
  expect(draftProblems({ text: "x", deadline: "2030-01-02" }, new Date(2030, 0, 2, 12).getTime())).toEqual({});
});

test.each([
  ["1200", 1200],
  ["1200.50", 1200.5],
  ["1200,5", 1200.5],
  ["-1", undefined],
  ["1e9", undefined],
  ["9999999999", undefined],
])("the amount %s is %s", (text, amount) => {
  expect(readAmount(text)).toBe(amount);
});

test("only what was filled in is sent", () => {
  expect(draftBody({ text: " Assess ", path: "/srv/app", budget: "12,5", playbook: "" })).toEqual({
    text: "Assess",
    inputPaths: [{ path: "/srv/app" }],
    budgetMicro: 12_500_000,
  });
});
