import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlanDocument } from "../planning/plan-document.ts";
import { readPlan } from "../planning/read-plan.ts";
import { durationAt, forecastPlan } from "./forecast-plan.ts";

const estimates = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([low, more, most]) => ({ lowHours: low, likelyHours: low + more, highHours: low + more + most }));
const planOf = (rows: readonly object[]): PlanDocument =>
  readPlan({ decomposition: rows.map((row, at) => ({ task: `t${at}`, persona: "p", dependencies: [], ...row })) }, "test", "EUR").document;
const rates = new Map([["p", { capacity: 2, costPerHourMicro: 1_000_000 }]]);

test("longer shares never last shorter, and the quantiles of an estimate are its own numbers", () => {
  fc.assert(
    fc.property(
      estimates,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (estimate, one, other) => {
        expect(durationAt(estimate, Math.min(one, other))).toBeLessThanOrEqual(durationAt(estimate, Math.max(one, other)) + 1e-9);
        expect(durationAt(estimate, one)).toBeGreaterThanOrEqual(0);
        expect(durationAt(estimate, 0.1)).toBeCloseTo(estimate.lowHours);
        expect(durationAt(estimate, 0.5)).toBeCloseTo(estimate.likelyHours);
        expect(durationAt(estimate, 0.9)).toBeCloseTo(estimate.highHours);
      },
    ),
  );
});

test("forecasts rise with the quantile, repeat themselves, and follow the longest chain", () => {
  fc.assert(
    fc.property(fc.array(estimates, { minLength: 1, maxLength: 6 }), (given) => {
      const chain = planOf(given.map((estimate, at) => ({ estimate, dependencies: at === 0 ? [] : [`t${at - 1}`] })));
      const forecast = forecastPlan(chain, rates);
      expect(forecast).toEqual(forecastPlan(chain, rates));
      expect(forecast?.p50Hours).toBeLessThanOrEqual(forecast?.p80Hours ?? -1);
      expect(forecast?.p80Hours).toBeLessThanOrEqual(forecast?.p90Hours ?? -1);
      expect(forecast?.costMicro.p50).toBeLessThanOrEqual(forecast?.costMicro.p90 ?? -1);
      expect(forecast?.criticalPath.every((key, at, path) => at === 0 || Number(key.slice(1)) === Number(path[at - 1]?.slice(1)) + 1)).toBe(
        true,
      );
    }),
    { numRuns: 20 },
  );
});

test("finds the critical path beside shorter work, and queues at a persona that does one thing at a time", () => {
  const hours = (likelyHours: number) => ({ estimate: { lowHours: likelyHours, likelyHours, highHours: likelyHours } });
  const plan = planOf([
    hours(1),
    { ...hours(5), dependencies: ["t0"] },
    { ...hours(2), dependencies: ["t0"] },
    { ...hours(1), dependencies: ["t1", "t2"] },
  ]);
  expect(forecastPlan(plan, new Map())?.criticalPath).toEqual(["t0", "t1", "t3"]);
  expect(forecastPlan(planOf([hours(3), hours(3)]), rates)?.p50Hours).toBeCloseTo(3, 0);
  expect(forecastPlan(planOf([hours(3), hours(3)]), new Map())?.p50Hours).toBeGreaterThan(5);
});

test("has no forecast for what has no order", () => {
  expect(forecastPlan(planOf([]), rates)).toBeNull();
  expect(forecastPlan(planOf([{ dependencies: ["t0"] }]), rates)).toBeNull();
});
