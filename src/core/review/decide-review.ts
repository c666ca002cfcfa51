import { type Attempt, type CheckResult, attemptKind } from "../execution/attempt.ts";
import { type Task, taskKind } from "../execution/task.ts";
import type { Surroundings } from "../execution/unlock-dependents.ts";
import { performerKey } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import { provenOnly } from "./decide-gate.ts";
import { type Review, reviewKind } from "./review.ts";
import { askPersonToReview, settleSubmission } from "./settle-submission.ts";

/** An independent reviewer's verdicts, as its job reports them. */
export interface FinishReview {
  readonly kind: "finish-review";
  readonly reviewId: string;
  readonly epoch: number;
  readonly verdicts: readonly CheckResult[];
}

export interface ReviewSlice {
  readonly review: Review;
  readonly task: Task;
  readonly attempt: Attempt;
  readonly around: Surroundings;
}

/**
 * Adds a reviewer's verdicts to those of the checks and moves the task by all of them. A reviewer who says nothing
 * has proved nothing: then a person reviews.
 */
export function decideReview(slice: ReviewSlice, command: FinishReview, context: DecideContext): Decided {
  const { review, task, attempt, around } = slice;
  if (review.state !== "open" || review.epoch !== command.epoch) {
    return refuse("conflict", "review.stale-epoch", `This verdict came too late: the review is ${review.state} at epoch ${review.epoch}.`);
  }
  if (performerKey(review.reviewer) === performerKey(attempt.performer))
    return refuse("forbidden", "review.own-work", "Nobody reviews their own work.");
  if (task.state !== "in-review" || task.attemptId !== attempt.id)
    return refuse("conflict", "review.not-open", `The task is ${task.state}; there is nothing to judge.`);
  const step = beginStep(context);
  const verdicts = provenOnly(command.verdicts).map((verdict): CheckResult =>
    verdict.verdict === "waiting" ? { ...verdict, verdict: "fail" } : verdict,
  );
  const outcome =
    verdicts.length === 0
      ? handToPerson(step, task, attempt)
      : settleSubmission(step, { task, attempt: addChecks(step, attempt, verdicts), around }, true);
  step.draft.change(reviewKind, review, {
    state: "done",
    verdicts,
    outcome: outcome === "wait" ? null : outcome,
    decidedAtMs: context.nowMs,
  });
  step.draft.record(reviewKind, review, "review.decided", {
    requestId: task.requestId,
    taskKey: task.key,
    outcome,
    reviewer: performerKey(review.reviewer),
  });
  return step.draft.accept({ id: review.id, outcome, taskState: step.draft.current(taskKind, task).state });
}

const addChecks = ({ draft }: Step, attempt: Attempt, verdicts: readonly CheckResult[]): Attempt =>
  draft.change(attemptKind, attempt, { checks: [...attempt.checks, ...verdicts] });

function handToPerson(step: Step, task: Task, attempt: Attempt): "wait" {
  askPersonToReview(step, task, attempt);
  return "wait";
}
