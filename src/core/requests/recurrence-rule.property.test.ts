import fc from "fast-check";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { readRule, wallTimes } from "./recurrence-rule.ts";
import { dueSlots, slotsFrom } from "./recurrence-slots.ts";

const days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const some = <Value>(value: fc.Arbitrary<Value>, maxLength: number) => fc.uniqueArray(value, { minLength: 1, maxLength });
const day = fc.constantFrom(...days);
const monthDay = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 }));
const list = (name: string, values: readonly (string | number)[] | undefined): string =>
  values === undefined ? "" : `;${name}=${values.join(",")}`;

/* ical.js 2.2.1 takes days that a month does not have over into the next one in yearly rules, so those are left to examples. */
const rule = fc.oneof(
  fc
    .record({
      by: fc.option(some(day, 5), { nil: undefined }),
      month: fc.option(some(fc.integer({ min: 1, max: 12 }), 4), { nil: undefined }),
    })
    .map(({ by, month }) => `FREQ=DAILY${list("BYDAY", by)}${list("BYMONTH", month)}`),
  fc
    .record({ by: fc.option(some(day, 5), { nil: undefined }), start: day })
    .map(({ by, start }) => `FREQ=WEEKLY${list("BYDAY", by)};WKST=${start}`),
  fc
    .oneof(
      some(monthDay, 4).map((by) => list("BYMONTHDAY", by)),
      some(
        fc.tuple(fc.constantFrom("", "1", "2", "3", "4", "-1", "-2"), day).map((one) => one.join("")),
        4,
      ).map((by) => list("BYDAY", by)),
      fc.tuple(some(day, 5), fc.constantFrom(1, 2, -1)).map(([by, at]) => `${list("BYDAY", by)};BYSETPOS=${String(at)}`),
    )
    .map((by) => `FREQ=MONTHLY${by}`),
  fc
    .tuple(
      some(fc.integer({ min: 1, max: 12 }), 3),
      fc.oneof(
        some(fc.integer({ min: 1, max: 28 }), 3).map((by) => list("BYMONTHDAY", by)),
        some(day, 3).map((by) => list("BYDAY", by)),
      ),
    )
    .map(([month, by]) => `FREQ=YEARLY${list("BYMONTH", month)}${by}`),
);

/** What ical.js makes of a rule, as wall times of whole days at nine. */
function oracle(text: string, start: ICAL.Time, from: number, count: number): readonly number[] {
  const iterator = ICAL.Recur.fromString(text).iterator(start);
  const found: number[] = [];
  for (let at = iterator.next(); at !== null && found.length < count; at = iterator.next()) {
    const wall = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute);
    if (wall >= from) found.push(wall);
    if (at.year > 2080) break;
  }
  return found;
}

test("a rule names the days that ical.js's own expansion names", () => {
  fc.assert(
    fc.property(
      rule,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 0, max: 1_500 }),
      (text, interval, startDay, later) => {
        const full = `${text};INTERVAL=${String(interval)}`;
        const read = readRule(full);
        if (read.kind === "problem") throw new Error(`${full}: ${read.message}`);
        // ical.js counts the start as an occurrence whatever the rule says, so it starts at one.
        const earliest = startDay * 86_400_000 + 9 * 3_600_000;
        const [startMs] = wallTimes(read.rule, earliest, earliest);
        if (startMs === undefined) return;
        const at = new Date(startMs);
        const start = new ICAL.Time(
          { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), hour: 9, minute: 0, second: 0, isDate: false },
          ICAL.Timezone.utcTimezone,
        );
        const from = startMs + later * 86_400_000;
        const expected = oracle(full, start, from, 12);
        const found: number[] = [];
        for (const wall of wallTimes(read.rule, startMs, from)) if (found.push(wall) >= expected.length) break;
        const told = (walls: readonly number[]) => ({ full, walls: walls.map((one) => new Date(one).toISOString()) });
        expect(told(found.slice(0, expected.length))).toEqual(told(expected));
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test("slots grow, keep their end, and those due leave none out", () => {
  const shift = (wallMs: number) => wallMs - 3_600_000;
  fc.assert(
    fc.property(rule, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 400 }), (text, count, awayDays) => {
      const read = readRule(`${text};COUNT=${String(count)}`);
      if (read.kind === "problem") throw new Error(read.message);
      const series = { rule: read.rule, startWallMs: 1_700_000_000_000, instantOf: shift };
      const all = [...slotsFrom(series, 0)];
      expect(all.length).toBeLessThanOrEqual(count);
      expect(all).toEqual([...new Set(all)].sort((left, right) => left - right));
      const [first] = all;
      if (first === undefined) return;
      const nowMs = first + awayDays * 86_400_000;
      const due = dueSlots(series, first, nowMs);
      const past = all.filter((slot) => slot <= nowMs);
      expect([due.latestMs, due.skippedCount, due.nextMs]).toEqual([
        past.at(-1),
        past.length - 1,
        all.find((slot) => slot > nowMs) ?? null,
      ]);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test.each([
  ["FREQ=MONTHLY;BYMONTHDAY=31", ["2026-01-31", "2026-03-31", "2026-05-31"]],
  ["FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-01-31", "2026-02-28", "2026-03-31"]],
  ["FREQ=YEARLY;BYMONTH=4,1;BYMONTHDAY=-1", ["2026-01-31", "2026-04-30", "2027-01-31"]],
  ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29", "2036-02-29"]],
  ["FREQ=MONTHLY;BYDAY=5FR", ["2026-01-30", "2026-05-29", "2026-07-31"]],
  ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2026-01-30", "2026-02-27", "2026-03-31"]],
  ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", []],
])("%s", (text, expected) => {
  const read = readRule(text);
  if (read.kind === "problem") throw new Error(read.message);
  const found: string[] = [];
  for (const wall of wallTimes(read.rule, Date.UTC(2026, 0, 5, 9), 0))
    if (found.push(new Date(wall).toISOString().slice(0, 10)) >= 3) break;
  expect(found).toEqual(expected);
});

test.each([
  ["FREQ=HOURLY", "is no FREQ"],
  ["INTERVAL=2", "says FREQ"],
  ["FREQ=DAILY;BYHOUR=9", "BYHOUR is not understood"],
  ["FREQ=DAILY;COUNT=2;UNTIL=20300101", "not both"],
  ["FREQ=WEEKLY;BYDAY=1MO", "needs FREQ=MONTHLY"],
  ["FREQ=WEEKLY;BYMONTHDAY=1", "does not go with FREQ=WEEKLY"],
  ["FREQ=DAILY;BYDAY=MO;BYSETPOS=1", "does not go with FREQ=DAILY"],
  ["FREQ=MONTHLY;BYSETPOS=1", "chooses among"],
  ["FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1", "do not go together"],
  ["FREQ=YEARLY;BYDAY=MO", "need BYMONTH"],
  ["FREQ=DAILY;FREQ=DAILY", "stands twice"],
  ["FREQ=DAILY;UNTIL=20300231", "is no UNTIL"],
  ["FREQ=DAILY;INTERVAL=0", "is no INTERVAL"],
  ["FREQ=DAILY;constructor=1", "is not understood"],
  ["FREQ=MONTHLY;BYMONTHDAY=0", "is no BYMONTHDAY"],
  ["FREQ", "no NAME=VALUE"],
  [`FREQ=DAILY;BYMONTH=${"1,".repeat(200)}1`, "at most 300"],
])("%s is refused with the reason", (text, reason) => {
  expect(readRule(text)).toMatchObject({ kind: "problem", message: expect.stringContaining(reason) as string });
});
