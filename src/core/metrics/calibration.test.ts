import { expect, test } from "vitest";
import fc from "fast-check";
import { type Forecasted, calibrationOf } from "./calibration.ts";
import { fewestMeasured } from "../shared/intervals.ts";

const times = (count: number, forecast: Forecasted): readonly Forecasted[] => Array.from({ length: count }, () => forecast);

test("too few forecasts have bins and no score", () => {
  const few = calibrationOf(times(fewestMeasured - 1, { probability: 0.9, came: true }));
  expect(few).toMatchObject({ n: fewestMeasured - 1, brier: null, interval: null });
  expect(few.bins.map(({ n }) => n)).toEqual([0, 0, 0, 0, fewestMeasured - 1]);
  expect(calibrationOf([])).toMatchObject({ n: 0, brier: null, interval: null });
  expect(calibrationOf([]).bins[0]).toEqual({ from: 0, to: 0.2, n: 0, said: null, came: null, interval: null });
});

test("the score is the mean squared distance; a coin gets a quarter, the sure and right nothing, the sure and wrong one", () => {
  const coin = [...times(5, { probability: 0.5, came: true }), ...times(5, { probability: 0.5, came: false })];
  expect(calibrationOf(coin)).toMatchObject({ n: 10, brier: 0.25, interval: { low: 0.25, high: 0.25 } });
  expect(calibrationOf(times(10, { probability: 1, came: true })).brier).toBe(0);
  expect(calibrationOf(times(10, { probability: 1, came: false })).brier).toBe(1);
  // (0.2² × 8 + 0.8² × 2) / 10
  const mixed = calibrationOf([...times(8, { probability: 0.8, came: true }), ...times(2, { probability: 0.8, came: false })]);
  expect(mixed.brier).toBeCloseTo(0.16);
  expect(mixed.bins[4]).toMatchObject({ n: 10, came: 0.8 });
  expect(mixed.bins[4]?.said).toBeCloseTo(0.8);
});

test("every forecast is in one bin, what was said lies inside of it, and the score inside of its interval", () => {
  const forecast = fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), came: fc.boolean() });
  fc.assert(
    fc.property(fc.array(forecast, { maxLength: 60 }), (forecasts) => {
      const { n, brier, interval, bins } = calibrationOf(forecasts);
      expect(bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(n);
      for (const { from, to, said, came, interval: around } of bins) {
        if (said === null || came === null || around === null) continue;
        expect(said).toBeGreaterThanOrEqual(from - 1e-9);
        expect(said).toBeLessThanOrEqual(to + 1e-9);
        expect(came >= around.low - 1e-9 && came <= around.high + 1e-9).toBe(true);
      }
      if (brier === null || interval === null) return;
      expect(interval.low <= brier && brier <= interval.high && brier <= 1).toBe(true);
    }),
  );
});
