import { expect, test } from "vitest";
import { breachesOf } from "./source-rules.ts";
import { filesUnder, readAll, typescript } from "./source-tree.ts";

const folders = ["src", "verify", "test", "bench", "scripts"];

test("no source breaks a rule that only the syntax tree shows", () => {
  const sources = readAll(folders.flatMap((folder) => filesUnder(folder, typescript)));
  expect(sources.length).toBeGreaterThan(40);
  expect(sources.flatMap((source) => breachesOf(source)).map((breach) => `${breach.where} ${breach.rule}`)).toEqual([]);
});

const plants: readonly (readonly [rule: string, file: string, text: string])[] = [
  ["async-in-pure-code", "src/core/review/x.ts", "export async function f() {}"],
  ["async-in-pure-code", "src/core/review/x.ts", "export const f = async () => 1;"],
  ["async-in-pure-code", "src/divisions/legal/x.ts", "export const o = { async m() {} };"],
  ["async-in-pure-code", "src/core/review/x.ts", 'export const f = () => import("./y.ts");'],
  ["enum", "src/engine/x.ts", "enum Colour { Red }"],
  ["enum", "src/engine/x.ts", "declare const enum Colour { Red }"],
  ["namespace", "src/engine/x.ts", "namespace A { export const b = 1; }"],
  ["parameter-property", "src/engine/x.ts", "class A { constructor(private readonly b: number) {} }"],
  ["decorator", "src/engine/x.ts", "@sealed class A {}"],
  ["barrel", "src/engine/index.ts", 'export * from "./x.ts";'],
  ["mocked-module", "src/engine/x.test.ts", `vi.${"mock"}("./y.ts");`],
  ["switched-off-test", "src/engine/x.test.ts", `test.${"skip"}("later", () => {});`],
  ["switched-off-test", "src/engine/x.test.ts", `describe.${"only"}("this", () => {});`],
  ["todo-without-issue", "src/engine/x.ts", `// ${"TODO"} later`],
  ["lint-off-without-reason", "src/engine/x.ts", `// ${"oxlint"}-disable-next-line no-console`],
  ["types-off", "src/engine/x.ts", `// @${"ts-ignore"}`],
  ["does-not-parse", "src/engine/x.ts", "export const = 1;"],
];

test.each(plants)("finds %s planted in %s: %s", (rule, file, text) => {
  expect(breachesOf({ file, text }).map((breach) => breach.rule)).toContain(rule);
});

test.each([
  ["src/engine/x.ts", "export async function f() {}"],
  ["src/core/review/x.test.ts", "test('waits', async () => {});"],
  ["src/divisions/legal/index.ts", 'export * from "./x.ts";'],
  ["src/engine/x.ts", `// ${"TODO"} #12 later`],
])("allows in %s: %s", (file, text) => {
  expect(breachesOf({ file, text })).toEqual([]);
});
