/*
 * `npm test`: everything. `node bin/run test db crash`: only these suites. The last line is `N passed, N failed`, alone.
 */
import process from "node:process";
import { endCommandsOnSignal } from "./suites/run-command.ts";
import { runStaticChecks, staticChecks } from "./suites/static-checks.ts";
import { summarise, type SuiteTally } from "./suites/tally.ts";
import { isSuiteName, runVitestSuite, suiteNames } from "./suites/vitest-suites.ts";

const words = process.argv.slice(2);
const unknown = words.filter((word) => !isSuiteName(word) && word !== "static");
if (unknown.length > 0) {
  process.stderr.write(`no such suite: ${unknown.join(", ")}; there are static, ${suiteNames.join(", ")}\n`);
  process.exit(2);
}
endCommandsOnSignal();
const tallies: SuiteTally[] = [];
if (words.length === 0 || words.includes("static")) tallies.push(...(await runStaticChecks(staticChecks())));
for (const name of suiteNames) {
  if (words.length === 0 || words.includes(name)) tallies.push(await runVitestSuite(name, { volume: "test", limitFactor: 1 }));
}
const strict = process.env["CI"] !== undefined && !["", "0", "false"].includes(process.env["CI"]);
const summary = summarise(tallies, strict);
process.stdout.write(`${summary.text}\n`);
process.exitCode = summary.failed > 0 ? 1 : 0;
