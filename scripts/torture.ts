/* `npm run torture`: the crash and simulation suites at the volume of a release. Takes hours. */
import process from "node:process";
import { endCommandsOnSignal } from "./suites/run-command.ts";
import { summarise, type SuiteTally } from "./suites/tally.ts";
import { runVitestSuite } from "./suites/vitest-suites.ts";

endCommandsOnSignal();
const tallies: SuiteTally[] = [];
for (const name of ["simulation", "crash"] as const) tallies.push(await runVitestSuite(name, { volume: "torture", limitFactor: 60 }));
const summary = summarise(tallies, true);
process.stdout.write(`${summary.text}\n`);
process.exitCode = summary.failed > 0 ? 1 : 0;
