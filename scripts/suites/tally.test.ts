import { expect, test } from "vitest";
import { summarise, type SuiteTally } from "./tally.ts";

const tallies: readonly SuiteTally[] = [
  { name: "format", passed: 1, failed: 0, skipped: [], seconds: 0.1 },
  { name: "web", passed: 3, failed: 1, skipped: [{ name: "prints", reason: "no printer" }], seconds: 2 },
];

test("the last line counts all suites and stands alone", () => {
  const { text, failed } = summarise(tallies, false);
  expect(text.split("\n").at(-1)).toBe("4 passed, 1 failed");
  expect(failed).toBe(1);
});

test("a skipped test is named with its reason", () => {
  expect(summarise(tallies, false).text).toContain("SKIPPED web: prints: no printer");
});

test("where nobody reads the reason a skipped test has failed", () => {
  expect(summarise(tallies, true)).toMatchObject({ failed: 2 });
  expect(summarise(tallies, true).text.split("\n").at(-1)).toBe("4 passed, 2 failed");
});

test("what cannot be injected is named and not counted", () => {
  expect(summarise([], true).text).toContain("NOT RUN power loss below the file system");
  expect(summarise([], true).failed).toBe(0);
});
