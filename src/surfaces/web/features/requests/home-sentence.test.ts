import { expect, test } from "vitest";
import { items, nowMs, rows } from "../../../../../test/support/web-scenario.ts";
import { homeSentence } from "./home-sentence.ts";

const said = (parts: ReturnType<typeof homeSentence>): string => parts.map((part) => part.text).join("");
const all = { rows, hasMore: false };
const hourMs = 3_600_000;

test("says what needs the reader and what runs, each figure with its rows", () => {
  const parts = homeSentence(items, all, nowMs);
  expect(said(parts)).toBe("3 things need you. 4 requests are under way.");
  expect(parts.filter((part) => part.to !== undefined).map((part) => part.to)).toEqual(["/inbox", "/requests"]);
});

test("names the longest wait for somebody else, once it is long", () => {
  const late = items.map((item) => (item.mine ? item : { ...item, askedAtMs: nowMs - 50 * hourMs }));
  expect(said(homeSentence(late, all, nowMs))).toBe("3 things need you; ENG-5 waits since 2 d 2 h for a lead. 4 requests are under way.");
});

test("says nothing needs you, overdue ones, and that there are more than were read", () => {
  expect(said(homeSentence([], { rows: [], hasMore: false }, nowMs))).toBe("Nothing needs you.");
  const one = items.filter((item) => item.mine).slice(0, 1);
  const overdue = one.map((item) => ({ ...item, overdue: true }));
  expect(said(homeSentence(overdue, { rows, hasMore: true }, nowMs))).toBe(
    "1 thing needs you, 1 overdue. 4 or more requests are under way.",
  );
});
