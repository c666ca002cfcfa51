import { expect, test } from "vitest";
import { syntaxOf } from "./languages.ts";
import { linesOf, readLines } from "./line-reader.ts";

const read = (language: string, lines: readonly string[]) => readLines(lines.join("\n"), syntaxOf(language));

test("a final line feed opens no further line", () => {
  expect([linesOf(""), linesOf("a"), linesOf("a\n"), linesOf("a\n\n")].map((lines) => lines.length)).toEqual([0, 1, 1, 2]);
});

test("a line with code and a comment is code", () => {
  expect(read("TypeScript", ["const a = 1; // one", "// two", "/* three", "   four */ const b = 2;", "", "/* five */"]).counts).toEqual({
    total: 6,
    code: 2,
    comment: 3,
    blank: 1,
  });
});

test("marks inside texts open no comment", () => {
  const { code, counts } = read("TypeScript", [
    'const glob = "src/**/*.ts";',
    "const url = `http://x",
    "/* still text */",
    "`;",
    "call();",
  ]);
  expect(counts).toEqual({ total: 5, code: 5, comment: 0, blank: 0 });
  expect(code[2]).toBe("/* still text */");
});

test("an escaped quote does not end its text", () => {
  expect(read("JavaScript", [String.raw`const a = "\" // not a comment";`]).code).toEqual([String.raw`const a = "\" // not a comment";`]);
});

test("a hash inside a word is no comment", () => {
  expect(read("Shell", ['echo "${#list}"', "x=${y#z}", "# gone", "ls # tail"]).counts).toEqual({ total: 4, code: 3, comment: 1, blank: 0 });
});

test("a Python text over several lines is code, a comment is not", () => {
  expect(read("Python", ['"""', "# words", '"""', "# comment", "x = 1"]).counts).toEqual({ total: 5, code: 4, comment: 1, blank: 0 });
});
