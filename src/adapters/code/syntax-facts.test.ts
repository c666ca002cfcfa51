import { expect, test } from "vitest";
import { syntaxReader } from "./syntax-reader.ts";

const reader = syntaxReader();
const read = (path: string, language: string, text: string) => reader({ path, language, text, bytes: text.length, content: "text" });

interface Expected {
  readonly path: string;
  readonly language: string;
  readonly text: string;
  readonly imports: readonly string[];
  /** name, complexity, nesting, parameters */
  readonly functions: readonly (readonly [string, number, number, number])[];
}

const cases: readonly Expected[] = [
  {
    path: "a.ts",
    language: "TypeScript",
    text: `import type { A } from "./a";
export * from "./b";
const f = async (x: number, y = 1) => {
  if (x && y) for (const z of [x]) { while (z) {} }
  else if (y) return x ?? y;
  return x ? 1 : 2;
};
class C { m() { switch (1) { case 1: break; default: } } }
void import("c"); require("d");
`,
    imports: ["./a", "./b", "c", "d"],
    functions: [
      ["f", 8, 3, 2],
      ["m", 2, 1, 0],
    ],
  },
  {
    path: "a.py",
    language: "Python",
    text: `import a.b, c as d
from .x import y, z
def f(self, p, q=1, *r):
    if p and q:
        for i in q: pass
    elif p: pass
    try: pass
    except ValueError: pass
    return [j for j in q if j] if p else None
`,
    imports: ["a.b", "c", ".x"],
    functions: [["f", 9, 2, 3]],
  },
  {
    path: "a.go",
    language: "Go",
    text: `package p
import (
  "fmt"
  x "example.org/y/z"
)
func (r *T) F(a, b int, c string) {
  if a > 0 && b > 0 { } else if c == "" { for range c { } }
  switch c { case "x": default: }
}
`,
    imports: ["fmt", "example.org/y/z"],
    functions: [["F", 6, 2, 3]],
  },
  {
    path: "A.java",
    language: "Java",
    text: `package a.b;
import a.b.C;
import static x.Y.z;
import q.*;
class A { int m(int a, String... b) { if (a > 1 || a < 0) { for (;;) {} } else if (a == 2) {} switch (a) { case 1: break; default: } return a > 1 ? 1 : 2; } }
`,
    imports: ["a.b.C", "x.Y.z", "q.*"],
    functions: [["m", 7, 2, 2]],
  },
  {
    path: "a.rs",
    language: "Rust",
    text: `use crate::a::{b, c::D};
use super::x;
fn f(&self, a: i32) { if a > 1 && a < 9 { loop {} } else if a == 3 {} match a { 1 => 2, _ => 3 }; g()?; }
`,
    imports: ["crate::a::b", "crate::a::c::D", "super::x"],
    functions: [["f", 7, 2, 1]],
  },
  {
    path: "a.c",
    language: "C",
    text: `#include "a.h"
#include <b/c.h>
static int *f(int a, char *b) { if (a && b) { } else if (a) { } switch (a) { case 1: break; default: ; } return a ? b : 0; }
void g(void) {}
`,
    imports: ["a.h", "<b/c.h>"],
    functions: [
      ["f", 6, 1, 2],
      ["g", 1, 0, 0],
    ],
  },
];

test.each(cases)("reads imports and functions of $language", async ({ path, language, text, imports, functions }) => {
  const facts = await read(path, language, text);
  expect(facts.imports.map((one) => one.specifier)).toEqual(imports);
  expect(facts.functions.map((one) => [one.name, one.cyclomatic, one.nesting, one.parameters])).toEqual(functions);
});

test("lines are those of the file, and a type-only import says so", async () => {
  const facts = await read("a.ts", "TypeScript", 'import { b } from "b";\n\nimport type { A } from "a";\nfunction f() {\n  return 1;\n}\n');
  expect(facts.imports.map((one) => [one.line, one.typeOnly])).toEqual([
    [1, false],
    [3, true],
  ]);
  expect(facts.functions.map((one) => [one.line, one.endLine, one.lines])).toEqual([[4, 6, 3]]);
});

test("a function inside another keeps its own decisions", async () => {
  const facts = await read(
    "a.js",
    "JavaScript",
    "function outer(a) { if (a) {} return [a].map(function inner(b) { return b && a || b; }); }",
  );
  expect(Object.fromEntries(facts.functions.map((one) => [one.name, one.cyclomatic]))).toEqual({ outer: 2, inner: 3 });
});

test("broken code gives what can be read of it", async () => {
  const facts = await read("a.ts", "TypeScript", 'import { a } from "./a";\nfunction f( { if (\n');
  expect(facts.imports.map((one) => one.specifier)).toEqual(["./a"]);
});
