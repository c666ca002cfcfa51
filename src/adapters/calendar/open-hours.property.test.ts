import fc from "fast-check";
import { expect, test } from "vitest";
import { afterWorkingMs, isOpenAt, maxIntervals, workingMsBetween } from "../../core/oversight/business-time.ts";
import { dateAt, isZone, openHours } from "./open-hours.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const at = (text: string): number => Date.parse(text);
const office = {
  zone: "Europe/Berlin",
  week: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1_020 })),
  holidays: [],
};

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Africa/Casablanca",
];
const week = fc.array(
  fc.record({
    weekday: fc.integer({ min: 1, max: 7 }),
    fromMinute: fc.integer({ min: 0, max: 1_439 }),
    length: fc.integer({ min: 1, max: 1_440 }),
  }),
  { minLength: 1, maxLength: 10 },
);
const calendar = fc.record({ zone: fc.constantFrom(...zones), week }).map(({ zone, week: days }) => ({
  zone,
  week: days.map(({ weekday, fromMinute, length }) => ({ weekday, fromMinute, toMinute: Math.min(1_440, fromMinute + length) })),
  holidays: [],
}));
/** Around the days on which clocks change in many zones, and anywhere else. */
const instant = fc.oneof(
  fc
    .constantFrom("2026-03-08T06:00:00Z", "2026-03-29T00:30:00Z", "2026-04-04T15:00:00Z", "2026-10-25T00:30:00Z", "2026-11-01T05:30:00Z")
    .map(at),
  fc.integer({ min: at("2026-01-01"), max: at("2027-01-01") }),
);

test("open intervals are sorted, disjoint, not empty and within their window", () => {
  fc.assert(
    fc.property(calendar, instant, fc.integer({ min: 1, max: 120 }), (one, fromMs, days) => {
      const { intervals, untilMs } = openHours(one, fromMs, fromMs + days * dayMs);
      expect(untilMs).toBe(fromMs + days * dayMs);
      expect(intervals.length).toBeLessThanOrEqual(maxIntervals);
      let lastMs = fromMs - 1;
      for (const interval of intervals) {
        expect(interval.fromMs).toBeGreaterThan(lastMs);
        expect(interval.toMs).toBeGreaterThan(interval.fromMs);
        lastMs = interval.toMs;
      }
      expect(lastMs).toBeLessThanOrEqual(untilMs);
    }),
    { numRuns: 100 },
  );
}, 60_000);

test("an instant is open exactly when the local clock and day say so", () => {
  fc.assert(
    fc.property(calendar, instant, (one, atMs) => {
      const hours = openHours(one, atMs - 3 * dayMs, atMs + dayMs);
      const parts = new Intl.DateTimeFormat("en-GB", {
        timeZone: one.zone,
        weekday: "short",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      }).formatToParts(atMs);
      const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? "";
      const weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part("weekday")) + 1;
      const minute = Number(part("hour")) * 60 + Number(part("minute"));
      const byClock = one.week.some((span) => span.weekday === weekday && span.fromMinute <= minute && minute < span.toMinute);
      // In the hours around a change the local clock skips or repeats, and what is open is what began before it.
      const offset = (ms: number) =>
        new Intl.DateTimeFormat("en-GB", { timeZone: one.zone, timeZoneName: "longOffset" }).format(ms).split("GMT")[1];
      const isSteady = offset(atMs - 3 * hourMs) === offset(atMs + 3 * hourMs);
      expect(!isSteady || isOpenAt(hours, atMs) === byClock).toBe(true);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("working time adds up, is monotone and is measured as it was given, across clock changes", () => {
  const ms = fc.integer({ min: 0, max: 8 * 8 * hourMs });
  fc.assert(
    fc.property(calendar, instant, ms, ms, (one, fromMs, first, second) => {
      const hours = openHours(one, fromMs - dayMs, fromMs + 60 * dayMs);
      const reached = afterWorkingMs(hours, fromMs, first);
      expect(afterWorkingMs(hours, reached, second)).toBe(afterWorkingMs(hours, fromMs, first + second));
      expect(reached).toBeGreaterThanOrEqual(fromMs + first);
      expect(workingMsBetween(hours, fromMs, reached)).toBe(first);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test.each([
  // Berlin goes from +01:00 to +02:00 on 29 March 2026 and back on 25 October.
  ["a Friday afternoon ends on Monday", "2026-03-27T15:00:00Z", 2, "2026-03-30T08:00:00Z"],
  ["eight hours are one day", "2026-06-01T07:00:00Z", 8, "2026-06-01T15:00:00Z"],
  ["before office hours they begin with them", "2026-10-26T05:00:00Z", 1, "2026-10-26T09:00:00Z"],
])("%s", (_what, from, hours, expected) => {
  const open = openHours(office, at(from) - dayMs, at(from) + 90 * dayMs);
  expect(new Date(afterWorkingMs(open, at(from), hours * hourMs)).toISOString()).toBe(new Date(at(expected)).toISOString());
});

test("a night shift over the change is an hour shorter in spring and longer in autumn", () => {
  const night = { ...office, week: [{ weekday: 7, fromMinute: 0, toMinute: 480 }] };
  const length = (day: string) => {
    const [interval] = openHours(night, at(`${day}T00:00:00Z`) - 6 * hourMs, at(`${day}T12:00:00Z`)).intervals;
    return interval === undefined ? 0 : (interval.toMs - interval.fromMs) / hourMs;
  };
  expect([length("2026-03-29"), length("2026-10-25"), length("2026-06-07")]).toEqual([7, 9, 8]);
});

test("a holiday closes its local day and no other", () => {
  const hours = openHours(
    { ...office, holidays: [{ date: "2026-05-01", name: "May Day" }] },
    at("2026-04-29T22:00:00Z"),
    at("2026-05-05T00:00:00Z"),
  );
  expect(hours.intervals.map((interval) => dateAt("Europe/Berlin", interval.fromMs))).toEqual(["2026-04-30", "2026-05-04"]);
});

test("knows zones by their names only", () => {
  expect(["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"].every(isZone)).toBe(true);
  expect(["", "Mars/Olympus", "+02:00", "../etc/passwd", "Europe/Berlin\n", "a".repeat(100)].some(isZone)).toBe(false);
});
