import type { FactPeriod } from "./fact.ts";

/** A value that is put over a range of time; whatever was known for that range gives way. */
export type Put = FactPeriod;

/** The period that holds at an instant; undefined: it lies before everything that is known. `O(n)`. */
export const periodAt = (periods: readonly FactPeriod[], atMs: number): FactPeriod | undefined =>
  periods.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || atMs < toMs));

/**
 * The periods after a value is put over `[fromMs, toMs)`: what lies inside gives way, what reaches over is cut, and what
 * surrounds it is split in two. Where nothing was known between the value and the rest, no value is known. `O(n)`.
 */
export function putPeriod(periods: readonly FactPeriod[], put: Put): readonly FactPeriod[] {
  const { fromMs, toMs } = put;
  const before = periods.flatMap((period) => part(period, { fromMs: period.fromMs, toMs: earlier(period.toMs, fromMs) }));
  const after =
    toMs === null ? [] : periods.flatMap((period) => part(period, { fromMs: Math.max(period.fromMs, toMs), toMs: period.toMs }));
  const next = after[0]?.fromMs ?? null;
  const gap = toMs === null || next === toMs ? [] : [{ ...put, fromMs: toMs, toMs: next, value: null }];
  return [...before, put, ...gap, ...after];
}

/** Until when a value that begins at an instant holds by itself: to the next thing known; null: without an end. */
export function nextChangeMs(periods: readonly FactPeriod[], fromMs: number): number | null {
  return periods.find((period) => period.fromMs > fromMs)?.fromMs ?? null;
}

/** Whether periods follow each other without a gap or an overlap, and the last one has no end. */
export const isTiled = (periods: readonly FactPeriod[]): boolean =>
  periods.length > 0 &&
  periods.every(({ fromMs, toMs }, at) => {
    const next = periods[at + 1];
    return next === undefined ? toMs === null : toMs !== null && fromMs < toMs && toMs === next.fromMs;
  });

const earlier = (toMs: number | null, limitMs: number): number => (toMs === null ? limitMs : Math.min(toMs, limitMs));

const part = (period: FactPeriod, range: Pick<FactPeriod, "fromMs" | "toMs">): readonly FactPeriod[] =>
  range.toMs !== null && range.toMs <= range.fromMs ? [] : [{ ...period, ...range }];
