import type { Person } from "../oversight/person.ts";
import { isActive } from "../oversight/authority.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import {
  type Amounts,
  type Budget,
  budgetKind,
  budgetLabel,
  budgetPeriods,
  type BudgetPeriod,
  type BudgetScope,
  budgetScopes,
  type Caps,
  defaultThresholds,
  eachCap,
  maxBudgets,
  measures,
  newBudget,
  plus,
  type Thresholds,
} from "./budget.ts";
import { mayRaise } from "./budget-limit.ts";
import { rolled } from "./budget-window.ts";

/** Sets what a scope may spend: a person's decision, with a reason that stays on record. */
export interface SetBudget {
  readonly kind: "set-budget";
  readonly scope: BudgetScope;
  /** Empty: the organization, or each request. */
  readonly scopeId: string;
  readonly period: BudgetPeriod;
  /** Of a sliding window only. */
  readonly windowMs: number | null;
  /** Null, of one request only: as said for each request again. */
  readonly caps: Caps | null;
  /** Null: as they were, or the usual ones. */
  readonly thresholds: Thresholds | null;
  readonly reason: string;
}

/** Takes a limit away again. */
export interface WithdrawBudget {
  readonly kind: "withdraw-budget";
  readonly budgetId: string;
  readonly reason: string;
}

export interface BudgetSlice {
  readonly person: Person | undefined;
  /** The row of this scope and period, locked. */
  readonly budget: Budget | undefined;
  /** Whether the scope's id names something here. */
  readonly scopeExists: boolean;
  /** In force at once, up to the bound. */
  readonly count: number;
  readonly midnightsMs: readonly number[];
}

const maxReasonChars = 2_000;
const hourMs = 3_600_000;
const longestWindowMs = 31 * 24 * hourMs;

export function decideBudget(slice: BudgetSlice, command: SetBudget, context: DecideContext): Decided {
  const problem = roleProblem(slice.person, command.reason) ?? scopeProblem(command, slice) ?? capsProblem(command);
  if (problem !== null) return problem;
  const step = beginStep(context);
  const from = slice.budget?.caps ?? null;
  const budget = writeBudget(step, slice, command);
  const { scope, scopeId, period, caps, reason } = command;
  step.draft.record(budgetKind, budget, "budget.set", {
    scope,
    scopeId,
    period,
    from: from === null ? null : { ...from },
    to: caps === null ? null : { ...caps },
    thresholds: { ...budget.thresholds },
    reason,
    by: context.actor.id,
  });
  return step.draft.accept({ id: budget.id, state: budget.state });
}

function writeBudget({ draft, context }: Step, { budget: known, midnightsMs }: BudgetSlice, command: SetBudget): Budget {
  const { scope, scopeId, period, windowMs, caps, reason } = command;
  const thresholds = command.thresholds ?? known?.thresholds ?? defaultThresholds;
  const said = { caps, thresholds, windowMs, state: "in-force" as const, setBy: context.actor.id, setAtMs: context.nowMs, reason };
  if (known === undefined) return draft.create(budgetKind, newBudget({ id: context.newId(), scope, scopeId, period, ...said }));
  const counting = rolled(known, context.nowMs, midnightsMs);
  // Whether it is near its end is asked anew.
  return draft.change(budgetKind, known, { ...said, highCaps: highest(counting, caps), warnedAtMs: null });
}

/** What is spent under a limit that was lowered, or first set now, is no breach of it. */
const highest = (budget: Budget, caps: Caps | null): Caps => {
  const taken: Amounts = plus(budget.booked, budget.reserved);
  return eachCap((measure) => {
    const cap = caps === null ? budget.highCaps[measure] : caps[measure];
    return cap === null ? null : Math.max(cap, budget.highCaps[measure] ?? 0, taken[measure]);
  });
};

export function decideWithdrawal(
  { person, budget }: { readonly person: Person | undefined; readonly budget: Budget },
  command: WithdrawBudget,
  context: DecideContext,
): Decided {
  const problem = roleProblem(person, command.reason);
  if (problem !== null) return problem;
  const isFirst = budget.scope === "request" || (budget.scope === "organization" && budget.period === "day");
  if (isFirst)
    return refuse(
      "conflict",
      "budget.always-there",
      `The budget of ${budgetLabel(budget)} is always there. To lift its limit, set it with no limit at all; the decision is recorded.`,
    );
  if (budget.state === "withdrawn") return refuse("conflict", "budget.withdrawn", "This budget was withdrawn before.");
  const { draft } = beginStep(context);
  draft.change(budgetKind, budget, { state: "withdrawn", setBy: context.actor.id, setAtMs: context.nowMs, reason: command.reason });
  draft.record(budgetKind, budget, "budget.withdrawn", { scope: budget.scope, scopeId: budget.scopeId, reason: command.reason });
  return draft.accept({ id: budget.id, state: "withdrawn" });
}

function roleProblem(person: Person | undefined, reason: string): Refusal | null {
  if (!isActive(person) || !mayRaise.some((role) => person.roles.includes(role)))
    return refuse("forbidden", "budget.wrong-role", `Budgets are set by a member with one of the roles ${mayRaise.join(", ")}.`);
  if (reason.trim() === "" || reason.length > maxReasonChars)
    return refuse(
      "invalid",
      "budget.reason-missing",
      `Say why in a sentence of at most ${String(maxReasonChars)} characters; it stays on record.`,
    );
  return null;
}

/** What a budget may be for without naming one of them. */
const whole: ReadonlySet<BudgetScope> = new Set(["organization", "request"]);

function scopeProblem(command: SetBudget, { scopeExists, budget, count }: BudgetSlice): Refusal | null {
  const { scope, scopeId, period } = command;
  if (!budgetScopes.includes(scope) || !budgetPeriods.includes(period))
    return refuse(
      "invalid",
      "budget.bad-scope",
      `A budget covers one of ${budgetScopes.join(", ")}, for one of ${budgetPeriods.join(", ")}.`,
    );
  const isWhole = scopeId === "" && whole.has(scope);
  const isNamed = scope !== "organization" && scopeId.trim() !== "";
  if (!isWhole && !isNamed)
    return refuse("invalid", "budget.bad-scope", `Name the ${scope} that the budget is for; only the organization's names nothing.`);
  if (!isWhole && !scopeExists) return refuse("not-found", "budget.scope-not-found", `There is no ${scope} "${scopeId}" here.`);
  return periodProblem(command) ?? countProblem(budget, count);
}

const countProblem = (budget: Budget | undefined, count: number): Refusal | null =>
  budget === undefined && count >= maxBudgets
    ? refuse("exhausted", "budget.too-many", `${String(maxBudgets)} budgets are in force; withdraw one first.`)
    : null;

function periodProblem({ scope, period, windowMs }: SetBudget): Refusal | null {
  if ((scope === "request" || scope === "task") && period !== "total")
    return refuse("invalid", "budget.bad-period", `The budget of a ${scope} counts all of it; days and windows are for what goes on.`);
  if ((period === "window") !== (windowMs !== null))
    return refuse("invalid", "budget.bad-period", "A window has a length, and nothing else has one.");
  return windowMs === null || (Number.isSafeInteger(windowMs) && windowMs >= 60_000 && windowMs <= longestWindowMs)
    ? null
    : refuse("invalid", "budget.bad-period", "A window is between a minute and 31 days long.");
}

function capsProblem({ scope, scopeId, caps, thresholds }: SetBudget): Refusal | null {
  if (caps === null)
    return scope === "request" && scopeId !== ""
      ? null
      : refuse("invalid", "budget.bad-cap", "Only one request can have what is said for each request; say what this one may spend.");
  if (!measures.every((measure) => caps[measure] === null || (Number.isSafeInteger(caps[measure]) && caps[measure] >= 0)))
    return refuse("invalid", "budget.bad-cap", "A cap is a whole number of 0 or more, or no limit.");
  if (thresholds === null) return null;
  const { warnAt, holdAt } = thresholds;
  const isPart = (part: number): boolean => part > 0 && part <= 1;
  return isPart(warnAt) && (holdAt === null || isPart(holdAt))
    ? null
    : refuse("invalid", "budget.bad-threshold", "A threshold is a part of the cap, more than 0 and at most 1.");
}
