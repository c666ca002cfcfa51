import { expect, test } from "vitest";
import { documentOf, draftOf } from "./persona-draft.ts";

const document = {
  worldview: "calm",
  worldviewText: "You breathe.",
  specializations: ["a"],
  tools: [],
  division: "legal",
  skills: ["writing", "privacy"],
  checks: [
    { id: "one", kind: "rule", statement: "It holds." },
    { id: "check-2", kind: "question", statement: "Why: so?" },
  ],
  executors: ["model", "human"],
  costPerHourMicro: 12_500_000,
  capacity: 2,
  limits: { effectKinds: ["read"] },
  license: "MIT",
} as const;

test("a form that nobody touched says the document it began with", () => {
  expect(documentOf(document, draftOf(document))).toEqual({ problem: null, document });
});

test("checks keep their ids where they say the same, and no two have one", () => {
  const read = documentOf(document, { ...draftOf(document), checks: "question: New?\nrule: Second.\nquestion: Why: so?\nrule: It holds." });
  expect(read.problem === null ? read.document.checks?.map(({ id, statement }) => [id, statement]) : read).toEqual([
    ["check-1", "New?"],
    ["check-2", "Second."],
    ["check-2-3", "Why: so?"],
    ["one", "It holds."],
  ]);
});

test.each([
  [{ worldview: " " }, "has a worldview"],
  [{ checks: "It holds." }, "rule: or question:"],
  [{ executors: "wizard" }, "done by"],
  [{ executors: "" }, "done by"],
  [{ capacity: "0" }, "at least one task"],
  [{ costPerHour: "much" }, "no amount"],
])("what does not fit is said: %j", (fields, problem) => {
  expect(documentOf(document, { ...draftOf(document), ...fields }).problem).toContain(problem);
});
