import { type Amounts, type Budget, dayMs, maxDays, maxSlots, noAmounts, plus, type Slot } from "./budget.ts";

/** The day that holds an instant, of midnights in ascending order; without two around it, the day of universal time. */
export function dayOf(midnightsMs: readonly number[], nowMs: number): { readonly startMs: number; readonly endMs: number } {
  const next = midnightsMs.findIndex((atMs) => atMs > nowMs);
  const [startMs, endMs] = [midnightsMs[next - 1], midnightsMs[next]];
  if (startMs !== undefined && endMs !== undefined) return { startMs, endMs };
  const utcMs = Math.floor(nowMs / dayMs) * dayMs;
  return { startMs: utcMs, endMs: utcMs + dayMs };
}

/**
 * The budget as it counts at an instant: a day that is over begins anew, slots that have left a sliding window are dropped. What was
 * reserved on a day that is over belongs to that day. Time never runs backwards here: an earlier instant changes nothing.
 */
export function rolled(budget: Budget, nowMs: number, midnightsMs: readonly number[]): Budget {
  if (budget.period === "day") {
    if (budget.windowEndMs !== null && nowMs < budget.windowEndMs) return budget;
    const { startMs, endMs } = dayOf(midnightsMs, nowMs);
    // After a change of the zone a day may be shorter than others; none begins before the last one ended.
    const beginMs = Math.max(startMs, budget.windowEndMs ?? startMs);
    const empty = { booked: noAmounts, reserved: noAmounts, overrun: noAmounts, warnedAtMs: null };
    return { ...budget, ...empty, windowStartMs: beginMs, windowEndMs: endMs, highCaps: budget.caps ?? budget.highCaps };
  }
  if (budget.period !== "window" || budget.windowMs === null) return budget;
  const sinceMs = nowMs - budget.windowMs;
  const slots = budget.slots.filter(({ atMs }) => atMs + slotMs(budget) > sinceMs);
  if (slots.length === budget.slots.length) return budget;
  const booked = slots.reduce((sum, slot) => plus(sum, slot.amounts), noAmounts);
  const overrun = { ...budget.overrun };
  return { ...budget, slots, booked, overrun: lowest(overrun, booked) };
}

const lowest = (left: Amounts, right: Amounts): Amounts => ({
  costMicro: Math.min(left.costMicro, right.costMicro),
  tokens: Math.min(left.tokens, right.tokens),
  runs: Math.min(left.runs, right.runs),
  wallMs: Math.min(left.wallMs, right.wallMs),
});

/** How finely a sliding window is kept: what it holds leaves it up to one slot late, never early. */
const slotMs = ({ windowMs }: Pick<Budget, "windowMs">): number => Math.ceil((windowMs ?? 0) / maxSlots);

/** When a window has room again by itself, at the earliest; null: never. */
export function turnsAtMs(budget: Budget): number | null {
  if (budget.period === "day") return budget.windowEndMs;
  const [oldest] = budget.slots;
  if (budget.period !== "window" || oldest === undefined || budget.windowMs === null) return null;
  return oldest.atMs + slotMs(budget) + budget.windowMs;
}

/** With an amount in the slot of an instant. */
export function inSlot(budget: Budget, nowMs: number, amounts: Amounts): readonly Slot[] {
  if (budget.period !== "window") return budget.slots;
  const size = Math.max(1, slotMs(budget));
  return added(budget.slots, Math.floor(nowMs / size) * size, amounts);
}

/** With an amount on the day that a call was let begin; days beyond the last `maxDays` are forgotten. */
export const onDay = (budget: Budget, dayStartMs: number, amounts: Amounts): readonly Slot[] =>
  added(budget.days, dayStartMs, amounts).slice(-maxDays);

function added(slots: readonly Slot[], atMs: number, amounts: Amounts): readonly Slot[] {
  const same = slots.find((slot) => slot.atMs === atMs);
  if (same !== undefined) return slots.map((slot) => (slot === same ? { atMs, amounts: plus(slot.amounts, amounts) } : slot));
  return [...slots, { atMs, amounts }].toSorted((left, right) => left.atMs - right.atMs);
}
