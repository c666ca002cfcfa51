import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { isTerminal } from "../shared/moves.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind, attemptMoves } from "./attempt.ts";
import { moveTask } from "./dispatch-task.ts";
import { type Task, taskKind } from "./task.ts";

/** A worker says that it begins an attempt's work under this epoch. */
export interface StartAttempt {
  readonly kind: "start-attempt";
  readonly attemptId: string;
  readonly epoch: number;
  readonly executorId: string;
}

/**
 * Lets exactly the present holder begin; whoever comes late or for ended work is told to stop. A pause holds back
 * what has not begun; begun work goes on, also with another worker after a crash.
 */
export function decideStart(
  slice: { readonly request: WorkRequest; readonly task: Task; readonly attempt: Attempt },
  command: StartAttempt,
  context: DecideContext,
): Decided {
  const { request, task, attempt } = slice;
  const stale = staleAttemptReport(attempt, command.epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This work belongs to somebody else now: ${stale}.`);
  if (task.attemptId !== attempt.id) return refuse("conflict", "attempt.replaced", "Another attempt of this task has taken over.");
  const step = beginStep(context);
  if (attempt.state === "running") return step.draft.accept({ id: attempt.id, state: "running" });
  if (request.state === "paused") return refuse("conflict", "request.paused", "The request is paused; its work starts again on resume.");
  step.draft.change(attemptKind, attempt, { state: "running", startedAtMs: context.nowMs });
  step.draft.record(attemptKind, attempt, "run.started", {
    requestId: task.requestId,
    taskKey: task.key,
    executorId: command.executorId,
    epoch: command.epoch,
  });
  moveTask(step, task, {
    to: "running",
    event: "task.started",
    data: { performer: attempt.performer.id, executor: attempt.executor, number: attempt.number },
  });
  step.draft.change(taskKind, task, { startedAtMs: task.startedAtMs ?? context.nowMs });
  return step.draft.accept({ id: attempt.id, state: "running" });
}

/** Why a report under this epoch is not the present one's, or null when it is. */
export function staleAttemptReport(attempt: Attempt, epoch: number): string | null {
  if (isTerminal(attemptMoves, attempt.state)) return `the attempt is ${attempt.state}`;
  return attempt.epoch === epoch ? null : `epoch ${epoch} was replaced by ${attempt.epoch}`;
}
