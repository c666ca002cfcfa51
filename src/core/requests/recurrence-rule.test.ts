import { expect, test } from "vitest";
import { type ReadRule, readRule, readWallTime, ruleLimits } from "./recurrence-rule.ts";

const problemOf = (text: string): string => {
  const read = readRule(text);
  return read.kind === "problem" ? read.message : "a rule";
};
const untilOf = (read: ReadRule) => (read.kind === "rule" ? read.rule.until : read.message);

test("every part is read; what is not stated has the standard's default", () => {
  expect(readRule(" rrule:freq=weekly".trim())).toEqual({
    kind: "rule",
    rule: {
      frequency: "WEEKLY",
      interval: 1,
      count: null,
      until: null,
      byDay: [],
      byMonthDay: [],
      byMonth: [],
      bySetPosition: [],
      weekStart: 0,
    },
  });
  expect(readRule("FREQ=MONTHLY;INTERVAL=2;COUNT=5;BYMONTH=3,3,12;BYDAY=MO,FR;BYSETPOS=-1;WKST=SU")).toMatchObject({
    rule: {
      interval: 2,
      count: 5,
      byMonth: [3, 12],
      byDay: [
        { weekday: 0, ordinal: 0 },
        { weekday: 4, ordinal: 0 },
      ],
      bySetPosition: [-1],
      weekStart: 6,
    },
  });
  expect(readRule("FREQ=MONTHLY;BYDAY=1MO,-1FR")).toMatchObject({ rule: { byDay: [{ ordinal: 1 }, { ordinal: -1 }] } });
  expect(readRule("FREQ=MONTHLY;BYMONTHDAY=+1,-31")).toMatchObject({ rule: { byMonthDay: [1, -31] } });
});

test("an end is a whole day on the wall, a time on the wall, or an instant", () => {
  expect(untilOf(readRule("FREQ=DAILY;UNTIL=19700102"))).toEqual({ kind: "wall", ms: 2 * 86_400_000 - 1 });
  expect(untilOf(readRule("FREQ=DAILY;UNTIL=19700102T010203"))).toEqual({ kind: "wall", ms: 86_400_000 + 3_723_000 });
  expect(untilOf(readRule("FREQ=DAILY;UNTIL=19700102T010203Z"))).toEqual({ kind: "instant", ms: 86_400_000 + 3_723_000 });
  for (const until of ["20260230", "20261301", "20260001", "20260100", "2026", "20260101T09", "20260101 090000"])
    expect(problemOf(`FREQ=DAILY;UNTIL=${until}`)).toContain("is no UNTIL that is understood here");
  expect(untilOf(readRule("FREQ=DAILY;UNTIL=20240229"))).toMatchObject({ kind: "wall" });
  expect(problemOf("FREQ=DAILY;UNTIL=21000229")).toContain("is no UNTIL");
  expect(untilOf(readRule("FREQ=DAILY;UNTIL=20000229"))).toMatchObject({ kind: "wall" });
});

test("what is not understood is refused with the part that is wrong", () => {
  expect(problemOf(`FREQ=DAILY;${" ".repeat(ruleLimits.textLength)}`)).toContain("at most 300 characters");
  for (const text of ["", "FREQ", "FREQ=", "=DAILY", "FREQ=DAILY=DAILY", "FREQ=DAILY;"])
    expect(problemOf(text)).toContain("is no NAME=VALUE of a calendar rule");
  expect(problemOf("FREQ=DAILY;BYHOUR=9")).toContain("BYHOUR is not understood here");
  expect(problemOf("FREQ=DAILY;FREQ=DAILY")).toBe("FREQ stands twice.");
  expect(problemOf("INTERVAL=2")).toBe("A rule says FREQ, such as FREQ=WEEKLY.");
  const wrong = ["FREQ=HOURLY", "INTERVAL=0", "INTERVAL=1001", "INTERVAL=x", "COUNT=0", "COUNT=1001", "WKST=XX", "BYDAY=6MO", "BYDAY=XX"];
  for (const part of [...wrong, "BYMONTHDAY=0", "BYMONTHDAY=32", "BYMONTH=13", "BYMONTH=-1", "BYSETPOS=367", "BYSETPOS=1,,2"])
    expect(problemOf(part.startsWith("FREQ") ? part : `FREQ=MONTHLY;${part}`)).toContain("that is understood here");
  expect(problemOf(`FREQ=MONTHLY;BYDAY=${Array.from({ length: 61 }, () => "MO").join(",")}`)).toContain("is no BYDAY");
  expect(problemOf(`FREQ=MONTHLY;BYMONTHDAY=${Array.from({ length: 63 }, () => "1").join(",")}`)).toContain("is no BYMONTHDAY");
});

test("combinations that mean nothing, or differ between programs, are refused", () => {
  expect(problemOf("FREQ=DAILY;COUNT=2;UNTIL=20300101")).toContain("COUNT or UNTIL, not both");
  for (const frequency of ["DAILY", "WEEKLY"]) expect(problemOf(`FREQ=${frequency};BYDAY=1MO`)).toContain("needs FREQ=MONTHLY or YEARLY");
  expect(problemOf("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1")).toContain("do not go together");
  expect(problemOf("FREQ=WEEKLY;BYMONTHDAY=1")).toContain("does not go with FREQ=WEEKLY");
  expect(problemOf("FREQ=DAILY;BYDAY=MO;BYSETPOS=1")).toContain("does not go with FREQ=DAILY");
  expect(problemOf("FREQ=MONTHLY;BYSETPOS=1")).toContain("name one");
  expect(problemOf("FREQ=YEARLY;BYDAY=1MO")).toContain("need BYMONTH");
  expect(problemOf("FREQ=YEARLY;BYMONTHDAY=1")).toContain("need BYMONTH");
  expect(problemOf("FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=5")).toBe("a rule");
  expect(problemOf("FREQ=YEARLY")).toBe("a rule");
});

test("a wall time is a day there is and a time of day", () => {
  expect(readWallTime("1970-01-02T01:02")).toBe(86_400_000 + 3_720_000);
  for (const text of ["1969-12-31T09:00", "2026-02-29T09:00", "2026-13-01T09:00", "2026-01-01T24:00", "2026-01-01T09:60", "2026-01-01"])
    expect(readWallTime(text)).toBeNull();
});
