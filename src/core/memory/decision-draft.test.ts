import { expect, test } from "vitest";
import { type DecisionDraft, dateProblem, decisionLimits, draftProblem } from "./decision-draft.ts";

const long = (most: number): string => "x".repeat(most + 1);
const option = { id: "a", label: "A" };
const draft = (fields: Partial<DecisionDraft> = {}): DecisionDraft => ({
  topic: null,
  question: "Which?",
  options: [option, { id: "b", label: "B", pros: ["fast"], cons: [] }],
  choice: "a",
  rationale: "It lasts.",
  confidence: { probability: 0.5, wouldProveWrong: "It breaks." },
  links: [
    { kind: "record", label: "the record", recordKind: "task", recordId: "t" } as unknown as DecisionDraft["links"][number], // of whatever kind
    { kind: "address", label: "a page", address: "http://example.org/a" },
  ],
  ...fields,
});
const link = (fields: object): DecisionDraft["links"][number] =>
  ({ kind: "address", label: "x", address: "https://example.org", ...fields }) as never; // odd on purpose

test("a decision that says what it has to is taken, with and without a choice", () => {
  expect(draftProblem(draft())).toBeNull();
  expect(draftProblem(draft({ topic: "money", choice: null, rationale: "", confidence: null, links: [] }))).toBeNull();
});

test("what is missing, too long or contradicts itself is named", () => {
  const wrong: readonly [Partial<DecisionDraft>, string][] = [
    [{ question: " " }, "The question is"],
    [{ question: long(decisionLimits.questionLength) }, "The question is"],
    [{ topic: "" }, "The topic is"],
    [{ rationale: long(decisionLimits.textLength) }, "The reason has"],
    [{ rationale: " " }, "Say why"],
    [{ options: [] }, "1 to 20 options"],
    [{ options: Array.from({ length: 21 }, (_, at) => ({ id: `o${at}`, label: "O" })) }, "1 to 20 options"],
    [{ options: [option, option] }, "same id"],
    [{ options: [{ id: "", label: "A" }] }, "An option has an id"],
    [{ options: [{ id: "a", label: long(decisionLimits.labelLength) }] }, "An option has an id"],
    [{ options: [{ ...option, pros: Array.from({ length: 21 }, () => "p") }] }, "points for it"],
    [{ options: [{ ...option, cons: [" "] }] }, "points for it"],
    [{ choice: "c" }, '"c" is none of the options a, b'],
    [{ confidence: { probability: 1.1, wouldProveWrong: "x" } }, "probability from 0 to 1"],
    [{ confidence: { probability: Number.NaN, wouldProveWrong: "x" } }, "probability from 0 to 1"],
    [{ confidence: { probability: 1, wouldProveWrong: "" } }, "prove it wrong"],
    [{ links: [link({ label: "" })] }, "Evidence has a label"],
    [{ links: [link({ address: "javascript:alert(1)" })] }, "is no address"],
    [{ links: [link({ address: `https://${long(decisionLimits.addressLength)}` })] }, "is no address"],
    [{ links: Array.from({ length: decisionLimits.links + 1 }, () => link({})) }, "pieces of evidence"],
  ];
  for (const [fields, problem] of wrong) expect([fields, draftProblem(draft(fields))]).toEqual([fields, expect.stringContaining(problem)]);
});

test("a date is none, or one within a hundred years", () => {
  expect(dateProblem("review", null, 0)).toBeNull();
  expect(dateProblem("review", 1, 0)).toBeNull();
  for (const atMs of [0.5, Number.NaN, 4_000_000_000_000]) expect(dateProblem("review", atMs, 0)).toContain('"review"');
});
