import { type Clock, clockKind } from "../oversight/clock.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import type { Attempt } from "./attempt.ts";

/*
 * A program may die with a task in its hands. Its claim therefore has a time: a clock gives the task back unless the holder says before
 * that the work goes on. The attempt is the fence: whoever names another one than the task's present one has lost the task. A person in
 * the page claims without a time. In rehearsal nothing is claimed.
 */

export const minLeaseMs = 60_000;
export const maxLeaseMs = 86_400_000;

/** The holder of a claim with a time says that the work goes on. */
export interface HeartbeatTask {
  readonly kind: "heartbeat-task";
  readonly taskId: string;
  readonly attemptId: string;
  readonly leaseMs: number;
}

/** The time of a claim is over. */
export interface LapseClaim {
  readonly kind: "lapse-claim";
  readonly taskId: string;
  readonly attemptId: string;
}

export const leaseProblem = (leaseMs: number | undefined): Refusal | null =>
  leaseMs === undefined || (Number.isInteger(leaseMs) && leaseMs >= minLeaseMs && leaseMs <= maxLeaseMs)
    ? null
    : refuse("invalid", "task.bad-lease", "A claim is held for one minute to one day at a time.");

/** @returns until when */
export function setLease({ draft, context }: Step, attempt: Attempt, leaseMs: number): number {
  const dueAtMs = context.nowMs + leaseMs;
  draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs,
    subjectKind: "attempt",
    subjectId: attempt.id,
    command: { kind: "lapse-claim", taskId: attempt.taskId, attemptId: attempt.id },
    actor: { kind: "system", id: "claims" },
  });
  return dueAtMs;
}

/** `clocks`: those of the attempt. */
export function endLease({ draft }: Step, clocks: readonly Clock[]): void {
  for (const clock of clocks) draft.change(clockKind, clock, { state: "withdrawn" });
}

/** Null: the claim is the task's present one, or none was named. */
export const lostClaim = (attempt: Attempt | undefined, claim: string | undefined): Refusal | null =>
  claim === undefined || attempt?.id === claim
    ? null
    : refuse(
        "conflict",
        "task.claim-lost",
        "This claim is over: its time ran out, or the task was moved. Stop working on it; claim it again if it is offered.",
      );

/** Begins the time of a claim anew. A new clock instead of the old one: one that fires at this moment does not find it. */
export function renewLease(
  { attempt, clocks }: { readonly attempt: Attempt; readonly clocks: readonly Clock[] },
  { taskId, leaseMs }: HeartbeatTask,
  context: DecideContext,
): Decided {
  if (attempt.epoch > 0) return refuse("conflict", "task.already-submitted", "This task was handed in; it needs no lease any more.");
  const bad = leaseProblem(leaseMs);
  if (bad !== null) return bad;
  const step = beginStep(context);
  endLease(step, clocks);
  return step.draft.accept({ id: taskId, state: "running", attemptId: attempt.id, leaseUntilMs: setLease(step, attempt, leaseMs) });
}
