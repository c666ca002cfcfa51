/*
 * What memory costs, side by side in one run on one fresh embedded Postgres with fsync on: the product's own store, the same tables without
 * the trigger that keeps their past, plain JSON rows with a log that the writer appends to, and SQLite with FTS5. `--full`: a million versions as well.
 */
import path from "node:path";
import process from "node:process";
import { Client, Pool } from "pg";
import { ensureHome } from "../src/main/first-run.ts";
import { findInstallation } from "../src/main/installation.ts";
import { silentLog } from "../src/main/log.ts";
import { openSystem } from "../src/main/open-system.ts";
import { type BenchHome, makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, quantile, say, tell } from "./support/figures.ts";
import type { Contender } from "./support/memory-contender.ts";
import { itemAt, itemId, logicalBytes, versionsPerItem } from "./support/memory-items.ts";
import { type Ours, oursOf } from "./support/memory-ours.ts";
import { plainJson } from "./support/memory-plain.ts";
import { type Answered, type Filled, answer, growthFigures, latencyFigures, pastLengths } from "./support/memory-questions.ts";
import { sqlite } from "./support/memory-sqlite.ts";
import { processorMs } from "./support/processor-time.ts";

const sizes = (process.env["BENCH_VERSIONS"] ?? (process.argv.includes("--full") ? "1000,100000,1000000" : "1000,100000"))
  .split(",")
  .map(Number);
const calls = Number(process.env["BENCH_CALLS"] ?? "200");
const rounds = Number(process.env["BENCH_ROUNDS"] ?? "4");
const roundMs = Number(process.env["BENCH_ROUND_MS"] ?? "1000");
const clients = 8;
/** Items of one loading transaction. */
const batch = 200;

interface World {
  readonly ours: Ours;
  readonly others: readonly Contender[];
  readonly postmasterPid: number;
}

/** What each contender holds so far; items with a number from `fresh` on were not written yet. */
interface Progress {
  readonly stored: Map<Contender, { items: number; logical: number }>;
  fresh: number;
}

const shown = (versions: number): string => (versions >= 1_000_000 ? `${String(versions / 1_000_000)}M` : `${String(versions / 1_000)}k`);
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at);

async function fill(contender: Contender, { stored }: Progress, items: number): Promise<void> {
  const held = stored.get(contender) ?? { items: 0, logical: 0 };
  stored.set(contender, held);
  for (let from = held.items; from < items; from += batch) {
    const numbers = range(from, Math.min(items, from + batch));
    for (const revision of [1, 2]) {
      const written = numbers.map((number) => itemAt(number, revision));
      await (revision === 1 ? contender.load(written) : contender.reload(written));
      held.logical += written.reduce((sum, item) => sum + logicalBytes(item), 0);
    }
  }
  held.items = items;
}

/** A thousand updates of one item, one after the other, with how long each took; its instants are asked for later. */
async function updateOne(contender: Contender, number: number, count: number): Promise<Timed> {
  const [times, instantsMs]: [number[], number[]] = [[], []];
  for (const revision of range(3, 3 + count)) {
    const startedMs = performance.now();
    await contender.update(itemAt(number, revision));
    times.push(performance.now() - startedMs);
    instantsMs.push(Date.now() + 1);
  }
  return { times, instantsMs };
}

interface Timed {
  readonly times: readonly number[];
  readonly instantsMs: readonly number[];
}

/** Items with pasts of each length; the last ones written, so that every size has its own. */
async function age(contender: Contender, progress: Progress, figures: Map<string, readonly number[]>): Promise<Filled> {
  const held = progress.stored.get(contender);
  const items = held?.items ?? 0;
  const pasts: Filled["pasts"][number][] = [];
  for (const [at, versions] of pastLengths.entries()) {
    const number = items - 1 - at;
    const { times, instantsMs } = await updateOne(contender, number, Math.max(0, versions - 2));
    const nowMs = Date.now() + 1;
    pasts.push({ versions, id: itemId(number), instantsMs: instantsMs.length === 0 ? [nowMs] : instantsMs });
    if (held !== undefined) held.logical += times.length * logicalBytes(itemAt(number, 3));
    if (versions === pastLengths.at(-1)) figures.set(contender.name, times);
  }
  return { items, pasts };
}

const updateFigures = (size: string, timed: ReadonlyMap<string, readonly number[]>): readonly Figure[] =>
  [...timed].map(([name, times]) => {
    const tenth = Math.ceil(times.length / 10);
    const sum = times.reduce((all, one) => all + one, 0) / 1_000;
    const ratio = quantile(times.slice(-tenth), 0.5) / quantile(times.slice(0, tenth), 0.5);
    const note = `median of the last tenth / of the first ${ratio.toFixed(2)}; p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms`;
    return { name: `${size}: 1,000 updates of one: ${name}`, value: sum, unit: "s", note };
  });

interface Rate {
  readonly perSecond: number;
  readonly processorMs: number;
}

/** Several clients that each create an item and change it, over and over. */
async function writeFor(
  contender: Contender,
  progress: Progress,
  durationMs: number,
): Promise<{ readonly count: number; readonly ms: number }> {
  const startedMs = performance.now();
  let count = 0;
  await Promise.all(
    range(0, clients).map(async () => {
      while (performance.now() - startedMs < durationMs) {
        const number = progress.fresh++;
        await contender.create(itemAt(number, 1));
        await contender.update(itemAt(number, 2));
        count += 2;
      }
    }),
  );
  return { count, ms: performance.now() - startedMs };
}

/** With and without history in turn, so that whatever else the machine does meets both alike. */
async function writeRates(world: World, progress: Progress): Promise<ReadonlyMap<string, readonly Rate[]>> {
  const rates = new Map<string, Rate[]>();
  const measure = async (name: string, contender: Contender): Promise<void> => {
    const before = processorMs(world.postmasterPid) + ownMs();
    const { count, ms } = await writeFor(contender, progress, roundMs);
    const used = processorMs(world.postmasterPid) + ownMs() - before;
    rates.set(name, [...(rates.get(name) ?? []), { perSecond: count / (ms / 1_000), processorMs: used / count }]);
  };
  await writeFor(world.ours, progress, roundMs / 2);
  for (let round = 0; round < rounds; round++) {
    for (const kept of round % 2 === 0 ? [true, false] : [false, true]) {
      await world.ours.keepHistory(kept);
      await measure(kept ? "xVC" : "xVC without history", world.ours);
    }
    await world.ours.keepHistory(true);
    for (const other of world.others) await measure(other.name, other);
  }
  return rates;
}

const ownMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const median = (values: readonly number[]): number => quantile(values, 0.5);

function rateFigures(size: string, rates: ReadonlyMap<string, readonly Rate[]>): readonly Figure[] {
  const [kept, without] = [rates.get("xVC") ?? [], rates.get("xVC without history") ?? []];
  const share = (of: (rate: Rate) => number): readonly number[] => kept.map((rate, at) => of(rate) / of(without[at] ?? rate));
  const slower = share((rate) => rate.perSecond).map((one) => (1 - one) * 100);
  const dearer = median(share((rate) => rate.processorMs).map((one) => (1 - 1 / one) * 100));
  const rounded = slower.map((one) => one.toFixed(0)).join(", ");
  return [
    ...[...rates].map(([name, all]) => ({
      name: `${size}: writes, ${String(clients)} clients: ${name}`,
      value: median(all.map((rate) => rate.perSecond)),
      unit: "/s",
      note: `${median(all.map((rate) => rate.processorMs)).toFixed(2)} ms processor a write; rounds ${all.map((rate) => rate.perSecond.toFixed(0)).join(", ")}`,
    })),
    bounded(
      {
        name: `${size}: history costs of write throughput`,
        value: median(slower),
        unit: "%",
        note: `rounds ${rounded} %; of processor time ${dearer.toFixed(0)} %`,
      },
      { atMost: 35 },
    ),
  ];
}

async function bytesFigures(size: string, world: World, progress: Progress): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const contender of [world.ours, ...world.others]) {
    const logical = progress.stored.get(contender)?.logical ?? 0;
    const bytes = await contender.bytes();
    const note = `${(bytes / 1e6).toFixed(1)} MB for ${(logical / 1e6).toFixed(1)} MB of content in all versions`;
    figures.push({ name: `${size}: bytes on disk / logical byte: ${contender.name}`, value: bytes / logical, unit: "", note });
  }
  return figures;
}

async function measureAll(world: World): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const progress: Progress = { stored: new Map(), fresh: 100_000_000 };
  const answers: { readonly versions: number; readonly answered: readonly Answered[] }[] = [];
  const all = [world.ours, ...world.others];
  for (const versions of sizes) {
    const size = shown(versions);
    say(`  ${size} versions: loading`);
    for (const contender of all) await fill(contender, progress, Math.ceil(versions / versionsPerItem));
    for (const contender of all) await contender.settle();
    figures.push(...(await bytesFigures(size, world, progress)));
    say(`  ${size} versions: a thousand updates of one`);
    const timed = new Map<string, readonly number[]>();
    const asked = [];
    for (const contender of all) asked.push({ contender, filled: await age(contender, progress, timed) });
    figures.push(...updateFigures(size, timed));
    say(`  ${size} versions: questions`);
    const [mine, ...others] = asked;
    if (mine === undefined) break;
    const answered = await answer(mine, others, calls);
    answers.push({ versions, answered });
    figures.push(...latencyFigures(size, answered));
    say(`  ${size} versions: writing`);
    figures.push(...rateFigures(size, await writeRates(world, progress)));
  }
  return [...figures, ...growthFigures(answers)];
}

async function run(home: BenchHome): Promise<void> {
  const system = await openSystem(findInstallation(home.environment), home.environment, {
    log: silentLog,
    graceMs: 5_000,
    onFenced: () => process.exit(7),
  });
  const admin = new Client({ connectionString: system.database.urls.admin ?? "" });
  await admin.connect();
  const plain = new Pool({ connectionString: system.database.urls.admin ?? "", max: clients });
  const lite = sqlite(path.join(home.path, "memory.sqlite"));
  try {
    const ours = oursOf(system.store, await ensureHome(system), admin);
    const world = { ours, others: [await plainJson(plain), lite], postmasterPid: await home.postmasterPid() };
    await tell("memory", await measureAll(world));
  } finally {
    lite.close();
    await plain.end();
    await admin.end();
    await system.close();
  }
}

const home = await makeBenchHome();
try {
  await run(home);
} finally {
  await home.remove();
}
