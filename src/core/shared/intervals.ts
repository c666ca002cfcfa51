/** How far a measured number may be from the true one. All at 95 %. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Below this many observations a number says more about chance than about work: screens say "not enough data". */
export const fewestMeasured = 10;

const z = 1.959_964;

/**
 * Where a share lies, given `hits` of `n`, 0 to 1. With nothing observed it may be anything.
 *
 * Source: Wilson, Probable inference, the law of succession, and statistical inference, 1927
 */
export function shareInterval(hits: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const share = hits / n;
  const weight = 1 + (z * z) / n;
  const middle = (share + (z * z) / (2 * n)) / weight;
  const half = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / weight;
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * Where the expected number lies of something that was counted `count` times.
 *
 * Source: Byar's approximation of the Poisson interval; Breslow & Day, Statistical methods in cancer research II, 1987
 */
export function countInterval(count: number): Interval {
  const bound = (events: number, sign: 1 | -1): number => events * (1 - 1 / (9 * events) + (sign * z) / (3 * Math.sqrt(events))) ** 3;
  return { low: count === 0 ? 0 : Math.max(0, bound(count, -1)), high: bound(count + 1, 1) };
}
