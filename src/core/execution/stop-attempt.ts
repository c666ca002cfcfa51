import type { Bench } from "../assignment/choose-performer.ts";
import { type Halt, haltedWhat } from "../gate/halt.ts";
import type { Clock } from "../oversight/clock.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import type { Attempt } from "./attempt.ts";
import { assignReady, cancelAttempt, moveTask } from "./dispatch-task.ts";
import { type HeldSlice, haltOnAttempt } from "./hold-attempt.ts";
import { type Task, taskKind } from "./task.ts";

/** A halt covers what an attempt is doing right now. */
export interface StopAttempt {
  readonly kind: "stop-attempt";
  readonly attemptId: string;
}

/** The halt that took a task from its performer was lifted. */
export interface ResumeTask {
  readonly kind: "resume-task";
  readonly taskId: string;
}

/** Whether a halt ends it: running, and not in the hands of a person, whose own work nobody takes away. */
export const isStoppable = ({ state, executor }: Attempt): boolean => state === "running" && executor !== "human";

/**
 * Cancels a running attempt under a halt. That is no failed try: the task is ready, and given to nobody until the halt is
 * lifted. What its performer reports from now on is refused; what it did outside is on the ledger, where the next one goes on.
 */
export function decideStop(
  slice: HeldSlice & { readonly clocks: readonly Clock[] },
  _command: StopAttempt,
  context: DecideContext,
): Decided {
  const { attempt, task } = slice;
  if (!isStoppable(attempt) || task.attemptId !== attempt.id || task.state !== "running")
    return refuse("conflict", "attempt.not-running", `This attempt is ${attempt.state}; a halt stops only what is running.`);
  const halt = haltOnAttempt(slice);
  if (halt === undefined) return refuse("conflict", "halt.not-set", "No halt covers this attempt any more.");
  const step = beginStep(context);
  const reason = reasonOf(halt);
  cancelAttempt(step, attempt, { reason, clocks: slice.clocks });
  moveTask(step, task, { to: "ready", event: "task.ready", data: { reason, haltId: halt.id } });
  step.draft.change(taskKind, task, {
    readyAtMs: context.nowMs,
    performer: null,
    executor: null,
    assignment: null,
    heldById: halt.id,
  });
  return step.draft.accept({ id: attempt.id, state: "cancelled" });
}

const reasonOf = (halt: Halt): string => `halted (${haltedWhat(halt)}): ${halt.reason}`;

export interface HeldTaskSlice {
  readonly request: WorkRequest;
  readonly task: Task;
  readonly bench: Bench;
}

/** Gives a task that a halt stopped to a performer again; another halt that covers it holds the new attempt as it begins. */
export function decideResumedTask({ request, task, bench }: HeldTaskSlice, _command: ResumeTask, context: DecideContext): Decided {
  if (typeof task.heldById !== "string" || task.state !== "ready")
    return refuse("conflict", "task.not-held", "No halt holds this task any more.");
  const step = beginStep(context);
  const free = step.draft.change(taskKind, task, { heldById: null });
  // Resuming a paused request gives its ready tasks to performers.
  if (request.state !== "paused" && task.executor === null) assignReady(step, free, bench);
  return step.draft.accept({ id: task.id, state: step.draft.current(taskKind, task).state });
}
