import { existsSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { packageProgram, root, runCommand } from "./run-command.ts";
import type { SuiteTally } from "./tally.ts";

export interface StaticCheck {
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
}

const limitMs = 5 * 60_000;
const atOnce = 2;

/** Format, lint, types of the three roots, import walls, unused code: what needs no running program. */
export function staticChecks(): readonly StaticCheck[] {
  const tsc = packageProgram("typescript", "tsc");
  const folders = ["src", "verify"].filter((folder) => existsSync(path.join(root, folder)));
  return [
    { name: "format", command: [...packageProgram("oxfmt"), "--check", "."] },
    { name: "lint", command: packageProgram("oxlint") },
    { name: "types core", command: [...tsc, "-p", "tsconfig.core.json"] },
    { name: "types", command: [...tsc, "-p", "tsconfig.json"] },
    ...(existsSync(path.join(root, "src/surfaces/web"))
      ? [{ name: "types web", command: [...tsc, "-p", "tsconfig.web.json"] } as const]
      : []),
    {
      name: "import walls",
      command: [...packageProgram("dependency-cruiser", "depcruise"), "--config", ".dependency-cruiser.cjs", ...folders],
    },
    // What is used is what the entry points reach; before they exist everything would be unused.
    ...(existsSync(path.join(root, "src/main/cli.ts")) ? [{ name: "unused code", command: packageProgram("knip") } as const] : []),
  ];
}

/** Runs the checks two at a time; a failed one prints what it said. */
export async function runStaticChecks(checks: readonly StaticCheck[]): Promise<readonly SuiteTally[]> {
  const waiting = [...checks.entries()];
  const tallies: SuiteTally[] = [];
  const drain = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) tallies[next[0]] = await runStaticCheck(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, drain));
  return tallies;
}

async function runStaticCheck(check: StaticCheck): Promise<SuiteTally> {
  const startedAtMs = Date.now();
  const [file, ...args] = check.command;
  const end = await runCommand({ file, args, limitMs, output: "keep" });
  const ok = end.exitCode === 0;
  process.stdout.write(`${ok ? "ok     " : "FAILED "}${check.name}\n`);
  if (!ok) process.stdout.write(`${end.text}\n`);
  return { name: check.name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], seconds: (Date.now() - startedAtMs) / 1000 };
}
