import { type Clock, clockKind } from "../oversight/clock.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import type { Attempt } from "./attempt.ts";
import type { Task } from "./task.ts";

/*
 * A program may die with a task in its hands. Its claim therefore has a time: a clock gives the task back unless the holder says before
 * that the work goes on. The attempt is the fence: whoever names another one than the task's present one has lost the task. A person in
 * the page claims without a time, and in rehearsal no claim has one, since the project's clock would run on to it at once.
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

interface Claimed {
  readonly request: WorkRequest;
  readonly task: Task;
  readonly attempt: Attempt | undefined;
  readonly clocks: readonly Clock[];
}

export const leaseProblem = (leaseMs: number | undefined): Refusal | null =>
  leaseMs === undefined || (Number.isInteger(leaseMs) && leaseMs >= minLeaseMs && leaseMs <= maxLeaseMs)
    ? null
    : refuse("invalid", "task.bad-lease", "A claim is held for one minute to one day at a time.");

/** @returns until when; null: without a time */
export function setLease({ draft, context }: Step, { request, task, attempt }: Claimed, leaseMs: number | undefined): number | null {
  if (leaseMs === undefined || request.rehearsal || attempt === undefined) return null;
  const dueAtMs = context.nowMs + leaseMs;
  draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs,
    subjectKind: "attempt",
    subjectId: attempt.id,
    command: { kind: "lapse-claim", taskId: task.id, attemptId: attempt.id },
    actor: { kind: "system", id: "claims" },
  });
  return dueAtMs;
}

export function endLease({ draft }: Step, { attempt, clocks }: Pick<Claimed, "attempt" | "clocks">): void {
  for (const clock of clocks) if (clock.subjectId === attempt?.id) draft.change(clockKind, clock, { state: "withdrawn" });
}

/** Null: the claim is the task's present one, or none was named. */
export const lostClaim = ({ attempt }: Pick<Claimed, "attempt">, claim: string | undefined): Refusal | null =>
  claim === undefined || attempt?.id === claim
    ? null
    : refuse(
        "conflict",
        "task.claim-lost",
        "This claim is over: its time ran out, or the task was moved. Stop working on it; claim it again if it is offered.",
      );

/** Begins the time of a claim anew. A new clock instead of the old one: one that fires at this moment does not find it. */
export function renewLease(slice: Claimed, command: HeartbeatTask, context: DecideContext): Decided {
  const { task, attempt } = slice;
  if ((attempt?.epoch ?? 0) > 0)
    return refuse("conflict", "task.already-submitted", "This task was handed in; it needs no lease any more.");
  const bad = leaseProblem(command.leaseMs);
  if (bad !== null) return bad;
  const step = beginStep(context);
  endLease(step, slice);
  const leaseUntilMs = setLease(step, slice, command.leaseMs);
  return step.draft.accept({ id: task.id, state: task.state, attemptId: command.attemptId, leaseUntilMs });
}
