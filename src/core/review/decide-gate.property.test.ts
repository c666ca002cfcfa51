import fc from "fast-check";
import { expect, test } from "vitest";
import type { CheckResult } from "../execution/attempt.ts";
import type { Criterion } from "../planning/plan-document.ts";
import { decideGate, provenOnly } from "./decide-gate.ts";

const criteria: readonly Criterion[] = ["a1", "a2"].map((id) => ({ id, statement: "", check: { kind: "output", output: "x" } }));
const verdicts: fc.Arbitrary<CheckResult[]> = fc.array(
  fc.record({
    criterionId: fc.constantFrom("a1", "a2", "review"),
    kind: fc.constant("output"),
    verdict: fc.constantFrom("pass" as const, "fail" as const, "waiting" as const),
    detail: fc.constant(""),
    evidence: fc.constantFrom({}, { looked: true }),
  }),
  { maxLength: 6 },
);
const attempts = fc.record({ number: fc.integer({ min: 1, max: 6 }), max: fc.integer({ min: 1, max: 6 }) });

test("passes only when every criterion has proof and nobody objects or still judges", () => {
  fc.assert(
    fc.property(verdicts, attempts, (given, attempt) => {
      const decision = decideGate(criteria, given, attempt);
      const proven =
        criteria.every(({ id }) => given.some((one) => one.criterionId === id)) &&
        given.every((one) => one.verdict === "pass" && Object.keys(one.evidence).length > 0);
      expect(decision.kind === "pass").toBe(proven);
    }),
  );
});

test("sends the last failed attempt to a person, the second to another performer, the first back", () => {
  const failing = [{ criterionId: "a1", kind: "output", verdict: "fail", detail: "", evidence: {} }] as const;
  expect(decideGate(criteria, failing, { number: 1, max: 3 })).toEqual({ kind: "rework", failed: ["a2", "a1"] });
  expect(decideGate(criteria, failing, { number: 2, max: 3 }).kind).toBe("reassign");
  expect(decideGate(criteria, failing, { number: 3, max: 3 }).kind).toBe("escalate");
  expect(decideGate(criteria, [], { number: 1, max: 1 }).kind).toBe("escalate");
});

test("another verdict never turns a failure into a pass", () => {
  fc.assert(
    fc.property(verdicts, verdicts, attempts, (given, more, attempt) => {
      fc.pre(given.some((one) => one.verdict === "fail"));
      expect(decideGate(criteria, [...given, ...more], attempt).kind).not.toBe("pass");
    }),
  );
});

test("stores no pass that shows nothing", () => {
  fc.assert(
    fc.property(verdicts, (given) => {
      expect(provenOnly(given).some((one) => one.verdict === "pass" && Object.keys(one.evidence).length === 0)).toBe(false);
    }),
  );
});
