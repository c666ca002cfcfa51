import { expect, test } from "vitest";
import { caseOfTrial, estimateTokens, figuresOf, isPassed } from "./qualification.ts";
import { neededPasses, readSuite, trialCount } from "./suite.ts";

const one = (id: string) => ({
  id,
  taskType: "report",
  title: "Count",
  brief: "Count the findings.",
  inputs: [{ name: "a.md", text: "- a" }],
  outputs: ["count.json"],
  checks: [{ id: "c1", statement: "One.", check: { kind: "schema", output: "count.json", schema: { const: 1 } } }],
});
const document = {
  schema: "xvc.suite/1",
  key: "counting",
  version: 1,
  title: "Counts",
  personas: ["report_editor"],
  bar: { repeats: 3, lower: 0.6 },
  cases: [one("a"), one("b"), one("c"), one("d")],
};
const problemsOf = (raw: unknown): string => {
  const read = readSuite(raw as never, "own");
  return read.kind === "problems" ? read.problems.join("\n") : "";
};

test("a suite is read whole", () => {
  const read = readSuite(document, "own");
  expect(read).toMatchObject({
    kind: "suite",
    suite: { key: "counting", suiteVersion: 1, origin: "own", bar: { repeats: 3, lower: 0.6 } },
  });
  const { suite } = read as Extract<typeof read, { readonly kind: "suite" }>; // looked at above
  expect([trialCount(suite), neededPasses(suite)]).toEqual([12, 11]);
});

test.each([
  ["no suite at all", [], '"schema": "xvc.suite/1"'],
  ["a bar below the least", { ...document, bar: { repeats: 3, lower: 0.2 } }, "at least 0.5"],
  ["too few trials", { ...document, cases: [one("a")] }, "5 to 60 trials, not 3"],
  [
    "too many trials",
    { ...document, bar: { repeats: 10, lower: 0.6 }, cases: Array.from({ length: 7 }, (_none, at) => one(`c${at}`)) },
    "not 70",
  ],
  ["a bar that no run reaches", { ...document, bar: { repeats: 3, lower: 0.9 } }, "never reaches 0.9"],
  ["the same case twice", { ...document, cases: [one("a"), one("a"), one("b")] }, "same id"],
  ["a case without a check", { ...document, cases: [{ ...one("a"), checks: [] }, one("b")] }, "without one nothing is shown"],
  [
    "a check that a person judges",
    { ...document, cases: [{ ...one("a"), checks: [{ id: "c", statement: "s", check: { kind: "person", question: "?" } }] }, one("b")] },
    "none that code runs",
  ],
  ["a check of an output that is none", { ...document, cases: [{ ...one("a"), outputs: ["b.json"] }, one("b")] }, "looks at no output"],
  ["an output outside of its folder", { ...document, cases: [{ ...one("a"), outputs: ["../x"] }, one("b")] }, "the name of a file"],
  ["endless text", { ...document, cases: [{ ...one("a"), brief: "x".repeat(30_000) }, one("b")] }, "more than 20000"],
  ["nobody's", { ...document, personas: [] }, '"personas" names 1 to'],
])("refuses %s", (_name, raw, words) => {
  expect(problemsOf(raw)).toContain(words);
});

test("trials go round the cases, and the bar is the lower bound over all of them", () => {
  const read = readSuite(document, "own");
  if (read.kind !== "suite") throw new Error("unread");
  expect([1, 2, 5, 12].map((number) => caseOfTrial(read.suite, number)?.id)).toEqual(["a", "b", "a", "d"]);
  const run = (passed: number, n: number) => ({ trials: Array.from({ length: n }, (_none, at) => ({ passed: at < passed })) }) as never;
  expect([isPassed(read.suite, run(11, 12)), isPassed(read.suite, run(10, 12)), isPassed(read.suite, run(11, 11))]).toEqual([
    true,
    false,
    false,
  ]);
  expect(figuresOf(run(11, 12)).interval.low).toBeCloseTo(0.646, 3);
});

test("the estimate grows with what is told and how often", () => {
  const read = readSuite(document, "own");
  if (read.kind !== "suite") throw new Error("unread");
  const twice = estimateTokens({ ...read.suite, bar: { repeats: 6, lower: 0.6 } });
  const once = estimateTokens(read.suite);
  expect(twice).toEqual({ inputTokens: 2 * once.inputTokens, outputTokens: 2 * once.outputTokens });
  expect(once.inputTokens).toBeGreaterThan(12 * 1_400);
});
