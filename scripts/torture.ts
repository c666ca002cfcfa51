/* `npm run torture`: the crash and simulation suites at the volume of a release, for a night; `-- crash` runs only that one. Says what was not run. */
import process from "node:process";
import { endCommandsOnSignal } from "./suites/run-command.ts";
import { summarise, type SuiteTally } from "./suites/tally.ts";
import { runVitestSuite } from "./suites/vitest-suites.ts";

const suites = ["simulation", "crash"] as const;

/** Minutes of the usual limit, times this. */
const limitFactor = 60;

/** What the fault programme names and no suite of this program injects. A line leaves when its suite is there. */
const notRun: readonly (readonly [fault: string, why: string])[] = [
  [
    "R4 Postgres killed, restarted, promoted",
    "a restart is tested in the db suite; the volume of the programme and promotion are not built",
  ],
  [
    "R5 resets, half-open, slow database, lost commit reply",
    "only in simulation (unknown and aborted commits); the TCP proxy is not built",
  ],
  ["R6 disk full, read-only, slow, fsync error", "not built"],
  ["R7 power loss", "unsafe server settings are refused at start; syncs are not traced and cuts are not modelled"],
  ["R8 clock skew, daylight saving, leap day", "jumps of the wall clock only in simulation; libfaketime is not built"],
  ["R9 double, late and shuffled answers", "only inside simulation and core property tests, not as a count of its own"],
  ["R10 servers race, SIGSTOP past the lease", "two-workers kills one of two; pauses past the lease are not built"],
  ["R14 ping-pong, self-spawning, retry storm", "scripted conversations in every test run; no volume of its own"],
  ["R15 upgrade and rollback in flight", "there is no earlier release yet"],
  ["R16 backup, restore, point in time", "not built"],
  ["R17 flipped bits", "content is checked when it is read; the volume is not built"],
  ["R18 overload", "not built"],
  ["R19 soak", "not built"],
  ["R20 SIGTERM, drain, reload under load", "not built"],
  ["planted faults, mutation score", "not built; the world checker has its own broken worlds"],
  ["block-level power loss", "needs a virtual machine"],
  ["real networks between hosts, ARM, macOS, musl", "not available here"],
];

endCommandsOnSignal();
const words = process.argv.slice(2);
const unknown = words.filter((word) => !suites.some((suite) => suite === word));
if (unknown.length > 0) {
  process.stderr.write(`no such suite: ${unknown.join(", ")}; there are ${suites.join(", ")}\n`);
  process.exit(2);
}
const chosen = suites.filter((suite) => words.length === 0 || words.includes(suite));
// Each suite prints the volume that it really did, and its seeds.
const tallies: SuiteTally[] = [];
for (const name of chosen) tallies.push(await runVitestSuite(name, { volume: "torture", limitFactor }));
for (const [fault, why] of notRun) process.stdout.write(`NOT RUN  ${fault}: ${why}\n`);
for (const name of suites) if (!chosen.includes(name)) process.stdout.write(`NOT RUN  the ${name} suite: not asked for\n`);
const summary = summarise(tallies, true);
process.stdout.write(`${summary.text}\n`);
process.exitCode = summary.failed > 0 ? 1 : 0;
