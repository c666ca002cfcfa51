import { expect, test } from "vitest";
import type { ImportTarget } from "../../core/shared/repository-facts.ts";
import type { ResolutionContext } from "./resolution.ts";
import { resolveImports } from "./resolve-imports.ts";

const noScripts = { packages: [], aliases: [] };

function targets(
  language: string,
  from: string,
  imports: readonly (string | readonly [string, ...string[]])[],
  context: Partial<Omit<ResolutionContext, "paths">> & { readonly paths: readonly string[] },
) {
  const written = imports.map((one, index) => {
    const [specifier, ...names] = typeof one === "string" ? [one] : one;
    return { line: index + 1, specifier, names, typeOnly: false };
  });
  const facts = resolveImports([{ path: from, language, imports: written, functions: [], packageName: "" }], {
    scripts: noScripts,
    goModules: [],
    ...context,
    paths: new Set(context.paths),
  });
  return facts.map(({ target }) => shown(target));
}

function shown(target: ImportTarget): string {
  switch (target.kind) {
    case "module":
      return target.unit;
    case "unresolved":
      return `? ${target.specifier}`;
    default:
      return `${target.kind} ${target.name}`;
  }
}

test("scripts: relative paths with and without endings, compiled endings, folders, packages and the runtime's own", () => {
  const paths = ["src/a.ts", "src/b.tsx", "src/c/index.js", "src/d.json"];
  expect(
    targets(
      "TypeScript",
      "src/a.ts",
      ["./b", "./b.jsx", "./c", "./d.json", "../..", "./gone", "@x/y/z", "left-pad/deep", "node:fs", "fs/promises"],
      { paths },
    ),
  ).toEqual([
    "src/b.tsx",
    "src/b.tsx",
    "src/c/index.js",
    "src/d.json",
    "? ../..",
    "? ./gone",
    "package @x/y",
    "package left-pad",
    "builtin node:fs",
    "builtin fs/promises",
  ]);
});

test("scripts: aliases and packages of the workspace", () => {
  const scripts = {
    packages: [{ folder: "packages/ui", name: "@acme/ui", entries: ["./lib/main.js"] }],
    aliases: [{ folder: "", pattern: "@/*", targets: ["src/*"] }],
  };
  const paths = ["src/a.ts", "packages/ui/lib/main.ts", "packages/ui/src/button.ts"];
  expect(targets("TypeScript", "src/z.ts", ["@/a", "@/gone", "@acme/ui", "@acme/ui/button"], { paths, scripts })).toEqual([
    "src/a.ts",
    "? @/gone",
    "packages/ui/lib/main.ts",
    "packages/ui/src/button.ts",
  ]);
});

test("Python: packages, submodules, relative imports, the standard library", () => {
  const paths = ["src/app/__init__.py", "src/app/a.py", "src/app/sub/__init__.py", "src/app/sub/b.py", "tool.py"];
  expect(
    targets(
      "Python",
      "src/app/sub/b.py",
      [["..a", "x"], ["..", "a"], [".", "b"], ["app.sub", "b"], "app.a", "tool", "os.path", "numpy.linalg", [".gone", "x"]],
      { paths },
    ),
  ).toEqual([
    "src/app/a.py",
    "src/app/a.py",
    "src/app/sub/b.py",
    "src/app/sub/b.py",
    "src/app/a.py",
    "tool.py",
    "builtin os",
    "package numpy",
    "? .gone",
  ]);
});

test("Go: a folder below the module's path is the module", () => {
  const paths = ["cmd/main.go", "internal/x/x.go", "go.mod"];
  const goModules = [{ folder: "", name: "example.org/acme/app" }];
  expect(
    targets("Go", "cmd/main.go", ["example.org/acme/app/internal/x", "example.org/acme/app/gone", "github.com/a/b/c/d", "net/http"], {
      paths,
      goModules,
    }),
  ).toEqual(["internal/x", "? example.org/acme/app/gone", "package github.com/a/b", "builtin net/http"]);
});

test("Rust: paths from the crate, the parent and beside, and other crates", () => {
  const paths = ["src/lib.rs", "src/a.rs", "src/a/b.rs", "src/c/mod.rs"];
  expect(targets("Rust", "src/a/b.rs", ["crate::c::Thing", "super::Other", "std::fmt", "serde::de"], { paths })).toEqual([
    "src/c/mod.rs",
    "src/a.rs",
    "builtin std",
    "package serde",
  ]);
});

test("C: beside the file, elsewhere by the longest shared path, and the system", () => {
  const paths = ["src/a.c", "src/a.h", "lib/one/util.h", "src/deep/util.h", "include/api/x.h"];
  expect(targets("C", "src/a.c", ["a.h", "util.h", "<api/x.h>", "<stdio.h>", "<sys/types.h>", "gone.h"], { paths })).toEqual([
    "src/a.h",
    "src/deep/util.h",
    "include/api/x.h",
    "builtin stdio.h",
    "package sys",
    "? gone.h",
  ]);
});
