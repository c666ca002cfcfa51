import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
const buildLimitMs = 120_000;

export interface BuiltPage {
  readonly folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Builds the page as the package carries it, from the present sources, into a folder of its own. */
export async function buildPage(): Promise<BuiltPage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "xvc-page-"));
  const vite = path.join(root, "node_modules/vite/bin/vite.js");
  // A program of its own: the test runner's NODE_ENV would make it a development build.
  await promisify(execFile)(process.execPath, [vite, "build", "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production" },
    timeout: buildLimitMs,
  });
  return { folder: `${folder}${path.sep}`, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
