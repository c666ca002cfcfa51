import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { ensureChromium } from "./chromium.ts";
import { packageProgram, runCommand } from "./run-command.ts";
import type { VitestTally } from "./tally-reporter.ts";
import type { SuiteTally } from "./tally.ts";

/** The projects of `vitest.config.ts` in the order they run, quickest first, each with the time after which it has failed. */
export const suiteLimitMinutes = { unit: 10, structure: 6, db: 10, crash: 14, simulation: 10, web: 30 } as const;

export type SuiteName = keyof typeof suiteLimitMinutes;

export const suiteNames = Object.keys(suiteLimitMinutes) as readonly SuiteName[];

/** What runs in a browser is one suite: its pages two files at a time, then whole installations one by one. */
const projectsOf = (name: SuiteName): readonly string[] => (name === "web" ? ["web", "e2e"] : [name]);

export function isSuiteName(word: string): word is SuiteName {
  return Object.hasOwn(suiteLimitMinutes, word);
}

export interface SuiteOptions {
  /** `test` is what `npm test` runs; `torture` the volume of a release. */
  readonly volume: "test" | "torture";
  readonly limitFactor: number;
}

/** Runs one vitest project in a process of its own. A run that ends badly without a failed test counts as one failure. */
export async function runVitestSuite(name: SuiteName, options: SuiteOptions): Promise<SuiteTally> {
  const startedAtMs = Date.now();
  const seconds = (): number => (Date.now() - startedAtMs) / 1000;
  process.stdout.write(`\n--- ${name}\n`);
  const browser = name === "web" ? await ensureChromium() : ({ kind: "found", file: "" } as const);
  if (browser.kind === "absent") {
    return { name, passed: 0, failed: 0, skipped: [{ name: "all browser tests", reason: browser.reason }], seconds: seconds() };
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), "xvc-tally-"));
  try {
    const file = path.join(folder, "tally.json");
    const [node, vitest] = packageProgram("vitest");
    const end = await runCommand({
      file: node,
      args: [vitest ?? "", "run", ...projectsOf(name).flatMap((project) => ["--project", project])],
      env: { XVC_TALLY_FILE: file, XVC_TEST_VOLUME: options.volume, ...(browser.file === "" ? {} : { CHROMIUM_PATH: browser.file }) },
      limitMs: suiteLimitMinutes[name] * 60_000 * options.limitFactor,
      output: "show",
    });
    if (end.timedOut) process.stdout.write(`${name} was ended after its time limit\n`);
    return { name, ...readTally(file, end.exitCode), seconds: seconds() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readTally(file: string, exitCode: number): VitestTally {
  const none: VitestTally = { passed: 0, failed: 0, skipped: [], failures: [] };
  const tally = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as VitestTally) : none;
  if (exitCode === 0 || tally.failed > 0) return tally;
  return { ...tally, failed: 1, failures: [`vitest ended with ${exitCode} and named no test`] };
}
