import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { filesUnder, root, typescript } from "./source-tree.ts";

interface Cruise {
  readonly modules: readonly { readonly source: string; readonly rules?: readonly { readonly name: string }[] }[];
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

const cruiser = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");

function cruise(folder: string, folders: readonly string[]): Cruise {
  const args = [cruiser, "--config", ".dependency-cruiser.cjs", "--output-type", "json", ...folders];
  // The exit code counts the violations; what matters here is the report.
  const text = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 256_000_000,
    stdio: ["ignore", "pipe", "ignore"],
  }).stdout;
  return JSON.parse(text) as Cruise;
}

test("the graph check sees every source file", () => {
  const folders = ["src", "verify"].filter((folder) => filesUnder(folder, typescript).length > 0);
  const seen = cruise(root, folders)
    .modules.map((module) => module.source)
    .filter((file) => /^(?:src|verify)\/.*\.tsx?$/.test(file));
  const onDisk = folders.flatMap((folder) => filesUnder(folder, typescript)).filter((file) => !file.endsWith(".d.ts"));
  expect(new Set(seen)).toEqual(new Set(onDisk));
});

/** One file per rule, each importing what it must not. */
const plants: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ["core-order-requests", "src/core/requests/x.ts", "../planning/y.ts"],
  ["core-order-shared", "src/core/shared/x.ts", "../gate/y.ts"],
  ["known-concepts", "src/core/helpers/x.ts", "../shared/y.ts"],
  ["room-core", "src/core/review/x.ts", "../../engine/y.ts"],
  ["packages-core", "src/core/review/x2.ts", "node:fs"],
  ["packages-core", "src/core/review/x3.ts", "pg"],
  ["room-divisions", "src/divisions/legal/x.ts", "../../engine/y.ts"],
  ["packages-divisions", "src/divisions/legal/x2.ts", "node:fs"],
  ["divisions-apart", "src/divisions/legal/x3.ts", "../support/y.ts"],
  ["room-contract", "src/contract/x.ts", "../engine/y.ts"],
  ["packages-contract", "src/contract/x2.ts", "node:fs"],
  ["room-engine", "src/engine/x.ts", "../adapters/postgres/y.ts"],
  ["packages-engine", "src/engine/x2.ts", "pg"],
  ["room-adapters", "src/adapters/postgres/x.ts", "../../engine/y.ts"],
  ["adapters-apart", "src/adapters/postgres/x2.ts", "../git/y.ts"],
  ["room-surfaces", "src/surfaces/http/x.ts", "../../adapters/postgres/y.ts"],
  ["surfaces-apart", "src/surfaces/http/x2.ts", "../cli/y.ts"],
  ["room-web", "src/surfaces/web/x.tsx", "../../engine/y.ts"],
  ["web-without-node", "src/surfaces/web/x2.tsx", "node:fs"],
  ["main-not-imported", "src/engine/x3.ts", "../main/y.ts"],
  ["gate-before-tools", "src/surfaces/http/x3.ts", "../../adapters/tools/y.ts"],
  ["models-behind-one-door", "src/main/x.ts", "ai"],
  ["models-behind-one-door", "src/adapters/git/x2.ts", "@ai-sdk/openai"],
  ["models-behind-one-door", "src/main/x2.ts", "ai/test"],
  ["verify-not-built-in", "src/main/x3.ts", "../../verify/y.ts"],
  ["verify-alone", "verify/x.ts", "../src/core/shared/y.ts"],
  ["resolvable", "src/engine/x4.ts", "./nowhere.ts"],
  ["no-cycles", "src/core/shared/a.ts", "./b.ts"],
];

const targets = [
  "src/core/planning/y.ts",
  "src/core/gate/y.ts",
  "src/core/shared/y.ts",
  "src/engine/y.ts",
  "src/divisions/support/y.ts",
  "src/adapters/postgres/y.ts",
  "src/adapters/git/y.ts",
  "src/adapters/tools/y.ts",
  "src/surfaces/cli/y.ts",
  "src/main/y.ts",
  "verify/y.ts",
];

test("every rule of the import table finds a planted breach", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "xvc-walls-"));
  try {
    const put = (file: string, text: string): void => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    cpSync(path.join(root, ".dependency-cruiser.cjs"), path.join(folder, ".dependency-cruiser.cjs"));
    symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    put("src/core/shared/b.ts", 'import type * as a from "./a.ts";\nexport type B = typeof a;\n');
    put("package.json", '{ "type": "module", "dependencies": { "pg": "8.0.0" } }');
    for (const file of targets) put(file, "export const y = 1;\n");
    // Only types are imported: the walls hold for them as well.
    for (const [, file, imports] of plants) put(file, `import type * as y from "${imports}";\nexport type Z = typeof y;\n`);
    const found = cruise(folder, ["src", "verify"]).summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`);
    for (const [rule, file] of plants) expect(found).toContain(`${rule} ${file}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the plants cover every rule but the concept orders, of which two stand for all", async () => {
  const config = (await import(path.join(root, ".dependency-cruiser.cjs"))) as {
    readonly default: { readonly forbidden: readonly { readonly name: string }[] };
  };
  const rules = config.default.forbidden.map((rule) => rule.name).filter((name) => !name.startsWith("core-order-"));
  const planted = new Set(plants.map(([rule]) => rule));
  expect(rules.filter((rule) => !planted.has(rule))).toEqual([]);
});
