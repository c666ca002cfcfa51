import type { Budget, Caps } from "./budget.ts";
import { dayMs } from "./budget.ts";
import { amountText } from "./budget-text.ts";

/** When a budget will be used up if money goes on leaving as it did. */
export interface SpendForecast {
  /** Null: never, at this rate. */
  readonly exhaustedAtMs: number | null;
  /** Money per day over the days looked at. */
  readonly perDayMicro: number;
  /** How many days the rate rests on, from the first with spend to the last, today among them. */
  readonly days: number;
}

/** Days that a rate is taken from at most. */
export const forecastDays = 7;

/**
 * The end of a budget in money by the rate of its last days; days without spend between two with spend count. Null: there is no cap on
 * money, or nothing was spent in the last days. A budget by day is asked about its own day: when today's cap is reached at the rate of
 * today so far, once an hour of it has passed.
 */
export function forecastSpend({ budget, caps }: { readonly budget: Budget; readonly caps: Caps }, nowMs: number): SpendForecast | null {
  const cap = caps.costMicro;
  const left = cap === null ? null : cap - budget.booked.costMicro - budget.reserved.costMicro;
  if (left === null) return null;
  if (budget.period === "day") return forecastToday(budget, left, nowMs);
  const recent = budget.days.filter(({ atMs }) => atMs > nowMs - forecastDays * dayMs);
  const [first] = recent;
  const spent = recent.reduce((sum, { amounts }) => sum + amounts.costMicro, 0);
  if (first === undefined || spent <= 0) return null;
  const days = Math.max(1, Math.ceil((nowMs - first.atMs) / dayMs));
  const perDayMicro = Math.round(spent / days);
  return {
    perDayMicro,
    days,
    exhaustedAtMs: left <= 0 ? nowMs : perDayMicro <= 0 ? null : nowMs + Math.ceil((left / perDayMicro) * dayMs),
  };
}

const hourMs = 3_600_000;

function forecastToday(budget: Budget, left: number, nowMs: number): SpendForecast | null {
  const { windowStartMs, windowEndMs, booked } = budget;
  const passedMs = nowMs - windowStartMs;
  if (windowEndMs === null || nowMs >= windowEndMs || passedMs < hourMs || booked.costMicro <= 0) return null;
  const perDayMicro = Math.round((booked.costMicro / passedMs) * dayMs);
  const atMs = left <= 0 ? nowMs : nowMs + Math.ceil((left / booked.costMicro) * passedMs);
  return { perDayMicro, days: 1, exhaustedAtMs: atMs < windowEndMs ? atMs : null };
}

/** The forecast for people, with what it rests on; empty: there is none. */
export function forecastText(
  of: { readonly budget: Budget; readonly caps: Caps },
  { nowMs, currency }: { readonly nowMs: number; readonly currency: string },
): string {
  const forecast = forecastSpend(of, nowMs);
  if (forecast === null) return "";
  const { perDayMicro, days } = forecast;
  return `Lately ${amountText("costMicro", perDayMicro, currency)} a day (n = ${String(days)} ${days === 1 ? "day" : "days"}).`;
}
