import { type Clock, clockKind } from "../oversight/clock.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { staleAttemptReport } from "./decide-start.ts";

/** A scripted attempt's end, due when its declared duration has passed in the rehearsal's time. */
export interface ScheduleAttemptEnd {
  readonly kind: "schedule-attempt-end";
  readonly attemptId: string;
  readonly epoch: number;
  readonly durationMs: number;
  /** The `finish-attempt` command to send then. */
  readonly end: JsonObject;
}

/** Longest simulated duration of one attempt: a year. */
export const maxScriptedMs = 366 * 24 * 3_600_000;

/** Sets a clock in the rehearsal's time; the attempt stays running until it fires. */
export function decideScheduledEnd(slice: { readonly attempt: Attempt }, command: ScheduleAttemptEnd, context: DecideContext): Decided {
  const stale = staleAttemptReport(slice.attempt, command.epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This report came too late: ${stale}.`);
  if (!(command.durationMs >= 0 && command.durationMs <= maxScriptedMs)) return refuse("invalid", "attempt.bad-duration", "A scripted duration lies between 0 and a year.");
  const draft = beginTransition();
  const clock: Clock = draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs: context.nowMs + Math.round(command.durationMs),
    subjectKind: "attempt",
    subjectId: slice.attempt.id,
    command: command.end,
  });
  draft.record(attemptKind, slice.attempt, "run.scripted", { requestId: slice.attempt.requestId, durationMs: command.durationMs, clockId: clock.id });
  return draft.accept({ id: slice.attempt.id, dueAtMs: clock.dueAtMs });
}
