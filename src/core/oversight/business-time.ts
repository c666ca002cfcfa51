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

/** The first interval that ends after the instant. `O(log n)`. */
function firstAfter(intervals: readonly OpenInterval[], atMs: number): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle]?.toMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The instant by which `workingMs` of open time have passed since `fromMs`: the end of an interval rather than the
 * start of the next. Zero or less: `fromMs` itself. `O(intervals passed)`.
 */
export function afterWorkingMs({ intervals, untilMs }: OpenHours, fromMs: number, workingMs: number): number {
  if (workingMs <= 0) return fromMs;
  let left = workingMs;
  for (const { fromMs: openMs, toMs } of intervals.slice(firstAfter(intervals, fromMs))) {
    const startMs = Math.max(openMs, fromMs);
    if (toMs - startMs >= left) return startMs + left;
    left -= toMs - startMs;
  }
  return Math.max(untilMs, fromMs) + left;
}

/** Open time between two instants, 0 or more; the inverse of `afterWorkingMs`. `O(intervals between)`. */
export function workingMsBetween({ intervals, untilMs }: OpenHours, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0;
  let sum = Math.max(0, toMs - Math.max(untilMs, fromMs));
  for (const { fromMs: openMs, toMs: closedMs } of intervals.slice(firstAfter(intervals, fromMs))) {
    if (openMs >= toMs) break;
    sum += Math.max(0, Math.min(closedMs, toMs) - Math.max(openMs, fromMs));
  }
  return sum;
}

/** Whether work is done at this instant. */
export function isOpenAt({ intervals, untilMs }: OpenHours, atMs: number): boolean {
  if (atMs >= untilMs) return true;
  const next = intervals[firstAfter(intervals, atMs)];
  return next !== undefined && next.fromMs <= atMs;
}
