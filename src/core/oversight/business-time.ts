/**
 * Working time: how long people have had to act. A calendar arrives here as sorted, disjoint open intervals up to a
 * horizon; after the horizon every hour counts, so that no due time is ever lost behind it. Instants are epoch
 * milliseconds, so a day of 23 or 25 hours needs no rule of its own.
 */
import type { OpenHours, OpenInterval } from "../shared/open-hours.ts";

/** Intervals of one calendar that core is given at most: ten a day for about a year. */
export const maxIntervals = 4_000;

/** Every hour counts: what holds where nobody has said otherwise. */
export const alwaysOpen: OpenHours = { intervals: [], untilMs: 0 };

/** The intervals that end after the instant. `O(n)`. */
const endingAfter = (intervals: readonly OpenInterval[], atMs: number): readonly OpenInterval[] =>
  intervals.filter((interval) => interval.toMs > atMs);

/**
 * The instant by which `workingMs` of open time have passed since `fromMs`: the end of an interval rather than the
 * start of the next. Zero or less: `fromMs` itself. `O(intervals)`.
 */
export function afterWorkingMs({ intervals, untilMs }: OpenHours, fromMs: number, workingMs: number): number {
  if (workingMs <= 0) return fromMs;
  let left = workingMs;
  for (const { fromMs: openMs, toMs } of endingAfter(intervals, fromMs)) {
    const startMs = Math.max(openMs, fromMs);
    if (toMs - startMs >= left) return startMs + left;
    left -= toMs - startMs;
  }
  return Math.max(untilMs, fromMs) + left;
}

/** Open time between two instants, 0 or more; the inverse of `afterWorkingMs`. `O(intervals)`. */
export function workingMsBetween({ intervals, untilMs }: OpenHours, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0;
  let sum = Math.max(0, toMs - Math.max(untilMs, fromMs));
  for (const { fromMs: openMs, toMs: closedMs } of endingAfter(intervals, fromMs)) {
    if (openMs >= toMs) break;
    sum += Math.max(0, Math.min(closedMs, toMs) - Math.max(openMs, fromMs));
  }
  return sum;
}

/** Whether work is done at this instant. */
export function isOpenAt({ intervals, untilMs }: OpenHours, atMs: number): boolean {
  if (atMs >= untilMs) return true;
  return intervals.some((interval) => interval.fromMs <= atMs && atMs < interval.toMs);
}
