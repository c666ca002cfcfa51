import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cedarAuthorizer } from "../../src/adapters/cedar/cedar-authorizer.ts";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import { createVirtualClock } from "../../src/adapters/in-process/virtual-clock.ts";
import { systemClock } from "../../src/adapters/system/system-clock.ts";
import { createSystemIds } from "../../src/adapters/system/system-ids.ts";
import { type Amounts, type Budget, budgetKind, noAmounts, noCaps } from "../../src/core/gate/budget.ts";
import { reservationKind } from "../../src/core/gate/reservation.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { openEngine } from "../../src/engine/engine.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import { openTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { openTestStore } from "../support/test-store.ts";

/*
 * The race for the last cent: 64 spenders of two processes reserve, settle and lose track of calls under one cap, all at once, over a
 * real database. Every version of the budget that was ever committed is looked at, so the cap holds at each moment and not only at the end.
 */

const torture = process.env["XVC_TEST_VOLUME"] === "torture";
const races = torture ? 2_000 : 6;
const spenders = 64;

const ids = createSystemIds();
const virtual = createVirtualClock(1_800_000_000_000);
/** Time stands until a test moves it, but who loses a race on the database pauses for real. */
const clock = { ...virtual, pause: (ms: number, signal?: AbortSignal) => systemClock.pause(ms, signal) };
const organizationId = asId<"organization">(ids.next());
const founder = ids.next();
const scope = { organizationId, projectIds: [] };

let database: TestDatabase;
let processes: readonly Awaited<ReturnType<typeof start>>[];

async function start() {
  const test = await openTestStore(database.urls.app, { enqueue: () => Promise.resolve(), maxConnections: 32 });
  const engine = openEngine({
    store: test.store,
    clock,
    ids,
    rng: createSeededRng({ seed: 1 }),
    digest: (text) => asId<"sha256">(createHash("sha256").update(text).digest("hex")),
    crash: () => {},
    capabilities: { executors: ["rules"], ruleTasks: [], sandbox: { ok: false, reason: "none" } },
    authorizer: cedarAuthorizer(),
  });
  /** The answer's id, or the code of the refusal. Whoever lost too many races asks again, as every caller does. */
  const tell = async (command: Command, actor: { readonly kind: "person" | "system"; readonly id: string } = worker) => {
    for (let tries = 0; tries < 50; tries++) {
      try {
        const answer = await engine.apply({ organizationId, projectId: null, actor, key: ids.next() }, command);
        return { id: (answer["reservationId"] ?? answer["id"]) as string, code: null };
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        if (error.kind !== "unavailable") return { id: "", code: error.code };
      }
    }
    throw new Error("Somebody never got through.");
  };
  return { engine, tell, close: () => test.close() };
}

const worker = { kind: "system", id: "worker" } as const;

beforeAll(async () => {
  database = await openTestDatabase();
  processes = [await start(), await start()];
  const [one] = processes;
  await one?.tell({
    kind: "found-organization",
    id: organizationId,
    name: "X",
    currency: "EUR",
    person: { id: founder, name: "F", email: null },
  });
});

afterAll(async () => {
  for (const one of processes) await one.close();
  await database.drop();
});

/** What one race came to. */
interface Ended {
  readonly reserved: number;
  readonly refused: number;
  /** Versions of the budget with more taken than the cap. */
  readonly over: number;
  readonly isCounted: boolean;
}

async function race(number: number): Promise<Ended> {
  const rng = createSeededRng({ seed: number });
  const provider = `provider-${String(number)}`;
  const cap = 1_000 + Math.floor(rng.next() * 20_000);
  const day = { kind: "set-budget", scope: "organization", scopeId: "", period: "day", windowMs: null, thresholds: null } as const;
  const [one] = processes;
  if (one === undefined) throw new Error("nothing runs");
  const person = { kind: "person", id: founder } as const;
  if (number === 1) await one.tell({ ...day, caps: noCaps, reason: "Only the race counts" }, person);
  const budgetId = (
    await one.tell(
      { ...day, scope: "provider", scopeId: provider, period: "total", caps: { ...noCaps, costMicro: cap }, reason: "A race" },
      person,
    )
  ).id;
  const most = 1 + Math.floor(rng.next() * 1_000);
  const outcomes = await Promise.all(Array.from({ length: spenders }, (_, spender) => spend(spender, { provider, most, rng })));
  const { rows, versions, budget } = await one.engine.read(scope, async (reader) => ({
    rows: (await reader.find(reservationKind, { limit: 4 * spenders, newestFirst: true })).filter((row) => row.provider === provider),
    versions: await reader.versions(budgetKind, budgetId, { limit: 1_000 }),
    budget: await reader.get(budgetKind, budgetId),
  }));
  const taken = (row: Budget): number => row.booked.costMicro + row.reserved.costMicro;
  const counted = rows.reduce((sum, row) => sum + (row.used ?? row.reserved).costMicro, 0);
  return {
    reserved: rows.length,
    refused: outcomes.filter((code) => code === "budget.exhausted").length,
    over: versions.filter(({ row }) => taken(row) > cap).length,
    isCounted:
      budget !== undefined && taken(budget) === counted && rows.length + outcomes.filter((code) => code !== null).length === spenders,
  };
}

/** One spender: reserves, and then uses less, all, an unknown part, or never comes back. Answers the code of a refusal. */
async function spend(
  spender: number,
  { provider, most, rng }: { readonly provider: string; readonly most: number; readonly rng: { next(): number } },
): Promise<string | null> {
  const through = processes[spender % processes.length];
  if (through === undefined) throw new Error("nothing runs");
  const costMicro = 1 + Math.floor(rng.next() * most);
  const part = rng.next();
  const demand: Amounts = { ...noAmounts, costMicro, runs: 1 };
  const subject = { requestId: null, taskId: null, attemptId: null, personaKey: null, provider, model: null };
  const { id, code } = await through.tell({ kind: "reserve-spend", ...subject, demand });
  if (code !== null || part > 0.8) return code;
  const used = part < 0.2 ? "unknown" : { costMicro: Math.floor(costMicro * part), tokens: 0, wallMs: 0 };
  // Twice, through both processes: a settlement counts once.
  const settled = await Promise.all(processes.map((one) => one.tell({ kind: "settle-spend", reservationId: id, used })));
  return settled.find((one) => one.code !== null)?.code ?? null;
}

test(`${String(races)} races of ${String(spenders)} spenders: nothing over a cap, at any moment`, async () => {
  const total = { reserved: 0, refused: 0, over: 0, miscounted: 0 };
  for (let number = 1; number <= races; number++) {
    const ended = await race(number);
    total.reserved += ended.reserved;
    total.refused += ended.refused;
    total.over += ended.over;
    total.miscounted += ended.isCounted ? 0 : 1;
  }
  process.stdout.write(`purse: ${String(races)} races of ${String(spenders)}: ${JSON.stringify(total)}\n`);
  expect(total).toMatchObject({ over: 0, miscounted: 0 });
  expect(total.reserved).toBeGreaterThan(0);
  expect(total.refused).toBeGreaterThan(0);
});
