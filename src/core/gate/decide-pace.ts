import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginTransition } from "../shared/transition.ts";
import type { Waiter } from "./fair-order.ts";
import { type PaceReport, type ProviderPace, freshPace, letThrough, lineUp, paceAt, paceKind, reported, turnOf } from "./provider-pace.ts";
import type { Provider } from "./provider.ts";

/** Asks for room for one call of an attempt, or for a place among those who wait. */
export interface TakeWindow {
  readonly kind: "take-window" | "wait-window";
  readonly attemptId: string;
  readonly providerId: string;
  readonly tokens: number;
}

/** Says what a call came to. */
export interface ReportWindow extends PaceReport {
  readonly kind: "report-window";
  readonly providerId: string;
}

/** A provider's pace, locked; undefined: it has none yet. */
export interface PaceSlice {
  readonly provider: Provider;
  readonly pace: ProviderPace | undefined;
}

export interface TakeSlice extends PaceSlice {
  /** Whose work asks; requests come after the gate, so only what is looked at is named. */
  readonly request: { readonly projectId: string; readonly urgency: keyof typeof urgencies };
}

const urgencies = { low: 0, normal: 1, high: 2 } as const;

/** Answers `waitMs`: 0 where the call may go. Who asks to wait keeps the place that they had. */
export function decideWindow({ provider, pace, request }: TakeSlice, command: TakeWindow, context: DecideContext): Decided {
  const { nowMs } = context;
  const { attemptId, tokens } = command;
  const now = paceAt(pace ?? { ...freshPace(context.newId(), provider.id), version: 0, eventCount: 0 }, provider.windows, nowMs);
  const known = now.waiting.find((one) => one.attemptId === attemptId);
  const urgency = urgencies[request.urgency];
  const caller: Waiter = { attemptId, projectId: request.projectId, urgency, tokens, sinceMs: known?.sinceMs ?? nowMs, dueAtMs: nowMs };
  const { waitMs, ahead } = turnOf(now, { said: provider.windows, caller }, nowMs);
  const isTaken = command.kind === "take-window" && waitMs === 0;
  const draft = beginTransition();
  if (isTaken || command.kind === "wait-window")
    write(draft, pace, isTaken ? letThrough(now, caller, nowMs) : lineUp(now, { ...caller, dueAtMs: nowMs + waitMs }));
  return draft.accept({ id: provider.id, waitMs, ahead });
}

/** Takes up what a call used, what its vendor told, and whether it answers at all. */
export function decideWindowReport({ provider, pace }: PaceSlice, command: ReportWindow, context: DecideContext): Decided {
  const now = paceAt(pace ?? { ...freshPace(context.newId(), provider.id), version: 0, eventCount: 0 }, provider.windows, context.nowMs);
  const after = reported(now, { ...command, said: provider.windows }, context.nowMs);
  const draft = beginTransition();
  const row = write(draft, pace, after);
  if (after.blockedUntilMs > now.blockedUntilMs && after.blockedUntilMs > context.nowMs)
    draft.record(paceKind, row, "provider.rests", {
      name: provider.name,
      untilMs: after.blockedUntilMs,
      outcome: command.outcome,
      failures: after.failures,
    });
  return draft.accept({ id: provider.id, blockedUntilMs: after.blockedUntilMs });
}

function write(draft: ReturnType<typeof beginTransition>, pace: ProviderPace | undefined, after: ProviderPace): ProviderPace {
  const { version: _version, eventCount: _eventCount, ...row } = after;
  if (pace === undefined) return draft.create(paceKind, row);
  const { id: _id, ...fields } = row;
  return draft.change(paceKind, pace, fields);
}
