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
export function decideGate(criteria: readonly Criterion[], verdicts: readonly CheckResult[], attempt: { readonly number: number; readonly max: number }): GateDecision {
  const byCriterion = new Map<string, CheckResult[]>();
  for (const verdict of verdicts) byCriterion.set(verdict.criterionId, [...(byCriterion.get(verdict.criterionId) ?? []), verdict]);
  const asked = new Set(criteria.map((criterion) => criterion.id));
  const unproven = criteria.filter((criterion) => !(byCriterion.get(criterion.id) ?? []).every(holds) || !byCriterion.has(criterion.id));
  const objections = verdicts.filter((verdict) => !asked.has(verdict.criterionId) && !holds(verdict));
  const failed = [...unproven.map((criterion) => criterion.id), ...objections.map((verdict) => verdict.criterionId)];
  if (failed.length > 0) {
    if (attempt.number >= attempt.max) return { kind: "escalate", failed };
    return { kind: attempt.number >= 2 ? "reassign" : "rework", failed };
  }
  const waiting = verdicts.filter((verdict) => verdict.verdict === "waiting").map((verdict) => verdict.criterionId);
  return waiting.length > 0 ? { kind: "wait", waiting } : { kind: "pass" };
}

const holds = (verdict: CheckResult): boolean => verdict.verdict === "waiting" || (verdict.verdict === "pass" && Object.keys(verdict.evidence).length > 0);
