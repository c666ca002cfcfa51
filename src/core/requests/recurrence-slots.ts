import { type RecurrenceRule, wallTimes } from "./recurrence-rule.ts";

/** A rule with its start, in a zone. */
export interface Series {
  readonly rule: RecurrenceRule;
  readonly startWallMs: number;
  /** The instant of a wall time: in a gap of the clock the first instant after it, in an overlap the earlier one. */
  readonly instantOf: (wallMs: number) => number;
}

/** A wall time differs from the same number of milliseconds in UTC by less than this, whatever the zone and its jumps. */
const zoneReachMs = 48 * 3_600_000;

/** Instants of the series from `fromMs` on, strictly growing: two wall times that fall on one instant are one slot. */
export function* slotsFrom({ rule, startWallMs, instantOf }: Series, fromMs: number): Generator<number> {
  let last = fromMs - 1;
  for (const wallMs of wallTimes(rule, startWallMs, fromMs - zoneReachMs)) {
    const atMs = instantOf(wallMs);
    if (rule.until?.kind === "instant" && atMs > rule.until.ms) return;
    if (atMs <= last) continue;
    last = atMs;
    yield atMs;
  }
}

/** The first slot after an instant; null: the series has ended. */
export function nextSlot(series: Series, afterMs: number): number | null {
  for (const slot of slotsFrom(series, afterMs + 1)) return slot;
  return null;
}

/** What is due at a firing: the latest slot that has come, those passed over for it, and the one to wait for next. */
export interface DueSlots {
  readonly latestMs: number;
  /** The last of them, ascending, at most `maxNamedSkips`. */
  readonly skippedMs: readonly number[];
  readonly skippedCount: number;
  readonly nextMs: number | null;
}

export const maxNamedSkips = 100;
/** Slots looked at after a downtime: one a day for 54 years. Older ones are counted no further. */
const maxMissed = 20_000;

/** From the slot that was waited for up to now. Of several that have come only the latest is for filing. */
export function dueSlots(series: Series, slotMs: number, nowMs: number): DueSlots {
  const missed: number[] = [slotMs];
  let nextMs: number | null = null;
  for (const slot of slotsFrom(series, slotMs + 1)) {
    if (slot > nowMs || missed.length >= maxMissed) {
      nextMs = slot > nowMs ? slot : nextSlot(series, nowMs);
      break;
    }
    missed.push(slot);
  }
  const skipped = missed.slice(0, -1);
  return { latestMs: missed.at(-1) ?? slotMs, skippedMs: skipped.slice(-maxNamedSkips), skippedCount: skipped.length, nextMs };
}
