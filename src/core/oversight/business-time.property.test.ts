import fc from "fast-check";
import { expect, test } from "vitest";
import type { OpenHours } from "../shared/open-hours.ts";
import { afterWorkingMs, alwaysOpen, isOpenAt, workingMsBetween } from "./business-time.ts";

/** Disjoint intervals from gaps and lengths. */
const hoursOf = (spans: readonly (readonly [number, number])[]): OpenHours => {
  const intervals: { fromMs: number; toMs: number }[] = [];
  let atMs = 0;
  for (const [gap, length] of spans) {
    intervals.push({ fromMs: atMs + gap, toMs: atMs + gap + length });
    atMs += gap + length;
  }
  return { intervals, untilMs: atMs + 5 };
};
const hours = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 8 }).map(hoursOf);
const instant = fc.integer({ min: 0, max: 150 });

test("agrees with counting every moment", () => {
  fc.assert(
    fc.property(hours, instant, instant, (open, fromMs, length) => {
      const isOpen = (atMs: number) => atMs >= open.untilMs || open.intervals.some((one) => one.fromMs <= atMs && atMs < one.toMs);
      let counted = 0;
      for (let atMs = fromMs; atMs < fromMs + length; atMs += 1) counted += isOpen(atMs) ? 1 : 0;
      expect(workingMsBetween(open, fromMs, fromMs + length)).toBe(counted);
      expect(isOpenAt(open, fromMs)).toBe(isOpen(fromMs));
      let reachedMs = fromMs;
      for (let left = length; left > 0; reachedMs += 1) left -= isOpen(reachedMs) ? 1 : 0;
      expect(afterWorkingMs(open, fromMs, length)).toBe(reachedMs);
    }),
    { numRuns: 1_000 },
  );
});

test("without a calendar every hour counts, and time never runs backwards", () => {
  expect(afterWorkingMs(alwaysOpen, 100, 50)).toBe(150);
  expect(afterWorkingMs(alwaysOpen, 100, -1)).toBe(100);
  expect(workingMsBetween(alwaysOpen, 100, 40)).toBe(0);
  expect(workingMsBetween(alwaysOpen, 100, 140)).toBe(40);
});
