import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMemoryStore } from "../../src/adapters/in-process/memory-store.ts";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import { createSequenceIds } from "../../src/adapters/in-process/sequence-ids.ts";
import { createVirtualClock } from "../../src/adapters/in-process/virtual-clock.ts";
import { type Task, taskKind } from "../../src/core/execution/task.ts";
import { type Effect, effectKindOf } from "../../src/core/gate/effect.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { Json } from "../../src/core/shared/json.ts";
import type { Change, EventDraft } from "../../src/core/shared/transition.ts";
import type { Rng } from "../../src/engine/ports/clock.ts";
import type { Reader, Store, Transaction } from "../../src/engine/ports/store.ts";
import { organizationRows, projectRows, sampleTask, sampleWorld } from "../conformance/sample-rows.ts";
import { bodyHash, changed, command, contextOf, created, fact, scopeOf, type StoreWorld } from "../conformance/store-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { openTestStore, type TestStore } from "../support/test-store.ts";
import { likely, oneOf, upTo } from "./random-playbook.ts";

const torture = process.env["XVC_TEST_VOLUME"] === "torture";
const transactions = torture ? 20_000 : 500;
/** Transactions of one world; then another begins. */
const perWorld = 50;

let database: TestDatabase;
let real: TestStore;

beforeAll(async () => {
  database = await openTestDatabase();
  real = await openTestStore(database.urls.app);
});

afterAll(async () => {
  await real.close();
  await database.drop();
});

/** The same tenant with the same ids in whatever store. */
async function plantSame(store: Store, seed: number): Promise<StoreWorld> {
  const ids = createSequenceIds({ seed, startAtMs: 1_700_000_000_000 + seed });
  const organizationId = asId<"organization">(ids.next());
  const projectId = asId<"project">(ids.next());
  const rows = sampleWorld(() => ids.next(), organizationId, projectId);
  const world = { organizationId, projectId, rows };
  const organizational = organizationRows(rows).map((sample) => created(sample.kind, sample.row));
  await command(store, { ...contextOf(world, "plant 1"), projectIds: [], projectId: null }, { changes: organizational });
  await command(store, contextOf(world, "plant 2"), { changes: projectRows(rows).map((sample) => created(sample.kind, sample.row)) });
  return world;
}

const states = ["waiting", "ready", "running", "passed"] as const;

/** What one transaction reads, in the order of its draws. */
async function looks(transaction: Transaction, world: StoreWorld, rng: Rng): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for (let look = upTo(rng, 4); look > 0; look -= 1) {
    const state = oneOf(rng, states) ?? "ready";
    const roll = upTo(rng, 6);
    if (roll === 0)
      seen.push(await transaction.find(taskKind, { where: { state }, limit: 1 + upTo(rng, 5), newestFirst: likely(rng, 0.5) }));
    else if (roll === 1)
      seen.push(await transaction.count(taskKind, { where: { requestId: world.rows.request.id, state: [state, "ready"] } }));
    else if (roll === 2) seen.push(await transaction.lock(taskKind, [world.rows.task.id, world.rows.plan.id]));
    else if (roll === 3) seen.push(await transaction.share(effectKindOf, [world.rows.effect.id]));
    else if (roll === 4) seen.push(await transaction.getMany(taskKind, [world.rows.task.id]));
    else seen.push(await transaction.get(effectKindOf, likely(rng, 0.2) ? world.rows.task.id : world.rows.effect.id));
  }
  return seen;
}

interface Drawn {
  readonly changes: readonly Change[];
  readonly events: readonly EventDraft[];
}

/** Right and wrong writes: stale versions, keys and ids that are taken, gaps in a stream. */
async function draw(
  transaction: Transaction,
  world: StoreWorld,
  { rng, newId }: { readonly rng: Rng; readonly newId: () => string },
): Promise<Drawn> {
  const changes: Change[] = [];
  const events: EventDraft[] = [];
  const task = (await transaction.get(taskKind, world.rows.task.id)) as Task;
  const effect = (await transaction.get(effectKindOf, world.rows.effect.id)) as Effect;
  const stale = likely(rng, 0.15);
  if (likely(rng, 0.6)) {
    const number = Math.max(1, task.eventCount + (likely(rng, 0.1) ? 0 : 1));
    const before = stale && task.version > 1 ? { ...task, version: task.version - 1 } : task;
    changes.push(
      changed(taskKind, before, { state: oneOf(rng, states) ?? "ready", title: `t${String(upTo(rng, 1_000))} é`, eventCount: number }),
    );
    events.push(fact("task", task.id, number, { n: upTo(rng, 9), list: [1, null, "x"] }));
  }
  if (likely(rng, 0.4))
    changes.push(changed(effectKindOf, effect, { result: { at: upTo(rng, 9), nothing: null }, starts: effect.starts + 1 }));
  if (likely(rng, 0.4)) {
    const id = likely(rng, 0.15) ? task.id : newId();
    changes.push(
      created(
        taskKind,
        sampleTask({ id, requestId: world.rows.request.id, planId: world.rows.plan.id }, { key: `k${String(upTo(rng, 12))}` }),
      ),
    );
  }
  if (likely(rng, 0.2)) {
    const id = newId();
    changes.push(created(effectKindOf, { ...world.rows.effect, id, effectKey: asId<"sha256">(String(upTo(rng, 4)).repeat(64)) }));
  }
  return { changes, events };
}

/** One transaction as its seed says; what it saw, and how it ended. */
async function runOne(store: Store, world: StoreWorld, seed: number): Promise<unknown> {
  const rng = createSeededRng({ seed });
  const ids = createSequenceIds({ seed, startAtMs: 1_800_000_000_000 + seed });
  const key = likely(rng, 0.2) ? "shared" : `transaction ${String(seed)}`;
  const seen: unknown[] = [];
  let written = 0;
  try {
    await store.transact({ ...contextOf(world, key) }, async (transaction) => {
      const place = await transaction.takeCommand(key, "test", bodyHash(String(upTo(rng, 3))));
      seen.push(place, await looks(transaction, world, rng));
      if (place.kind === "done") return;
      const { changes, events } = await draw(transaction, world, { rng, newId: () => ids.next() });
      written = changes.length;
      await transaction.write({ seed, text: "ü\u2028" } as Json, changes, events, []);
      if (likely(rng, 0.1)) throw new Error("stop here");
    });
    return [...seen, "committed"];
  } catch (error) {
    if (!(error instanceof Failure)) return [...seen, error instanceof Error ? error.message : error];
    // A write that is wrong twice may be refused for either; with one row the reason is the same as well.
    return [...seen, written > 1 ? error.kind : `${error.kind} ${error.code}`];
  }
}

async function everything(store: Store, world: StoreWorld) {
  return store.read(scopeOf(world), async (reader: Reader) => ({
    tasks: await reader.find(taskKind, { limit: 1_000 }),
    effects: await reader.find(effectKindOf, { limit: 1_000 }),
    facts: (await reader.events({ subjectId: world.rows.task.id, limit: 1_000 })).map(({ number, kind, data, cause, actor }) => ({
      number,
      kind,
      data,
      cause,
      actor,
    })),
  }));
}

/** Reads of the log end before the oldest open transaction of the server, and other test files write to other databases of it. */
async function everythingOnceReadable(store: Store, world: StoreWorld, facts: number): ReturnType<typeof everything> {
  for (let tries = 0; tries < 400; tries += 1) {
    const read = await everything(store, world);
    if (read.facts.length >= facts) return read;
    await delay(25);
  }
  return everything(store, world);
}

test("random transactions see and leave the same in the memory store and in Postgres", async () => {
  const ends = new Map<string, number>();
  for (let first = 0; first < transactions; first += perWorld) {
    const memory = createMemoryStore({ clock: createVirtualClock(1_700_000_000_000), enqueue: () => undefined });
    const [inMemory, inPostgres] = [await plantSame(memory, first), await plantSame(real.store, first)];
    for (let seed = first; seed < Math.min(first + perWorld, transactions); seed += 1) {
      const expected = await runOne(memory, inMemory, seed);
      expect({ seed, saw: await runOne(real.store, inPostgres, seed) }).toEqual({ seed, saw: expected });
      const end = String((expected as readonly unknown[]).at(-1));
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    const expected = await everything(memory, inMemory);
    expect(await everythingOnceReadable(real.store, inPostgres, expected.facts.length)).toEqual(expected);
  }
  console.log(
    `${String(transactions)} random transactions on both stores: ${[...ends].map(([end, count]) => `${end} ${String(count)}`).join(", ")}`,
  );
  expect(ends.get("committed") ?? 0).toBeGreaterThan(transactions / 3);
  expect(ends.size).toBeGreaterThanOrEqual(3);
});
