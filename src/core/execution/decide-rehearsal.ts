import { type Clock, clockKind } from "../oversight/clock.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { staleAttemptReport } from "./stale-report.ts";

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

/** Sets a clock in the rehearsal's time; the attempt stays running until it fires. Only for its own end. */
export function decideScheduledEnd(
  slice: { readonly request: WorkRequest; readonly attempt: Attempt },
  command: ScheduleAttemptEnd,
  context: DecideContext,
): Decided {
  const { request, attempt } = slice;
  if (!request.rehearsal)
    return refuse("forbidden", "rehearsal.real-request", "Only a rehearsal has a clock of its own; real work takes the time it takes.");
  const stale = staleAttemptReport(attempt, command.epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This report came too late: ${stale}.`);
  if (!isDuration(command.durationMs)) return refuse("invalid", "attempt.bad-duration", "A scripted duration lies between 0 and a year.");
  if (command.end["kind"] !== "finish-attempt" || command.end["attemptId"] !== attempt.id || command.end["epoch"] !== attempt.epoch) {
    return refuse("invalid", "attempt.bad-end", "A scripted end ends this very attempt and does nothing else.");
  }
  const draft = beginTransition();
  const clock: Clock = draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs: context.nowMs + Math.round(command.durationMs),
    subjectKind: "attempt",
    subjectId: attempt.id,
    command: command.end,
    actor: context.actor,
  });
  draft.record(attemptKind, attempt, "run.scripted", { requestId: attempt.requestId, durationMs: command.durationMs, clockId: clock.id });
  return draft.accept({ id: attempt.id, dueAtMs: clock.dueAtMs });
}

const isDuration = (ms: number): boolean => ms >= 0 && ms <= maxScriptedMs;

/** What a rehearsal's script lets a person answer, after a delay in the rehearsal's time. */
export interface ScheduleAnswer {
  readonly kind: "schedule-answer";
  readonly itemId: string;
  readonly delayMs: number;
  /** The `answer-item` command to send then, in the name of the person who started the rehearsal. */
  readonly answer: JsonObject;
}

/** Sets a clock for a scripted person's answer to this item. Only in a rehearsal; real people are never played. */
export function decideScheduledAnswer(
  slice: { readonly request: WorkRequest; readonly item: InboxItem },
  command: ScheduleAnswer,
  context: DecideContext,
): Decided {
  const { request, item } = slice;
  if (!request.rehearsal) return refuse("forbidden", "rehearsal.real-request", "Answers are scripted in rehearsals only.");
  if (item.state !== "open" && item.state !== "delegated")
    return refuse("conflict", "inbox.already-closed", `This was already ${item.state}.`);
  if (!isDuration(command.delayMs)) return refuse("invalid", "rehearsal.bad-delay", "A scripted delay lies between 0 and a year.");
  if (command.answer["kind"] !== "answer-item" || command.answer["itemId"] !== item.id)
    return refuse("invalid", "rehearsal.bad-answer", "A scripted answer answers this very item and does nothing else.");
  const draft = beginTransition();
  const clock: Clock = draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs: context.nowMs + Math.round(command.delayMs),
    subjectKind: "inbox_item",
    subjectId: item.id,
    command: command.answer,
    actor: { kind: "person", id: request.requesterId },
  });
  return draft.accept({ id: item.id, dueAtMs: clock.dueAtMs });
}
