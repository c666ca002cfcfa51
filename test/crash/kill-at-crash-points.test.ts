import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stopDatabase } from "../../src/adapters/postgres/supervisor.ts";
import { crashPoints } from "../../src/engine/ports/crash-point.ts";
import { doubledNotices } from "./file-notices.ts";
import { killOnce, openSweep, type PlannedKill, planSweep, restAfter, type Sweep } from "./crash-sweep.ts";

const torture = process.env["XVC_TEST_VOLUME"] === "torture";
const volume = torture ? { kills: 1_000, pairs: 300 } : { kills: 40, pairs: 5 };
const seed = Number(process.env["XVC_TEST_SEED"] ?? randomInt(1_000_000));

/** The checker reads the whole world each time; a fresh one now and then keeps that quick. */
const roundsPerHome = 60;

const root = mkdtempSync(join(tmpdir(), "xvc-crash-"));
const homes: string[] = [];

function freshSweep(): Sweep {
  const directory = join(root, `home-${String(homes.length)}`);
  homes.push(directory);
  return openSweep({ directory, receiversFile: `${directory}-receivers.jsonl` });
}

async function close(sweep: Sweep): Promise<void> {
  await sweep.product?.stop();
  await stopDatabase({ XVC_HOME: sweep.home.directory });
}

/** Lanes of kills at once, each with a home of its own: one, until two were measured on two cores. */
const lanes = 1;

/** The sweep that each lane is at. */
const current: (Sweep | undefined)[] = [];

afterAll(async () => {
  for (const sweep of current) if (sweep !== undefined) await close(sweep);
  rmSync(root, { recursive: true, force: true });
});

const percentile = (all: readonly number[], share: number): number =>
  all.toSorted((left, right) => left - right)[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0;

/** What was really done, for the reader of the run. */
function report(sweeps: readonly Sweep[], seconds: number): void {
  const all = sweeps.map((sweep) => sweep.swept);
  const killed = all.flatMap((swept) => [...swept.kills.values()]).reduce((sum, count) => sum + count, 0);
  const pairs = all.reduce((sum, swept) => sum + swept.pairs, 0);
  const ready = percentile(
    all.flatMap((swept) => swept.readyMs),
    0.95,
  );
  const rest = percentile(
    all.flatMap((swept) => swept.restMs),
    0.95,
  );
  const missed = all.flatMap((swept) => swept.missed);
  console.log(
    `seed ${String(seed)}: ${String(killed)} kills, ${String(pairs)} of them while recovering, ${seconds.toFixed(0)} s; ready p95 ${String(Math.round(ready))} ms, all work done p95 ${String(rest)} ms after the restart`,
  );
  if (missed.length > 0) console.log(`not passed so often in their round: ${missed.join(", ")}`);
}

test("three projects with forty tasks come to rest in a sound world: rework, questions and approvals included", async () => {
  const sweep = freshSweep();
  current[0] = sweep;
  await restAfter(
    sweep,
    Array.from({ length: 10 }, (_, number) => `first-${String(number)}`),
    "forty tasks",
  );
  expect(sweep.swept.findings).toEqual([]);
  expect(sweep.person.filed.size).toBe(10);
});

/** Does the kills one after the other; every sweep it needed. */
async function runLane(lane: number, kills: readonly PlannedKill[]): Promise<readonly Sweep[]> {
  let sweep = current[lane] ?? freshSweep();
  const sweeps = [sweep];
  for (const planned of kills) {
    if (sweep.rounds >= roundsPerHome) {
      await close(sweep);
      sweep = freshSweep();
      sweeps.push(sweep);
    }
    current[lane] = sweep;
    // A round that does not pass the point so often passes it once.
    if (!(await killOnce(sweep, planned)) && planned.occurrence > 1) await killOnce(sweep, { ...planned, occurrence: 1 });
  }
  return sweeps;
}

test("a process killed at any point, and again while it recovers, loses and doubles nothing", async () => {
  const startedAtMs = Date.now();
  const kills = planSweep(seed, volume);
  const swept = Array.from({ length: lanes }, (_, lane) =>
    runLane(
      lane,
      kills.filter((_kill, place) => place % lanes === lane),
    ),
  );
  const sweeps = (await Promise.all(swept)).flat();
  report(sweeps, (Date.now() - startedAtMs) / 1000);
  expect(sweeps.flatMap((one) => one.swept.findings)).toEqual([]);
  const killed = new Set(sweeps.flatMap((one) => [...one.swept.kills.keys()]));
  expect(crashPoints.filter((point) => !killed.has(point))).toEqual([]);
  // Killed between a message and its receipt: it is sent again, under the same id (`noticeFindings`).
  expect(sweeps.reduce((sum, one) => sum + doubledNotices(one.home.receiversFile), 0)).toBeGreaterThan(0);
  expect(sweeps.reduce((sum, one) => sum + one.swept.pairs, 0)).toBeGreaterThan(volume.pairs / 2);
});
