import type { CheckResult } from "../../core/execution/attempt.ts";
import type { Checker, Reviewer } from "../ports/executor.ts";

/**
 * The reviewer for work by rules that names no reviewer of its own: another performer runs every automatic
 * criterion again on the stored bytes, so that a verdict never rests on what the performer said.
 */
export const secondLook = (checkers: { readonly [kind: string]: Checker }): Reviewer => ({
  name: "second-look",
  async review(context, submission, signal) {
    const verdicts: CheckResult[] = [];
    for (const criterion of context.task.spec.acceptance) {
      const checker = checkers[criterion.check.kind];
      if (checker === undefined) continue;
      const again = await checker.check(context, { outputs: submission.outputs, criterion }, signal);
      verdicts.push({ ...again, kind: "second-look", evidence: { ...again.evidence, again: true } });
    }
    if (verdicts.length > 0) return verdicts;
    return [
      {
        criterionId: "review",
        kind: "second-look",
        verdict: "fail",
        detail: "No criterion of this task can be checked by rules; a person has to judge it.",
        evidence: { criteria: 0 },
      },
    ];
  },
});
