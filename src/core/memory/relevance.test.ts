import { expect, test } from "vitest";
import { bm25, relevances } from "./relevance.ts";
import { partsOf, shortened } from "./shorten-text.ts";

test("scores as the formula of Okapi BM25 does", () => {
  // Two texts of two words; `pump` is in one: idf ln(1 + 1.5 / 1.5), one occurrence, mean length: tf 2.2 / 2.2.
  expect(bm25("pump", ["pump room", "door key"])).toEqual([Math.log(2), 0]);
  // A text of four words among a mean of three: norm 1.2 * (0.25 + 0.75 * 4 / 3) = 1.5.
  expect(bm25("pump", ["pump pump room wall", "door key"])[0]).toBeCloseTo((Math.log(2) * 2 * 2.2) / 3.5, 12);
});

test("a rare word counts more than a common one, and nothing in common is nothing", () => {
  const texts = ["the valve licence", "the valve", "the valve", "the door"];
  const [rare = 0, common = 0, , door = 0] = relevances("valve licence", texts);
  expect(rare).toBe(1);
  expect(common).toBeLessThan(0.5);
  expect(door).toBe(0);
  expect(relevances("", texts)).toEqual([0, 0, 0, 0]);
  expect(relevances("valve", [])).toEqual([]);
});

test("shortens at a paragraph where one fits, and parts a text without losing a word", () => {
  const text = ["one two", "three four five", "x".repeat(300)].join("\n\n");
  expect(shortened(text, 400)).toBe(text);
  expect(shortened(text, 80)).toBe("one two\n\nthree four five\n\n[shortened: 302 characters left out]");
  expect(shortened("a".repeat(400), 10)).toMatch(/^a{240}\n\n\[shortened: 160 characters left out\]$/u);
  const parts = partsOf(text, { maxChars: 120, maxParts: 9 });
  expect(parts.map((part) => part.length)).toEqual([24, 120, 120, 60]);
  expect(parts.join("").replaceAll("\n\n", "")).toBe(text.replaceAll("\n\n", ""));
  expect(partsOf(text, { maxChars: 120, maxParts: 2 })).toHaveLength(2);
});
