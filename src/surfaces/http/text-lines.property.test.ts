import fc from "fast-check";
import { expect, test } from "vitest";
import { foldedLines, textLines } from "./text-lines.ts";

const text = fc.array(fc.constantFrom("a", "b", "", " a", "\r"), { maxLength: 30 }).map((lines) => lines.join("\n"));

test("the same and removed lines are the old text, the same and added ones the new; folding hides only what both have", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = textLines(before, after) ?? [];
      const of = (kinds: readonly string[]): string =>
        lines
          .filter(({ kind }) => kinds.includes(kind))
          .map((line) => line.text)
          .join("");
      expect(of(["same", "removed"])).toBe(before);
      expect(of(["same", "added"])).toBe(after);
      const folded = foldedLines(lines);
      expect(folded.reduce((count, line) => count + line.lines, 0)).toBe(lines.length);
      expect(folded.filter(({ kind }) => kind === "added" || kind === "removed")).toEqual(lines.filter(({ kind }) => kind !== "same"));
    }),
    { numRuns: 500 },
  );
});

test("texts that are too long or have too little in common are not compared line by line", () => {
  expect(textLines("a".repeat(200_001), "b")).toBeNull();
  const lines = (prefix: string): string => Array.from({ length: 5_000 }, (_, at) => `${prefix}${String(at)}`).join("\n");
  expect(textLines(lines("a"), lines("b"))).toBeNull();
});
