import fc from "fast-check";
import { expect, test } from "vitest";
import { syntaxOf } from "./languages.ts";
import { linesOf, readLines } from "./line-reader.ts";

const pieces = fc.array(fc.constantFrom("a", " ", "\n", '"', "'", "`", "/*", "*/", "//", "#", '"""', "\\", "\r\n", "\t", "é"), {
  maxLength: 60,
});
const language = fc.constantFrom("TypeScript", "Python", "Rust", "Shell", "HTML", "CSV", "SQL");

test("code, comment and blank lines add up to the lines, whatever the text", () => {
  fc.assert(
    fc.property(pieces, language, (parts, name) => {
      const text = parts.join("");
      const { counts, code } = readLines(text, syntaxOf(name));
      expect(counts.code + counts.comment + counts.blank).toBe(counts.total);
      expect(counts.total).toBe(linesOf(text).length);
      expect(code).toHaveLength(counts.total);
      expect(code.filter((line) => line !== "")).toHaveLength(counts.code);
    }),
  );
});
