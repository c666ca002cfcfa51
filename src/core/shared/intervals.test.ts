import { expect, test } from "vitest";
import { countInterval, shareInterval } from "./intervals.ts";

test.each([
  // hits, n, low, high: values of published tables of the Wilson interval
  [0, 10, 0, 0.2775],
  [5, 10, 0.2366, 0.7634],
  [10, 10, 0.7225, 1],
  [81, 263, 0.2553, 0.3662],
])("a share of %d in %d lies between %d and %d", (hits, n, low, high) => {
  const interval = shareInterval(hits, n);
  expect(interval.low).toBeCloseTo(low, 3);
  expect(interval.high).toBeCloseTo(high, 3);
});

test("with nothing observed a share may be anything", () => {
  expect(shareInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

test.each([
  // count, exact Poisson limits
  [0, 0, 3.69],
  [1, 0.03, 5.57],
  [10, 4.8, 18.39],
  [100, 81.36, 121.63],
])("a count of %d has an expectation between %d and %d", (count, low, high) => {
  const interval = countInterval(count);
  expect(Math.abs(interval.low - low)).toBeLessThan(0.1);
  expect(Math.abs(interval.high - high)).toBeLessThan(0.1);
});
