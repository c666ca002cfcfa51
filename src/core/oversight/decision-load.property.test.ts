import fc from "fast-check";
import { expect, test } from "vitest";
import { type AskedDecision, decisionLoad, loadWindowDays } from "./decision-load.ts";

const dayMs = 86_400_000;
const nowMs = 1_700_000_000_000;

/** What happened, as events tell it. */
const happening = fc.record({
  askedDaysAgo: fc.double({ min: 0, max: 40, noNaN: true }),
  /** Null: it stays open; `withdrawn`: it ended without an answer. */
  end: fc.oneof(fc.constant(null), fc.constant("withdrawn" as const), fc.double({ min: 0, max: 20, noNaN: true })),
});

test("the numbers are a recount of what was asked and answered", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const events = happenings.flatMap(({ askedDaysAgo, end }) => {
        const askedAtMs = nowMs - askedDaysAgo * dayMs;
        const answeredAtMs = typeof end === "number" ? Math.min(nowMs, askedAtMs + end * dayMs) : null;
        return [
          { kind: "asked", atMs: askedAtMs },
          ...(answeredAtMs === null ? [] : [{ kind: "answered", atMs: answeredAtMs }]),
          ...(end === "withdrawn" ? [{ kind: "withdrawn", atMs: askedAtMs }] : []),
        ];
      });
      const rows: readonly AskedDecision[] = happenings.map(({ askedDaysAgo, end }) => {
        const askedAtMs = nowMs - askedDaysAgo * dayMs;
        return { askedAtMs, answeredAtMs: typeof end === "number" ? Math.min(nowMs, askedAtMs + end * dayMs) : null, isOpen: end === null };
      });
      const count = (kind: string, fromMs = -Infinity): number => events.filter((one) => one.kind === kind && one.atMs > fromMs).length;
      const fromMs = nowMs - loadWindowDays * dayMs;
      const load = decisionLoad(rows, nowMs);
      expect(load.arrived).toBe(count("asked", fromMs));
      expect(load.answered).toBe(count("answered", fromMs));
      expect(load.open).toBe(count("asked") - count("answered") - count("withdrawn"));
      expect([load.arrivedPerDay, load.answeredPerDay]).toEqual([load.arrived / 10, load.answered / 10]);
      expect(load.oldestAgeMs === null).toBe(load.open === 0);
      expect((load.medianAgeMs ?? 0) <= (load.oldestAgeMs ?? 0)).toBe(true);
    }),
  );
});

test("warns where far more comes in than goes out, and not for a few or an even flow", () => {
  const rows = (open: number, answered: number): readonly AskedDecision[] => [
    ...Array.from({ length: open }, () => ({ askedAtMs: nowMs - dayMs, answeredAtMs: null, isOpen: true })),
    ...Array.from({ length: answered }, () => ({ askedAtMs: nowMs - 2 * dayMs, answeredAtMs: nowMs - dayMs, isOpen: false })),
  ];
  expect(decisionLoad(rows(9, 0), nowMs).overloaded).toBe(false);
  expect(decisionLoad(rows(10, 0), nowMs).overloaded).toBe(true);
  expect(decisionLoad(rows(5, 50), nowMs).overloaded).toBe(false);
  expect(decisionLoad(rows(40, 50), nowMs).overloaded).toBe(true);
  expect(decisionLoad([], nowMs)).toMatchObject({ arrived: 0, open: 0, medianAgeMs: null, overloaded: false });
});
