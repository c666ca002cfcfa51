import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { moveTask } from "./dispatch-task.ts";
import { type HeldSlice, haltOnAttempt, holdAttempt } from "./hold-attempt.ts";
import { staleAttemptReport } from "./stale-report.ts";
import { taskKind } from "./task.ts";

/** A worker says that it begins an attempt's work under this epoch. */
export interface StartAttempt {
  readonly kind: "start-attempt";
  readonly attemptId: string;
  readonly epoch: number;
  readonly executorId: string;
}

/**
 * Lets exactly the present holder begin; whoever comes late or for ended work is told to stop. A pause holds back
 * what has not begun; begun work goes on, also with another worker after a crash. A halt holds both until it is lifted, and the checks of what a person handed in as well.
 */
export function decideStart(slice: HeldSlice, command: StartAttempt, context: DecideContext): Decided {
  const { request, task, attempt } = slice;
  const stale = staleAttemptReport(attempt, command.epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This work belongs to somebody else now: ${stale}.`);
  if (task.attemptId !== attempt.id) return refuse("conflict", "attempt.replaced", "Another attempt of this task has taken over.");
  const step = beginStep(context);
  if (request.state === "paused" && attempt.state === "leased")
    return refuse("conflict", "request.paused", "The request is paused; its work starts again on resume.");
  const halt = haltOnAttempt(slice);
  if (halt !== undefined) {
    holdAttempt(step, attempt, halt);
    return step.draft.accept({ id: attempt.id, state: "held" });
  }
  if (attempt.state === "running") return step.draft.accept({ id: attempt.id, state: "running" });
  if (typeof attempt.pausedById === "string")
    return refuse("conflict", "work.paused", "A person paused this work; it goes on when one lets it.");
  if (attempt.state === "paused") return takeUpAgain(step, attempt);
  step.draft.change(attemptKind, attempt, { state: "running", startedAtMs: context.nowMs, heldById: null });
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

/** Work that a halt paused in the middle; its task has been running all the time. */
function takeUpAgain(step: Step, attempt: Attempt): Decided {
  step.draft.change(attemptKind, attempt, { state: "running", heldById: null, rest: null });
  step.draft.record(attemptKind, attempt, "run.resumed", { requestId: attempt.requestId, epoch: attempt.epoch });
  return step.draft.accept({ id: attempt.id, state: "running" });
}
