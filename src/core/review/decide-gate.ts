import type { CheckResult } from "../execution/attempt.ts";
import type { Criterion } from "../planning/plan-document.ts";

/** What happens next to a submission, and the criteria that did not hold. */
export type GateDecision =
  | { readonly kind: "pass" }
  | { readonly kind: "wait"; readonly waiting: readonly string[] }
  | { readonly kind: "rework" | "reassign" | "escalate"; readonly failed: readonly string[] };

/**
 * Decides what a submission may do next. A criterion without a verdict, or with a pass that shows no evidence,
 * has failed; a verdict that waits for a person holds the gate open.
 *
 * @param attempt 1-based; after the first failed attempt the same performer reworks, after the second another
 *   one takes over, and at `maxAttempts` a person decides
 */
export function decideGate(
  criteria: readonly Criterion[],
  verdicts: readonly CheckResult[],
  attempt: { readonly number: number; readonly max: number },
): GateDecision {
  const judged = new Set(verdicts.map((verdict) => verdict.criterionId));
  const unjudged = criteria.map((criterion) => criterion.id).filter((id) => !judged.has(id));
  const refused = verdicts.filter((verdict) => !holds(verdict)).map((verdict) => verdict.criterionId);
  const failed = [...new Set([...unjudged, ...refused])];
  if (failed.length > 0) {
    if (attempt.number >= attempt.max) return { kind: "escalate", failed };
    return { kind: attempt.number >= 2 ? "reassign" : "rework", failed };
  }
  const waiting = verdicts.filter((verdict) => verdict.verdict === "waiting").map((verdict) => verdict.criterionId);
  return waiting.length > 0 ? { kind: "wait", waiting } : { kind: "pass" };
}

const isProven = (verdict: CheckResult): boolean => Object.keys(verdict.evidence).length > 0;
const holds = (verdict: CheckResult): boolean => verdict.verdict === "waiting" || (verdict.verdict === "pass" && isProven(verdict));

/** Verdicts as they are stored: a pass that shows no evidence is a failure and says so. */
export const provenOnly = (verdicts: readonly CheckResult[]): readonly CheckResult[] =>
  verdicts.map((verdict) =>
    verdict.verdict === "pass" && !isProven(verdict)
      ? { ...verdict, verdict: "fail", detail: `${verdict.detail} It was called passed and shows no evidence.`.trim() }
      : verdict,
  );
