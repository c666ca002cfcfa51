import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./source-tree.ts";

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

const long = Array.from({ length: 62 }, (_, line) => `  console.assert(${line} >= 0);`).join("\n");
const branches = Array.from({ length: 12 }, (_, number) => `  if (a === ${number}) return ${number};`).join("\n");

/** Each text breaks the rule where it stands. The file is named after the rule and the position in this list. */
const plants: readonly (readonly [rule: string, folder: string, text: string])[] = [
  ["eslint(no-restricted-globals)", "src/core/review", "export const now = () => Date.now();"],
  ["eslint(no-restricted-globals)", "src/engine/review", "export const now = () => new Date();"],
  ["eslint(no-restricted-globals)", "src/engine/review", "export const wait = () => setTimeout(() => {}, 1);"],
  ["eslint(no-restricted-globals)", "src/surfaces/http", 'export const load = () => fetch("http://localhost");'],
  ["eslint(no-restricted-properties)", "src/core/review", "export const dice = () => Math.random();"],
  ["typescript(no-explicit-any)", "src/core/review", "export const f = (a: any): unknown => a;"],
  ["typescript(no-non-null-assertion)", "src/core/review", "export const f = (a: string | null): string => a!;"],
  ["import(no-default-export)", "src/engine/review", "export default 1;"],
  ["oxc(no-barrel-file)", "src/engine/review", 'export * from "./plant-0.ts";'],
  ["vitest(no-restricted-vi-methods)", "src/engine/review", `import { vi } from "vitest";\nvi.${"mock"}("./plant-0.ts");`],
  ["vitest(no-focused-tests)", "src/engine/review", `import { test } from "vitest";\ntest.${"only"}("x", () => {});`],
  ["vitest(no-disabled-tests)", "src/engine/review", `import { test } from "vitest";\ntest.${"skip"}("x", () => {});`],
  ["eslint(no-console)", "src/engine/review", 'console.log("x");'],
  ["eslint(no-console)", "src/adapters/git", 'console.error("x");'],
  ["eslint(max-lines)", "src/core/review", `${"// line\n".repeat(301)}export const a = 1;`],
  ["eslint(max-lines-per-function)", "src/surfaces/cli", `export function f(): void {\n${long}\n}`],
  ["eslint(complexity)", "src/core/review", `export function f(a: number): number {\n${branches}\n  return -1;\n}`],
  ["eslint(max-params)", "src/core/review", "export const f = (a: number, b: number, c: number, d: number): number => a + b + c + d;"],
  ["typescript(no-floating-promises)", "src/engine/review", "async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}"],
  [
    "typescript(switch-exhaustiveness-check)",
    "src/core/review",
    'export function f(a: "x" | "y"): void {\n  switch (a) {\n    case "x":\n      return;\n  }\n}',
  ],
  ["typescript(only-throw-error)", "src/engine/review", 'export function f(): never {\n  throw "text";\n}'],
  ["typescript(no-unsafe-return)", "src/engine/review", "export const f = (text: string): string => JSON.parse(text);"],
];

const allowed: readonly (readonly [folder: string, text: string])[] = [
  ["src/adapters/git", "export const now = () => Date.now();"],
  ["src/main", "console.log(new Date(), setTimeout);"],
  ["src/surfaces/cli", 'console.log("x");'],
];

let folder = "";
let found: readonly string[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "xvc-lint-"));
  for (const file of [".oxlintrc.json", "tsconfig.base.json", "tsconfig.json"]) cpSync(path.join(root, file), path.join(folder, file));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), `${text}\n`);
  };
  for (const [position, [, room, text]] of plants.entries())
    put(`${room}/plant-${position}.${text.includes("vitest") ? "test.ts" : "ts"}`, text);
  for (const [position, [room, text]] of allowed.entries()) put(`${room}/allowed-${position}.ts`, text);
  put("src/engine/review/CamelCase.ts", "export const a = 1;");
  const lint = spawnSync(process.execPath, [path.join(root, "node_modules/oxlint/bin/oxlint"), "-f", "json"], {
    cwd: folder,
    encoding: "utf8",
  });
  const { diagnostics } = JSON.parse(lint.stdout) as { readonly diagnostics: readonly Diagnostic[] };
  found = diagnostics.map((diagnostic) => `${diagnostic.code} ${diagnostic.filename}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(plants.map(([rule, room, text], position) => [rule, room, text, position] as const))(
  "lint finds %s in %s",
  (rule, room, text, position) => {
    expect(found).toContain(`${rule} ${room}/plant-${position}.${text.includes("vitest") ? "test.ts" : "ts"}`);
  },
);

test("lint finds a file that is not kebab-case", () => {
  expect(found).toContain("unicorn(filename-case) src/engine/review/CamelCase.ts");
});

test.each(allowed.map(([room], position) => `${room}/allowed-${position}.ts`))("lint allows %s", (file) => {
  expect(found.filter((line) => line.endsWith(` ${file}`))).toEqual([]);
});
