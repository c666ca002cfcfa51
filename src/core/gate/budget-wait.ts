import type { Json } from "../shared/json.ts";
import { type Budget, budgetLabel, type Caps, type Measure } from "./budget.ts";
import { amountText } from "./budget-text.ts";
import { rolled, turnsAtMs } from "./budget-window.ts";

/** What an attempt waits for: room for one call in one budget. */
export interface BudgetWait {
  readonly budgetId: string;
  readonly measure: Measure;
  /** The most that the next call may use. */
  readonly needed: number;
  readonly sinceMs: number;
}

/** A budget as whoever waits for it sees it. */
export interface WaitedFor {
  readonly budget: Budget;
  /** Those that hold for the work that waits. */
  readonly caps: Caps;
  readonly midnightsMs: readonly number[];
}

/** Whether the call that waits would fit by now. Other budgets may still refuse it; then it waits for that one. */
export function hasRoom({ budget, caps, midnightsMs }: WaitedFor, { measure, needed }: BudgetWait, nowMs: number): boolean {
  const cap = caps[measure];
  if (budget.state === "withdrawn" || cap === null) return true;
  const now = rolled(budget, nowMs, midnightsMs);
  const taken = now.booked[measure] + now.reserved[measure];
  const { holdAt } = now.thresholds;
  return taken + needed <= cap && (holdAt === null || taken < cap * holdAt);
}

/** What people read who may raise the cap: what stands still, what it needs, and when it goes on by itself. */
export function waitText(
  { budget, caps }: WaitedFor,
  wait: BudgetWait,
  about: { readonly task: string; readonly currency: string },
): string {
  const text = (amount: number): string => amountText(wait.measure, amount, about.currency);
  const taken = budget.booked[wait.measure] + budget.reserved[wait.measure];
  const cap = caps[wait.measure];
  const turn = turnsAtMs(budget);
  return [
    `"${about.task}" has stopped before its next call, which may take ${text(wait.needed)}.`,
    `The budget of ${budgetLabel(budget)} is ${cap === null ? "without a limit" : text(cap)}; ${text(taken)} of it is spent or reserved.`,
    turn === null ? "It does not turn by itself." : "It goes on by itself when the window turns.",
    "Raise the cap to let it go on now; nothing that was done is lost.",
  ].join(" ");
}

/** A number of a measure as people type it: money with a point, everything else in whole numbers. Null: it is none. */
export function readAmount(measure: Measure, said: Json): number | null {
  if (typeof said !== "string") return null;
  const text = said.trim();
  if (measure !== "costMicro") return /^\d{1,15}$/u.test(text) ? Number(text) : null;
  const [, whole, part = ""] = /^(\d{1,9})(?:\.(\d{1,6}))?$/u.exec(text) ?? [];
  return whole === undefined ? null : Number(whole) * 1_000_000 + Number(part.padEnd(6, "0"));
}
