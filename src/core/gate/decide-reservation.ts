import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Amounts, type Budget, budgetKind, type Caps, eachCap, measures, newBudget, plus, startCaps, tighter } from "./budget.ts";
import { costOf, isTokenUse, type Price, type TokenUse } from "./price-table.ts";
import { budgetRefusal, firstProblem } from "./budget-limit.ts";
import { dayOf, rolled } from "./budget-window.ts";
import { maxCallMs, type Reservation, reservationKind, settleGraceMs, type SpendSubject } from "./reservation.ts";

/** Takes the most that a call can use out of every budget that covers it, or refuses. Sent before each call. */
export interface ReserveSpend extends SpendSubject {
  readonly kind: "reserve-spend";
  /** Money that is null is priced from `usage` by the price in force. */
  readonly demand: Omit<Amounts, "costMicro"> & { readonly costMicro: number | null; readonly usage?: TokenUse };
}

/** The budgets of one call, locked, and what else says how much it may use. */
export interface PurseSlice {
  readonly currency: string;
  readonly projectId: string | null;
  /** Every budget in force that covers the call, locked. */
  readonly budgets: readonly Budget[];
  /** What was said for each request; absent: what every organization begins with. */
  readonly eachRequest: Budget | undefined;
  /** What the request was filed with; it can only tighten what holds for each request. */
  readonly requestBudgetMicro: number | null;
  /** Midnights of the organization's zone around now, ascending. */
  readonly midnightsMs: readonly number[];
  /** Nothing was reserved for this attempt before: a budget that holds what is new holds it. */
  readonly isNew: boolean;
}

/** A call's own place: the attempt that makes it has to be at work, and time has to be real. */
export interface ReserveSlice extends PurseSlice {
  readonly rehearsal: boolean;
  /** State of the attempt; null: the call belongs to none. */
  readonly attemptState: string | null;
  /** What the model costs now; undefined: nobody has said, or nothing has to be priced. */
  readonly price?: Price | undefined;
}

/** Reserves for one call of a running attempt. */
export function decideReservation(slice: ReserveSlice, command: ReserveSpend, context: DecideContext): Decided {
  if (slice.rehearsal)
    return refuse(
      "forbidden",
      "budget.rehearsal",
      "A rehearsal spends nothing: its costs come from its script. File the request in a real project.",
    );
  if (slice.attemptState !== null && slice.attemptState !== "running")
    return refuse("conflict", "attempt.not-running", `The attempt is ${slice.attemptState}; only work that goes on may spend.`);
  const step = beginStep(context);
  const { tokens, runs, wallMs, usage } = command.demand;
  const costMicro = command.demand.costMicro ?? priced(slice.price, usage);
  if (costMicro === null) return noPrice(command);
  const reserved = reserveForEffect(step, { ...slice, subject: command }, { costMicro, tokens, runs, wallMs });
  if (reserved.kind === "refused") return reserved.refusal;
  return step.draft.accept({ reservationId: reserved.reservation.id, expiresAtMs: reserved.reservation.expiresAtMs });
}

/** The cost of a use by its price; null: it cannot be told. */
export const priced = (price: Price | undefined, usage: TokenUse | undefined): number | null =>
  price === undefined || usage === undefined || !isTokenUse(usage) ? null : costOf(price, usage);

const noPrice = ({ provider, model }: Pick<SpendSubject, "provider" | "model">): Refusal =>
  refuse(
    "invalid",
    "budget.no-price",
    `Nobody has said what ${provider}/${model ?? ""} costs, so no budget can be held to. An administrator or director sets its price in Settings > Budgets; for a model of your own it may be 0.`,
  );

export type Reserved =
  | { readonly kind: "reserved"; readonly reservation: Reservation }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Reserves inside another decision, so that an effect is started and paid for in one commit. On a refusal the draft is as it was.
 *
 * @param demand the most that the call can use, each measure a whole number of 0 or more
 */
export function reserveForEffect(step: Step, slice: PurseSlice & { readonly subject: SpendSubject }, demand: Amounts): Reserved {
  const { draft, context } = step;
  if (!measures.every((measure) => Number.isSafeInteger(demand[measure]) && demand[measure] >= 0) || demand.wallMs > maxCallMs)
    return {
      kind: "refused",
      refusal: refuse(
        "invalid",
        "budget.demand-invalid",
        "What a call may use is stated in whole numbers of 0 or more, and in at most a day.",
      ),
    };
  const covering = coveringBudgets(slice, context);
  const problem = firstProblem(covering, { demand, isNew: slice.isNew });
  if (problem !== null) return { kind: "refused", refusal: budgetRefusal(problem, slice.currency) };
  const { startMs } = dayOf(slice.midnightsMs, context.nowMs);
  const lines = covering.map((one) => ({ budgetId: one.budget.id, windowStartMs: one.budget.windowStartMs }));
  for (const one of covering) take(step, one, demand);
  const { requestId, taskId, attemptId, personaKey, provider, model } = slice.subject;
  const reservation = draft.create(reservationKind, {
    id: context.newId(),
    state: "open",
    projectId: slice.projectId,
    requestId,
    taskId,
    attemptId,
    personaKey,
    provider,
    model,
    reserved: demand,
    used: null,
    basis: null,
    lines,
    dayStartMs: startMs,
    reservedAtMs: context.nowMs,
    expiresAtMs: context.nowMs + demand.wallMs + settleGraceMs,
    settledAtMs: null,
  });
  draft.record(reservationKind, reservation, "spend.reserved", { requestId, taskId, attemptId, provider, model, reserved: demand });
  return { kind: "reserved", reservation };
}

/** A budget with the caps that hold for this call. */
export interface Covering {
  readonly budget: Budget;
  /** Undefined: the row is new. */
  readonly stored: Budget | undefined;
  readonly caps: Caps;
}

function coveringBudgets(slice: PurseSlice & { readonly subject: SpendSubject }, context: DecideContext): readonly Covering[] {
  const { budgets, subject, midnightsMs } = slice;
  const known = budgets
    .filter((budget) => !(budget.scope === "request" && budget.scopeId === ""))
    .map((stored): Covering => {
      const budget = rolled(stored, context.nowMs, midnightsMs);
      return { budget, stored, caps: capsOf(budget, slice) };
    });
  const fresh: Covering[] = [];
  const add = (of: Parameters<typeof newBudget>[0]): void => {
    const budget = rolled({ ...newBudget(of), version: 0, eventCount: 0 }, context.nowMs, midnightsMs);
    fresh.push({ budget, stored: undefined, caps: capsOf(budget, slice) });
  };
  const has = (scope: Budget["scope"], period: Budget["period"]): boolean =>
    budgets.some((budget) => budget.scope === scope && budget.period === period && (scope !== "request" || budget.scopeId !== ""));
  if (!has("organization", "day"))
    add({ id: context.newId(), scope: "organization", scopeId: "", period: "day", caps: startCaps.organization, setAtMs: context.nowMs });
  if (subject.requestId !== null && !has("request", "total"))
    add({ id: context.newId(), scope: "request", scopeId: subject.requestId, period: "total", setAtMs: context.nowMs });
  return [...known, ...fresh];
}

/** What a request without caps of its own may use: what was said for each, and no more than it was filed with. */
export function capsOf(budget: Budget, slice: Pick<PurseSlice, "eachRequest" | "requestBudgetMicro">): Caps {
  if (budget.caps !== null) return budget.caps;
  const each = slice.eachRequest?.state === "withdrawn" ? null : (slice.eachRequest?.caps ?? startCaps.request);
  const own: Caps = { costMicro: slice.requestBudgetMicro, tokens: null, runs: null, wallMs: null };
  return each === null ? own : tighter(each, own);
}

function take({ draft, context }: Step, { budget, stored, caps }: Covering, demand: Amounts): void {
  const reserved = plus(budget.reserved, demand);
  const total = plus(budget.booked, reserved);
  const passed = measures.find((measure) => {
    const cap = caps[measure];
    return cap !== null && total[measure] >= cap * budget.thresholds.warnAt;
  });
  const isWarning = passed !== undefined && budget.warnedAtMs === null;
  const fields = {
    ...counted(budget),
    reserved,
    ...(isWarning ? { warnedAtMs: context.nowMs } : {}),
    highCaps: widened(budget.highCaps, caps, plus(budget.booked, budget.reserved)),
  };
  const { version: _version, eventCount: _eventCount, ...row } = { ...budget, ...fields };
  const written = stored === undefined ? draft.create(budgetKind, row) : draft.change(budgetKind, stored, fields);
  if (isWarning)
    draft.record(budgetKind, written, "budget.warned", {
      scope: budget.scope,
      scopeId: budget.scopeId,
      measure: passed,
      cap: caps[passed],
      taken: total[passed],
    });
}

/** Where no limit was known before, what was taken without one is no breach of the new one. */
const widened = (high: Caps, caps: Caps, taken: Amounts): Caps =>
  eachCap((measure) => {
    const [before, cap] = [high[measure], caps[measure]];
    if (cap === null) return null;
    return before === null ? Math.max(cap, taken[measure]) : Math.max(cap, before);
  });

/** The fields that rolling a budget forward may change. */
export const counted = ({ windowStartMs, windowEndMs, booked, reserved, overrun, warnedAtMs, slots }: Budget) => ({
  windowStartMs,
  windowEndMs,
  booked,
  reserved,
  overrun,
  warnedAtMs,
  slots,
});
