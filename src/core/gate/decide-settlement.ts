import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import { type Amounts, type Budget, budgetKind, eachMeasure, minus, noAmounts, plus } from "./budget.ts";
import { inSlot, onDay, rolled } from "./budget-window.ts";
import { counted, priced } from "./decide-reservation.ts";
import type { Price, TokenUse } from "./price-table.ts";
import { type Reservation, reservationKind } from "./reservation.ts";

/** What the call used. The runs of a reservation count as they were reserved. */
export interface SettleSpend {
  readonly kind: "settle-spend";
  readonly reservationId: string;
  readonly used: (Omit<Amounts, "runs" | "costMicro"> & { readonly costMicro: number | null; readonly usage?: TokenUse }) | "unknown";
}

/** Books what a worker that is gone had reserved. */
export interface ExpireSpend {
  readonly kind: "expire-spend";
  readonly reservationId: string;
}

/** A reservation and the budgets it was taken from, locked. */
export interface SettleSlice {
  readonly reservation: Reservation;
  readonly budgets: readonly Budget[];
  readonly midnightsMs: readonly number[];
  /** What the model cost when the call was let begin. */
  readonly price?: Price | undefined;
}

/** Books what a call used. Settled before: the first answer stands, but what nobody came back for is corrected once, by whoever comes late. */
export function decideSettlement(slice: SettleSlice, command: SettleSpend, context: DecideContext): Decided {
  const { reservation } = slice;
  const { used } = command;
  const isLate = reservation.state === "settled" && reservation.basis === "expired" && used !== "unknown";
  if (reservation.state === "settled" && !isLate) return beginStep(context).draft.accept(settledAnswer(reservation));
  if (used === "unknown") return settle(slice, { used: reservation.reserved, basis: "unknown" }, context);
  const { tokens, wallMs } = used;
  // Without a price that was there when the call began nobody can tell, and what nobody can tell is booked whole.
  const costMicro = used.costMicro ?? priced(slice.price, used.usage) ?? reservation.reserved.costMicro;
  if (![costMicro, tokens, wallMs].every((amount) => Number.isSafeInteger(amount) && amount >= 0))
    return refuse(
      "invalid",
      "budget.demand-invalid",
      "What a call used is stated in whole numbers of 0 or more; say unknown where nobody can know.",
    );
  return settle(slice, { used: { costMicro, tokens, wallMs, runs: reservation.reserved.runs }, basis: "told" }, context);
}

/** Books all that was reserved, once nobody can come back for it any more. */
export function decideExpiry(slice: SettleSlice, _command: ExpireSpend, context: DecideContext): Decided {
  const { reservation } = slice;
  if (reservation.state === "settled") return beginStep(context).draft.accept(settledAnswer(reservation));
  if (context.nowMs < reservation.expiresAtMs) return refuse("conflict", "budget.not-expired", "Its call may still be going on.");
  return settle(slice, { used: reservation.reserved, basis: "expired" }, context);
}

function settle(
  { reservation, budgets, midnightsMs }: SettleSlice,
  { used, basis }: { readonly used: Amounts; readonly basis: NonNullable<Reservation["basis"]> },
  context: DecideContext,
): Decided {
  const step = beginStep(context);
  const { draft } = step;
  const before = reservation.used;
  for (const stored of budgets) {
    const line = reservation.lines.find(({ budgetId }) => budgetId === stored.id);
    if (line === undefined) continue;
    const budget = rolled(stored, context.nowMs, midnightsMs);
    draft.change(budgetKind, stored, { ...counted(budget), ...booking(budget, { line, reservation, used, before, nowMs: context.nowMs }) });
  }
  const settled = draft.change(reservationKind, reservation, { state: "settled", used, basis, settledAtMs: context.nowMs });
  const { requestId, taskId, attemptId, personaKey, provider, model } = reservation;
  draft.record(reservationKind, reservation, "spend.settled", { requestId, taskId, attemptId, personaKey, provider, model, used, basis });
  return draft.accept(settledAnswer(settled));
}

function booking(
  budget: Budget,
  of: {
    readonly line: Reservation["lines"][number];
    readonly reservation: Reservation;
    readonly used: Amounts;
    readonly before: Amounts | null;
    readonly nowMs: number;
  },
): Partial<Budget> {
  const { line, reservation, used, before, nowMs } = of;
  // A correction books the difference; it can be negative, and what is booked never falls below nothing.
  const change = eachMeasure((measure) => used[measure] - (before?.[measure] ?? 0));
  const days = onDay(budget, reservation.dayStartMs, change);
  if (budget.period === "day" && line.windowStartMs !== budget.windowStartMs) return { days };
  const beyond = minus(used, plus(reservation.reserved, minus(before ?? noAmounts, reservation.reserved)));
  return {
    days,
    booked: minus(plus(budget.booked, change), noAmounts),
    reserved: before === null ? minus(budget.reserved, reservation.reserved) : budget.reserved,
    overrun: plus(budget.overrun, beyond),
    slots: inSlot(budget, nowMs, change),
  };
}

const settledAnswer = ({ id, state, used, basis }: Reservation) => ({ id, state, used: used === null ? null : { ...used }, basis });
