import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root, shippedSources } from "./source-tree.ts";

const mostLines = 300;

/*
 * Function length, complexity and parameters are lint rules; that those rules bite is shown in lint-bans.test.ts.
 */
test("no shipped source is longer than 300 lines", () => {
  const long = shippedSources().filter((source) => source.text.split("\n").length - 1 > mostLines);
  expect(long.map((source) => source.file)).toEqual([]);
});

test("no file is exempt from the size rules", () => {
  const config = JSON.parse(readFileSync(path.join(root, ".oxlintrc.json"), "utf8")) as {
    readonly overrides: readonly { readonly files: readonly string[]; readonly rules: Readonly<Record<string, unknown>> }[];
  };
  const sizes = ["eslint/max-lines", "eslint/max-lines-per-function", "eslint/max-params", "eslint/complexity"];
  const exempt = config.overrides.filter((override) => sizes.some((rule) => rule in override.rules)).flatMap((override) => override.files);
  expect(exempt).toEqual(["**/*.test.ts", "**/*.test.tsx", "test/**"]);
  const off = shippedSources().filter((source) => /(?:oxlint|eslint)-disable[^\n]*(?:max-lines|complexity)/.test(source.text));
  expect(off.map((source) => source.file)).toEqual([]);
});
