/*
 * Tasks a second, side by side in one run on one fresh embedded Postgres with fsync on: a raw insert and commit, the
 * durable engine alone in two shapes, and the product with everything durable on.
 */
import { Client } from "pg";
import { migrateEngine } from "../src/adapters/dbos/migrate-engine.ts";
import { startDatabase } from "../src/adapters/postgres/supervisor.ts";
import { findInstallation } from "../src/main/installation.ts";
import { type BenchHome, makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, quantile, say, tell } from "./support/figures.ts";
import type { Shape } from "./support/layered-plan.ts";
import { type Acted, type Subject, startSubject } from "./support/subject.ts";
import type { CommandRates, GrowthCost } from "./subjects/commands.ts";
import type { PlanRun } from "./subjects/our-engine.ts";

const rounds = Number(process.env["BENCH_ROUNDS"] ?? "3");
const shapes = [
  { tasks: 100, width: 10 },
  { tasks: 500, width: 50 },
] as const;

interface Timed {
  readonly ms: number;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
const label = ({ tasks, width }: { readonly tasks: number; readonly width: number }): string => `${tasks} tasks, ${width} wide`;
const perTask = (runs: readonly Acted<unknown>[], tasks: number): number => median(runs.map((one) => (one.ownMs + one.databaseMs) / tasks));

async function rawInserts(url: string, clients: number): Promise<number> {
  const durationMs = 2_000;
  const connected = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const startedMs = performance.now();
  let written = 0;
  await Promise.all(
    connected.map(async (client) => {
      while (performance.now() - startedMs < durationMs) {
        await client.query("insert into bench_raw (body) values ($1)", ["x".repeat(200)]);
        written += 1;
      }
    }),
  );
  const perSecond = written / ((performance.now() - startedMs) / 1_000);
  await Promise.all(connected.map((client) => client.end()));
  return perSecond;
}

/** One round: every subject does each shape once, so that whatever else the machine does meets them alike. */
async function compare(bare: Subject, ours: Subject): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const shape of shapes) {
    const layered: Acted<Timed>[] = [];
    const directly: Acted<Timed>[] = [];
    const drained: Acted<Timed>[] = [];
    const checks: Acted<PlanRun>[] = [];
    const independent: Acted<PlanRun>[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      say(`  ${label(shape)}, round ${round} of ${rounds}`);
      const named = (what: string): object => ({ ...shape, run: `${what}-${shape.tasks}-${round}` });
      layered.push(await bare.act<Timed>("layered", named("layered")));
      checks.push(await ours.act<PlanRun>("run", { ...shape, review: "checks" } satisfies Shape));
      await bare.act("fill", named("drain"));
      drained.push(await bare.act<Timed>("drain", named("drain")));
      independent.push(await ours.act<PlanRun>("run", { ...shape, review: "independent" } satisfies Shape));
      directly.push(await bare.act<Timed>("directly", named("directly")));
    }
    figures.push(...shapeFigures(shape, { layered, directly, drained, checks, independent }));
  }
  return figures;
}

interface Runs {
  readonly layered: readonly Acted<Timed>[];
  readonly directly: readonly Acted<Timed>[];
  readonly drained: readonly Acted<Timed>[];
  readonly checks: readonly Acted<PlanRun>[];
  readonly independent: readonly Acted<PlanRun>[];
}

function shapeFigures(shape: { readonly tasks: number; readonly width: number }, runs: Runs): readonly Figure[] {
  const { tasks } = shape;
  const name = label(shape);
  const rate = (acted: readonly Acted<Timed>[]): number => median(acted.map(({ result }) => tasks / (result.ms / 1_000)));
  const spread = (acted: readonly Acted<Timed>[]): string => acted.map(({ result }) => (tasks / (result.ms / 1_000)).toFixed(0)).join(" ");
  const ratio = (mine: readonly Acted<Timed>[], theirs: readonly Acted<Timed>[]): number =>
    median(mine.map((one, index) => (theirs[index]?.result.ms ?? Number.NaN) / one.result.ms));
  const ours = (what: string, acted: readonly Acted<PlanRun>[]): readonly Figure[] => [
    { name: `${name}: (c) ours, ${what}`, value: rate(acted), unit: "tasks/s", note: spread(acted) },
    bounded({ name: `${name}: (c) ${what} / (b1)`, value: ratio(acted, runs.layered), unit: "x" }, { atLeast: 1.5 }),
    bounded({ name: `${name}: (c) ${what} / (b2)`, value: ratio(acted, runs.drained), unit: "x" }, { atLeast: 0.8 }),
    {
      name: `${name}: (c) ${what}, processor`,
      value: perTask(acted, tasks),
      unit: "ms/task",
      note: `own ${median(acted.map((one) => one.ownMs / tasks)).toFixed(1)}, Postgres ${median(acted.map((one) => one.databaseMs / tasks)).toFixed(1)}`,
    },
    { name: `${name}: (c) ${what}, transition p50`, value: median(acted.map((one) => one.result.transitionP50Ms)), unit: "ms" },
    { name: `${name}: (c) ${what}, transition p99`, value: median(acted.map((one) => one.result.transitionP99Ms)), unit: "ms" },
    { name: `${name}: (c) ${what}, ready to started p50`, value: median(acted.map((one) => one.result.dispatchP50Ms)), unit: "ms" },
    { name: `${name}: (c) ${what}, ready to started p99`, value: median(acted.map((one) => one.result.dispatchP99Ms)), unit: "ms" },
  ];
  const bare = (what: string, acted: readonly Acted<Timed>[]): readonly Figure[] => [
    { name: `${name}: ${what}`, value: rate(acted), unit: "tasks/s", note: spread(acted) },
    {
      name: `${name}: ${what}, processor`,
      value: perTask(acted, tasks),
      unit: "ms/task",
      note: `own ${median(acted.map((one) => one.ownMs / tasks)).toFixed(1)}, Postgres ${median(acted.map((one) => one.databaseMs / tasks)).toFixed(1)}`,
    },
  ];
  return [
    ...bare("(b1) bare engine, layered by a parent", runs.layered),
    ...bare("(b1') the same without a queue", runs.directly),
    ...bare("(b2) bare engine, queue drained", runs.drained),
    ...ours("checks", runs.checks),
    ...ours("independent review", runs.independent),
  ];
}

function commandFigures(rates: CommandRates, growth: GrowthCost): readonly Figure[] {
  const at = (tasks: number) => growth.plans.find((plan) => plan.tasks === tasks);
  const statements = (tasks: number): string => `${at(tasks)?.statements.toFixed(1) ?? "?"} statements`;
  return [
    {
      name: "commands, one client",
      value: rates.one.perSecond,
      unit: "/s",
      note: `p50 ${rates.one.p50Ms.toFixed(1)} ms, p99 ${rates.one.p99Ms.toFixed(1)} ms`,
    },
    {
      name: "commands, sixteen clients",
      value: rates.sixteen.perSecond,
      unit: "/s",
      note: `p50 ${rates.sixteen.p50Ms.toFixed(1)} ms, p99 ${rates.sixteen.p99Ms.toFixed(1)} ms`,
    },
    ...growth.plans.map((plan) => ({
      name: `finish of an attempt, plan of ${plan.tasks}`,
      value: plan.p50Ms,
      unit: "ms",
      note: `mean ${plan.meanMs.toFixed(2)} ms, p99 ${plan.p99Ms.toFixed(1)} ms, ${statements(plan.tasks)}`,
    })),
    bounded(
      { name: "finish at 10,000 tasks / at 10", value: (at(10_000)?.p50Ms ?? Number.NaN) / (at(10)?.p50Ms ?? Number.NaN), unit: "x" },
      { atMost: 1.3 },
    ),
  ];
}

async function measure(home: BenchHome): Promise<readonly Figure[]> {
  const { migrationsDirectory } = findInstallation(home.environment);
  const database = await startDatabase({
    environment: home.environment,
    migrationsDirectory,
    afterMigrate: (urls) => migrateEngine(urls.engine),
  });
  const admin = new Client({ connectionString: database.urls.admin ?? "" });
  admin.on("error", () => {}); // told again by the statement that fails
  await admin.connect();
  await admin.query("create table bench_raw (id bigint generated always as identity primary key, body text not null)");
  const { rows } = await admin.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'server_version')",
  );
  const url = database.urls.admin ?? "";
  const postmaster = await home.postmasterPid();
  const raw = [await rawInserts(url, 1), await rawInserts(url, 16)] as const;
  const bare = await startSubject("bare-engine.ts", { ...home.environment, BENCH_APP_URL: database.urls.app }, postmaster);
  const ours = await startSubject("our-engine.ts", home.environment, postmaster);
  const compared = await compare(bare, ours);
  await ours.stop();
  await bare.stop();
  const commands = await startSubject("commands.ts", home.environment, postmaster);
  say("  cost by plan size");
  const growth = await commands.act<GrowthCost>("growth");
  say("  command rates");
  const rates = await commands.act<CommandRates>("rates");
  await commands.stop();
  await admin.end();
  return [
    { name: "settings", value: rounds, unit: "rounds", note: rows.map((row) => `${row.name} ${row.setting}`).join(", ") },
    { name: "(a) raw insert and commit, one client", value: raw[0], unit: "/s" },
    { name: "(a) raw insert and commit, sixteen clients", value: raw[1], unit: "/s" },
    ...compared,
    ...commandFigures(rates.result, growth.result),
  ];
}

const home = await makeBenchHome();
try {
  await tell("pipeline", await measure(home));
} finally {
  await home.remove();
}
