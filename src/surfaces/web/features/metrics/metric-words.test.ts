import { expect, test } from "vitest";
import { auditAddress, intervalText, trendText, valueText } from "./metric-words.ts";

test("values are told in their unit", () => {
  expect([
    valueText(0.814, "share"),
    valueText(3_600_000, "ms"),
    valueText(2.5, "per-week"),
    valueText(0.25, "ratio"),
    valueText(123.4, "ratio"),
  ]).toEqual(["81 %", "1 h", "2.50 a week", "0.25", "123"]);
  expect(valueText(null, "share")).toBe("not enough data");
  expect(intervalText({ interval: { low: 0.1, high: 0.9 }, unit: "share" })).toBe("10 % to 90 %");
  expect(intervalText({ interval: null, unit: "share" })).toBe("");
});

test("a change is told only against a baseline, shares in points", () => {
  expect(trendText({ value: 0.8, before: { value: 0.7, n: 20 }, unit: "share" })).toBe("+10 points");
  expect(trendText({ value: 5, before: { value: 10, n: 20 }, unit: "per-week" })).toBe("−50 %");
  expect(trendText({ value: 5, before: { value: 5, n: 20 }, unit: "ms" })).toBe("±0 %");
  expect(trendText({ value: 5, before: { value: 0, n: 20 }, unit: "ms" })).toBeNull();
  expect(trendText({ value: null, before: { value: 1, n: 20 }, unit: "ms" })).toBeNull();
});

test("the rows behind a number are an address of the audit page", () => {
  expect(auditAddress({ kinds: ["task.accepted", "gate.decided"], fromMs: 1, toMs: 2 })).toBe(
    "/audit?kinds=task.accepted%2Cgate.decided&from=1&to=2",
  );
});
