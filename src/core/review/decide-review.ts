import { attemptKind, type Attempt, type CheckResult } from "../execution/attempt.ts";
import { type Task, taskKind } from "../execution/task.ts";
import type { Surroundings } from "../execution/unlock-dependents.ts";
import { performerKey } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { type Review, reviewKind } from "./review.ts";
import { settleSubmission } from "./settle-submission.ts";

/** An independent reviewer's verdicts, as its job reports them. */
export interface FinishReview {
  readonly kind: "finish-review";
  readonly reviewId: string;
  readonly epoch: number;
  readonly verdicts: readonly CheckResult[];
}

/** Adds a reviewer's verdicts to those of the checks and moves the task by all of them. */
export function decideReview(
  slice: { readonly review: Review; readonly task: Task; readonly attempt: Attempt; readonly around: Surroundings },
  command: FinishReview,
  context: DecideContext,
): Decided {
  const { review, task, attempt, around } = slice;
  if (review.state !== "open" || review.epoch !== command.epoch) {
    return refuse("conflict", "review.stale-epoch", `This verdict came too late: the review is ${review.state} at epoch ${review.epoch}.`);
  }
  if (performerKey(review.reviewer) === performerKey(attempt.performer)) return refuse("forbidden", "review.own-work", "Nobody reviews their own work.");
  if (task.state !== "in-review" || task.attemptId !== attempt.id) return refuse("conflict", "review.not-open", `The task is ${task.state}; there is nothing to judge.`);
  if (command.verdicts.length === 0) return refuse("invalid", "review.no-verdict", "A review without a verdict proves nothing.");
  const draft = beginTransition();
  const verdicts = [...attempt.checks, ...command.verdicts];
  draft.change(attemptKind, attempt, { checks: verdicts });
  const outcome = settleSubmission(draft, context, { task, attempt, reviewed: true }, verdicts, around);
  draft.change(reviewKind, review, { state: "done", verdicts: command.verdicts, outcome: outcome === "wait" ? null : outcome, decidedAtMs: context.nowMs });
  draft.record(reviewKind, review, "review.decided", { requestId: task.requestId, taskKey: task.key, outcome, reviewer: performerKey(review.reviewer) });
  return draft.accept({ id: review.id, outcome, taskState: draft.current(taskKind, task).state });
}
