import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inject } from "vitest";
import { withStartLock } from "../../src/adapters/postgres/start-lock.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const buildLimitMs = 120_000;

/** The folder of the page as the package carries it, from the present sources: built by the first file of a test run, then shared. */
export async function builtPage(): Promise<string> {
  const folder = path.join(inject("pageFolder"), "page");
  await withStartLock(`${folder}.lock`, async () => {
    if (!existsSync(folder)) await build(folder);
  });
  return `${folder}${path.sep}`;
}

/** A build that failed leaves no folder behind, so the next file tries again and says why too. */
async function build(folder: string): Promise<void> {
  const unfinished = `${folder}-unfinished`;
  const vite = path.join(root, "node_modules/vite/bin/vite.js");
  // A program of its own: the test runner's NODE_ENV would make it a development build.
  await promisify(execFile)(process.execPath, [vite, "build", "--outDir", unfinished, "--emptyOutDir", "--logLevel", "warn"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production" },
    timeout: buildLimitMs,
  });
  await rename(unfinished, folder);
}
