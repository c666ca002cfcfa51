import { expect, test } from "vitest";
import { hoursOf, minuteOf, spansOf, timeOf } from "./calendars-data.ts";

test("hours of a day are read as they are written", () => {
  const spans = spansOf("9:00-12:00, 13:00–24:00", 3) ?? [];
  expect(spans).toEqual([
    { weekday: 3, fromMinute: 540, toMinute: 720 },
    { weekday: 3, fromMinute: 780, toMinute: 1_440 },
  ]);
  expect(hoursOf(spans, 3)).toBe("09:00-12:00, 13:00-24:00");
  expect(hoursOf(spans, 4)).toBe("");
  expect(spansOf(" ", 1)).toEqual([]);
  for (const wrong of ["9", "17:00-9:00", "09:00-25:00", "9:60-10:00", "always"])
    expect([wrong, spansOf(wrong, 1)]).toEqual([wrong, undefined]);
  expect([timeOf(0), timeOf(605), minuteOf("24:01")]).toEqual(["00:00", "10:05", undefined]);
});
