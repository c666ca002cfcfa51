import fc from "fast-check";
import { expect, test } from "vitest";
import { excerptOf, rangesOf } from "./search-excerpt.ts";
import { fitOf, roughStem, similarityOf, wantedWords, wordsIn } from "./search-words.ts";

const word = fc.constantFrom("invoice", "Invoices", "Ökonomie", "plan", "planning", "x", "42", "😀", "<b>", "&amp;", "über-mut");
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc.array(fc.oneof(word, fc.string({ maxLength: 12 })), { maxLength: 90 }).map((parts) => parts.join(" ")),
);

test("places of an excerpt are words that fit, in order and apart, and cut no character in two", () => {
  fc.assert(
    fc.property(text, fc.array(word, { minLength: 1, maxLength: 3 }), fc.array(word, { maxLength: 2 }), (whole, asked, similar) => {
      const sought = { words: wantedWords(asked.join(" ")), similar: similar.flatMap((one) => wordsIn(one)) };
      const excerpt = excerptOf(whole, sought);
      let end = 0;
      for (const { from, to } of excerpt.ranges) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(to).toBeGreaterThan(from);
        end = to;
        const [found = ""] = wordsIn(excerpt.text.slice(from, to));
        const fits = sought.words.some((wanted, at) => fitOf(found, wanted, at === sought.words.length - 1) !== null);
        expect(fits || sought.similar.includes(found)).toBe(true);
      }
      expect(end).toBeLessThanOrEqual(excerpt.text.length);
      expect(excerpt.text.isWellFormed() || !whole.isWellFormed()).toBe(true);
      expect(excerpt.text.length).toBeLessThanOrEqual(246);
      const isShown = rangesOf(whole, sought).some(({ from, to }) => to - from <= 100 && from < 100);
      expect(isShown && excerpt.ranges.length === 0).toBe(false);
    }),
  );
});

test("an excerpt begins near what was found first, at a word, and says that it was cut", () => {
  const long = `${"before ".repeat(40)}the invoice ${"after ".repeat(60)}`;
  const { text: piece, ranges } = excerptOf(long, { words: ["invoice"], similar: [] });
  expect(piece.startsWith("… before")).toBe(true);
  expect(piece.endsWith(" …")).toBe(true);
  expect(ranges.map(({ from, to }) => piece.slice(from, to))).toEqual(["invoice"]);
  expect(excerptOf("nothing of it", { words: ["invoice"], similar: [] })).toEqual({ text: "nothing of it", ranges: [] });
  expect(rangesOf("a ".repeat(200), { words: ["a"], similar: [] })).toHaveLength(50);
  const unbroken = `${"x".repeat(200)}\u{1f600}invoice`;
  expect(excerptOf(unbroken, { words: ["invoice"], similar: [] }).text.isWellFormed()).toBe(true);
});

test("words are runs of letters and digits in lower case; of a question at most twelve, each once", () => {
  expect(wordsIn("ENG-42: Über's e-mail")).toEqual(["eng", "42", "über", "s", "e", "mail"]);
  expect(wantedWords("a b a")).toEqual(["a", "b"]);
  expect(wantedWords(`${"x".repeat(101)} y`)).toEqual(["y"]);
  expect(wantedWords(Array.from({ length: 30 }, (_, at) => `w${String(at)}`).join(" "))).toHaveLength(12);
});

test("a word fits exactly, by its stem, or as a beginning where it may be unfinished", () => {
  expect(fitOf("plan", "plan", false)).toBe("exact");
  expect(fitOf("planning", "plans", false)).toBe("stem");
  expect(fitOf("planetary", "plane", true)).toBe("beginning");
  expect(fitOf("planetary", "plane", false)).toBeNull();
  expect(fitOf("planetary", "p", true)).toBeNull();
  expect([roughStem("sing"), roughStem("is"), roughStem("categories")]).toEqual(["sing", "is", "categor"]);
});

test("similarity is 1 for a word with itself, 0 with nothing in common, and the same both ways", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (one, other) => {
      expect(similarityOf(one, one)).toBe(1);
      expect(similarityOf(one, other)).toBe(similarityOf(other, one));
    }),
  );
  expect(similarityOf("abc", "xyz")).toBe(0);
  expect(similarityOf("certifcate", "certificate")).toBeGreaterThan(0.5);
});
