import { expect, test } from "vitest";
import { laterTimes } from "./later-times.ts";

const at = (day: number): number => new Date(2026, 10, day, 15, 30).getTime(); // 23 November 2026 is a Monday

test("every time lies ahead, soonest first, whatever the weekday", () => {
  for (let day = 23; day < 30; day += 1) {
    const times = laterTimes(at(day)).map((time) => time.atMs);
    expect(times.every((time) => time > at(day))).toBe(true);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  }
});

test("Monday is the next one, and is not named twice", () => {
  expect(laterTimes(at(23)).at(-1)).toEqual({ label: "Monday at 9", atMs: new Date(2026, 10, 30, 9).getTime() });
  expect(laterTimes(at(29)).map((time) => time.label)).toEqual(["In an hour", "In four hours", "Tomorrow at 9"]);
});
