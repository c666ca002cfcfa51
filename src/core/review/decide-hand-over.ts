import { type Attempt, attemptKind, attemptMoves } from "../execution/attempt.ts";
import { moveTask } from "../execution/dispatch-task.ts";
import type { Task } from "../execution/task.ts";
import { openItem } from "../oversight/open-item.ts";
import { requestJobs } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { isTerminal } from "../shared/moves.ts";
import { type Decided, type JobKind, type Step, beginStep, maxHandOvers, refuse } from "../shared/transition.ts";
import { withdrawReview } from "./decide-request-control.ts";
import { type Review, reviewKind } from "./review.ts";
import { askPersonToReview, openEscalation } from "./settle-submission.ts";

/** The worker that held a job is gone; whoever noticed hands it on. */
export interface LoseLease {
  readonly kind: "lose-lease";
  readonly jobKind: JobKind;
  readonly subjectId: string;
  readonly epoch: number;
}

export interface HandOverSlice {
  readonly request: WorkRequest;
  /** Task and attempt of an attempt or review job. */
  readonly task: Task | undefined;
  readonly attempt: Attempt | undefined;
  readonly review: Review | undefined;
}

/**
 * Gives a lost job a new epoch and a new run; the old owner, should it only have slept, is refused from now on.
 * A crash is no failed attempt. After `maxHandOvers` the job stays down and a person decides.
 */
export function decideHandOver(slice: HandOverSlice, command: LoseLease, context: DecideContext): Decided {
  const step = beginStep(context);
  const done =
    command.jobKind === "attempt"
      ? handOverAttempt(step, slice, command)
      : command.jobKind === "review"
        ? handOverReview(step, slice, command)
        : handOverRequest(step, slice, command);
  return done
    ? step.draft.accept({ subjectId: command.subjectId, handedOver: true })
    : refuse("conflict", "job.already-settled", "This job has ended or was handed on before.");
}

function handOverAttempt(step: Step, { attempt, task }: HandOverSlice, command: LoseLease): boolean {
  if (attempt === undefined || task === undefined || attempt.epoch !== command.epoch || isTerminal(attemptMoves, attempt.state))
    return false;
  const { draft, context } = step;
  const handOvers = attempt.handOvers + 1;
  const next = draft.change(attemptKind, attempt, { epoch: attempt.epoch + 1, handOvers });
  draft.record(attemptKind, attempt, "lease.lost", { requestId: attempt.requestId, epoch: command.epoch, handOvers });
  // What no worker has begun brings none down.
  if (handOvers <= maxHandOvers || task.state !== "running") {
    draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch: next.epoch });
    return true;
  }
  draft.change(attemptKind, attempt, {
    state: "failed",
    endedAtMs: context.nowMs,
    failure: { code: "attempt.lost-too-often", message: "Its worker died again and again." },
  });
  draft.record(attemptKind, attempt, "run.ended", {
    requestId: attempt.requestId,
    outcome: "failed",
    reason: "its worker died again and again",
  });
  const escalated = moveTask(step, task, { to: "escalated", event: "task.escalated", data: { reason: "its worker died again and again" } });
  openEscalation(step, escalated, {
    title: `The work on "${task.title}" brings its worker down`,
    detail: `${handOvers} workers were lost while doing it.`,
    ruleId: "execution.lost-too-often",
  });
  return true;
}

function handOverReview(step: Step, { review, task, attempt }: HandOverSlice, command: LoseLease): boolean {
  if (review?.state !== "open" || review.epoch !== command.epoch) return false;
  const { draft } = step;
  const next = draft.change(reviewKind, review, { epoch: review.epoch + 1, handOvers: review.handOvers + 1 });
  draft.record(reviewKind, review, "lease.lost", { requestId: review.requestId, epoch: command.epoch, handOvers: next.handOvers });
  if (next.handOvers <= maxHandOvers || task === undefined || attempt === undefined) {
    draft.enqueue({ kind: "review", subjectId: review.id, epoch: next.epoch });
    return true;
  }
  withdrawReview(step, next, "its worker died again and again");
  askPersonToReview(step, task, attempt);
  return true;
}

function handOverRequest(step: Step, { request }: HandOverSlice, command: LoseLease): boolean {
  if (request.epoch !== command.epoch || requestJobs[request.state] !== command.jobKind) return false;
  const { draft } = step;
  const handOvers = request.handOvers + 1;
  const next = draft.change(requestKind, request, { epoch: request.epoch + 1, handOvers });
  draft.record(requestKind, request, "lease.lost", { requestId: request.id, jobKind: command.jobKind, epoch: command.epoch, handOvers });
  if (handOvers <= maxHandOvers) {
    draft.enqueue({ kind: command.jobKind, subjectId: request.id, epoch: next.epoch });
    return true;
  }
  openItem(step, {
    kind: "escalation",
    requestId: asId(request.id),
    subjectKind: "request",
    subjectId: request.id,
    title: `"${request.title}" brings its worker down while ${request.state}`,
    detail: `${handOvers} workers were lost. It is tried again when you say so.`,
    ruleId: "execution.lost-too-often",
    choices: [
      { id: "retry", label: "Try again", needs: "nothing" },
      { id: "cancel", label: "Cancel the request", needs: "reason" },
    ],
    risk: "medium",
  });
  return true;
}
