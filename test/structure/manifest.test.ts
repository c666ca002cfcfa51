import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { filesUnder, root } from "./source-tree.ts";

interface Manifest {
  readonly [field: string]: unknown;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly hasInstallScript?: boolean; readonly integrity?: string }>
  >;
}

const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as Manifest;
const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as LockFile;
const tsc = path.join(root, "node_modules/typescript/bin/tsc");

test("every dependency is pinned to one release", () => {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  expect(Object.entries(all).filter(([, range]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range))).toEqual([]);
});

test("the lock file names no registry and has a hash for every package", () => {
  const packages = Object.entries(lock.packages).filter(([name]) => name !== "");
  expect(packages.filter(([, entry]) => entry.resolved !== undefined || entry.integrity === undefined).map(([name]) => name)).toEqual([]);
});

test("every package with an install script was decided on", () => {
  const scripted = Object.entries(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([name]) => name.replace(/^.*node_modules\//, ""));
  expect(Object.keys(manifest.allowScripts).toSorted()).toEqual([...new Set(scripted)].toSorted());
});

test("every runtime dependency has its reason in the decision record", () => {
  const records = [
    "0005-dependencies.md",
    "0012-oversight-dependencies.md",
    "0014-memory-dependencies.md",
    "0018-execution-dependencies.md",
  ];
  const record = records.map((file) => readFileSync(path.join(root, "docs/decisions", file), "utf8")).join("");
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)];
  expect(names.filter((name) => !record.includes(`\`${name}\``))).toEqual([]);
});

test.each(["process.exit();", "console.log(1);", "fetch('x');", "setTimeout(() => {}, 1);", "document.title;", 'import "node:fs";'])(
  "core does not compile with: %s",
  (statement) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "xvc-core-"));
    try {
      symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
      writeFileSync(path.join(folder, "plant.ts"), `${statement}\nexport {};\n`);
      const core = JSON.parse(readFileSync(path.join(root, "tsconfig.core.json"), "utf8")) as Record<string, unknown>;
      const config = { ...core, extends: path.join(root, "tsconfig.base.json"), include: ["plant.ts"] };
      writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config));
      const check = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
      expect(check.stdout).toMatch(/plant\.ts\(1,\d+\): error TS/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test("every source is type-checked by one of the three roots", () => {
  const listed = ["tsconfig.core.json", "tsconfig.json", "tsconfig.web.json"].flatMap((config) =>
    spawnSync(process.execPath, [tsc, "-p", config, "--listFilesOnly"], { cwd: root, encoding: "utf8" }).stdout.split("\n"),
  );
  const checked = new Set(listed.map((file) => path.relative(root, file)));
  const sources = ["src", "test", "bench", "verify", "scripts"].flatMap((folder) => filesUnder(folder, /\.tsx?$/));
  expect(sources.filter((file) => !checked.has(file))).toEqual([]);
});
