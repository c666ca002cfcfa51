import { type Attempt, attemptKind, attemptMoves } from "../execution/attempt.ts";
import { moveTask } from "../execution/dispatch-task.ts";
import { type Task } from "../execution/task.ts";
import { openItem } from "../oversight/open-item.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { isTerminal } from "../shared/moves.ts";
import { type Decided, type JobKind, type TransitionDraft, beginTransition, maxHandOvers, refuse } from "../shared/transition.ts";
import { openEscalation } from "./settle-submission.ts";
import { type Review, reviewKind } from "./review.ts";

/** The worker that held a job is gone; whoever noticed hands it on. */
export interface LoseLease {
  readonly kind: "lose-lease";
  readonly jobKind: JobKind;
  readonly subjectId: string;
  readonly epoch: number;
}

export interface HandOverSlice {
  readonly request: WorkRequest;
  readonly task: Task | undefined;
  readonly attempt: Attempt | undefined;
  readonly review: Review | undefined;
}

/**
 * Gives a lost job a new epoch and a new run; the old owner, should it only have slept, is refused from now on.
 * A crash is no failed attempt. After `maxHandOvers` a person is told.
 */
export function decideHandOver(slice: HandOverSlice, command: LoseLease, context: DecideContext): Decided {
  const draft = beginTransition();
  const done =
    command.jobKind === "attempt" ? handOverAttempt(draft, context, slice, command)
    : command.jobKind === "review" ? handOverReview(draft, slice, command)
    : handOverRequest(draft, context, slice, command);
  return done ? draft.accept({ subjectId: command.subjectId, handedOver: true }) : refuse("conflict", "job.already-settled", "This job has ended or was handed on before.");
}

function handOverAttempt(draft: TransitionDraft, context: DecideContext, slice: HandOverSlice, command: LoseLease): boolean {
  const { attempt, task } = slice;
  if (attempt === undefined || task === undefined || attempt.epoch !== command.epoch || isTerminal(attemptMoves, attempt.state)) return false;
  const handOvers = attempt.handOvers + 1;
  const next = draft.change(attemptKind, attempt, { epoch: attempt.epoch + 1, handOvers });
  draft.record(attemptKind, attempt, "lease.lost", { requestId: attempt.requestId, epoch: command.epoch, handOvers });
  if (handOvers <= maxHandOvers || task.state !== "running") {
    draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch: next.epoch });
    return true;
  }
  draft.change(attemptKind, attempt, { state: "failed", endedAtMs: context.nowMs, failure: { code: "attempt.lost-too-often", message: "Its worker died again and again." } });
  moveTask(draft, context, task, "escalated", "task.escalated", { reason: "its worker died again and again" });
  openEscalation(draft, context, task, `The work on "${task.title}" brings its worker down`, `${handOvers} workers were lost while doing it.`);
  return true;
}

function handOverReview(draft: TransitionDraft, slice: HandOverSlice, command: LoseLease): boolean {
  const { review } = slice;
  if (review === undefined || review.state !== "open" || review.epoch !== command.epoch) return false;
  const next = draft.change(reviewKind, review, { epoch: review.epoch + 1, handOvers: review.handOvers + 1 });
  draft.record(reviewKind, review, "lease.lost", { requestId: review.requestId, epoch: command.epoch, handOvers: next.handOvers });
  draft.enqueue({ kind: "review", subjectId: review.id, epoch: next.epoch });
  return true;
}

function handOverRequest(draft: TransitionDraft, context: DecideContext, slice: HandOverSlice, command: LoseLease): boolean {
  const { request } = slice;
  const working = { analyse: "analysing", plan: "planning", integrate: "integrating" } as const;
  if (command.jobKind === "attempt" || command.jobKind === "review") return false;
  if (request.epoch !== command.epoch || request.state !== working[command.jobKind]) return false;
  const handOvers = request.handOvers + 1;
  const next = draft.change(requestKind, request, { epoch: request.epoch + 1, handOvers });
  draft.record(requestKind, request, "lease.lost", { requestId: request.id, jobKind: command.jobKind, epoch: command.epoch, handOvers });
  if (handOvers === maxHandOvers) {
    openItem(draft, context, {
      kind: "escalation",
      requestId: asId(request.id),
      subjectKind: "request",
      subjectId: request.id,
      title: `"${request.title}" brings its worker down while ${request.state}`,
      detail: `${handOvers} workers were lost. It is tried on; cancel the request if that does no good.`,
      ruleId: "execution.lost-too-often",
      choices: [{ id: "cancel", label: "Cancel the request", needs: "reason" }],
      risk: "medium",
    });
  }
  draft.enqueue({ kind: command.jobKind, subjectId: request.id, epoch: next.epoch });
  return true;
}
