/* `npm run check`: what every commit passes. Format, lint, types, import walls, unused code, unit and structure tests. */
import process from "node:process";
import { endCommandsOnSignal } from "./suites/run-command.ts";
import { runStaticChecks, staticChecks } from "./suites/static-checks.ts";
import { summarise } from "./suites/tally.ts";
import { runVitestSuite } from "./suites/vitest-suites.ts";

endCommandsOnSignal();
const fixed = await runStaticChecks(staticChecks());
const unit = await runVitestSuite("unit", { volume: "test", limitFactor: 1 });
const structure = await runVitestSuite("structure", { volume: "test", limitFactor: 1 });
const summary = summarise([...fixed, unit, structure], false);
process.stdout.write(`${summary.text}\n`);
process.exitCode = summary.failed > 0 ? 1 : 0;
