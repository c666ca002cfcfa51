import { expect, test } from "vitest";
import { bytesText, countText, durationText, hoursText, moneyText, relativeText, titleWords } from "./words.ts";

test.each([
  [900, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [3_600_000, "1 h"],
  [12_000_000, "3 h 20 min"],
  [187_200_000, "2 d 4 h"],
])("a duration of %d ms reads %s", (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});

test("an instant is told relative to now, on both sides of it", () => {
  expect(relativeText(1_000, 2_000)).toBe("just now");
  expect(relativeText(0, 300_000)).toBe("5 min ago");
  expect(relativeText(7_200_000, 0)).toBe("in 2 h");
  expect(relativeText(0, 259_200_000)).toBe("3 d ago");
});

test("hours of work keep a readable unit", () => {
  expect(hoursText(8)).toBe("8 h");
  expect(hoursText(0.5)).toBe("30 min");
  expect(hoursText(0.01)).toBe("36 s");
});

test("money is micro-units and survives an unknown currency", () => {
  expect(moneyText(12_500_000, "EUR")).toMatch(/12[.,]50/);
  expect(moneyText(1_000_000, "not a code")).toBe("1 not a code");
});

test("counts, bytes and names read as words", () => {
  expect(countText(1, "task")).toBe("1 task");
  expect(countText(0, "reply", "replies")).toBe("0 replies");
  expect(bytesText(2_340_000)).toBe("2.3 MB");
  expect(titleWords("needs-input")).toBe("Needs input");
});
