import fc from "fast-check";
import { expect, test } from "vitest";
import { type Task, taskKind } from "../../src/core/execution/task.ts";
import { planKind } from "../../src/core/planning/plan.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import type { Entity } from "../../src/core/shared/entity.ts";
import { entityTables } from "../../src/engine/ports/entity-tables.ts";
import type { Filter, Reader, StoredEvent } from "../../src/engine/ports/store.ts";
import type { StoredChange } from "../../src/engine/ports/versions.ts";
import { sampleTask } from "./sample-rows.ts";
import {
  changed,
  command,
  contextOf,
  created,
  fact,
  holding,
  nextId,
  nextKey,
  plant,
  scopeOf,
  storedRows,
  type StoreUnderTest,
  type StoreWorld,
} from "./store-fixture.ts";

/** One command of a random history. */
interface Move {
  /** Which of the tasks made so far; past their number: a new one. */
  readonly which: number;
  readonly state: Task["state"];
  readonly title: string;
  readonly waitingOn: number;
  readonly performer: string | null;
  readonly outputs: readonly string[];
}

const move: fc.Arbitrary<Move> = fc.record({
  which: fc.nat({ max: 5 }),
  state: fc.constantFrom("waiting", "ready", "blocked"),
  title: fc.string({ maxLength: 12 }),
  waitingOn: fc.nat({ max: 3 }),
  performer: fc.option(fc.constantFrom("anna", "Abe", "bob")),
  outputs: fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 }),
});

const titleOf = (text: string): string => text.replaceAll("\u0000", "").toWellFormed();

/** What a log kept outside of the store says: the rows written by the commands up to an instant. */
interface LogEntry {
  readonly cause: string;
  readonly row: Task;
}

async function live(under: StoreUnderTest, world: StoreWorld, moves: readonly Move[]): Promise<readonly LogEntry[]> {
  const log: LogEntry[] = [];
  const tasks: Task[] = [];
  for (const [at, { which, state, title, waitingOn, performer, outputs }] of moves.entries()) {
    const known = tasks[which];
    const fields = {
      state,
      title: titleOf(title),
      waitingOn,
      performer: performer === null ? null : ({ kind: "person", id: performer } as const),
      spec: { ...world.rows.task.spec, outputs: outputs.map(titleOf) },
    };
    const change =
      known === undefined
        ? created(
            taskKind,
            sampleTask(
              { id: nextId(), requestId: world.rows.request.id, planId: world.rows.plan.id },
              { key: `x${String(at)}`, ...fields },
            ),
          )
        : changed(taskKind, known, fields);
    const row = change.after as Task; // made from a task
    if (known === undefined) tasks.push(row);
    else tasks[which] = row;
    const cause = nextKey();
    await under.advance(2);
    await command(under.store, contextOf(world, cause), {
      changes: [change],
      events: [fact("task", row.id, row.version, { title: row.title })],
    });
    log.push({ cause, row });
  }
  await under.advance(3);
  return log;
}

/** The log up to an instant, replayed: the last row of each id, in id order. */
function replayed(log: readonly LogEntry[], recorded: ReadonlyMap<string, number>, atMs: number): readonly Task[] {
  const rows = new Map<string, Task>();
  for (const { cause, row } of log) if ((recorded.get(cause) ?? Number.POSITIVE_INFINITY) <= atMs) rows.set(row.id, row);
  return [...rows.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

const filters: readonly Omit<Filter, "limit">[] = [
  {},
  { where: { state: "waiting" } },
  { where: { state: ["ready", "blocked"], waitingOn: 1 } },
  { contains: { field: "performerKey", text: ":a" } },
  { newestFirst: true },
];

const performerKeyOf = ({ performer }: Task): string => (performer === null ? "" : `${performer.kind}:${performer.id}`);

const matching = (rows: readonly Task[], { where = {}, contains, newestFirst }: Omit<Filter, "limit">): readonly Task[] => {
  const found = rows.filter(
    (row) =>
      Object.entries(where).every(([field, wanted]) => {
        const value = row[field as "state" | "waitingOn"]; // the fields of the filters above
        return Array.isArray(wanted) ? wanted.includes(value) : wanted === value;
      }) &&
      (contains === undefined || performerKeyOf(row).toLowerCase().includes(contains.text)),
  );
  return newestFirst === true ? found.toReversed() : found;
};

const countsOf = (values: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...new Set(values)].map((value) => [value, values.filter((other) => other === value).length]));

async function expectReplayed(reader: Reader, world: StoreWorld, expected: readonly Task[]): Promise<void> {
  const mine = { requestId: world.rows.request.id };
  const seedId = world.rows.task.id;
  for (const filter of filters) {
    const where = { ...mine, ...filter.where };
    const found = await reader.find(taskKind, { ...filter, where, limit: 100 });
    const wanted = matching(expected, filter);
    expect(found.filter((row) => row.id !== seedId)).toEqual(wanted);
    expect(await reader.count(taskKind, { ...filter, where })).toBe(found.length);
  }
  expect(
    await reader.getMany(
      taskKind,
      expected.map((row) => row.id),
    ),
  ).toEqual(expected);
  const own = { ...mine, key: expected.map((row) => row.key) };
  expect(await reader.countBy(taskKind, "state", { where: own })).toEqual(countsOf(expected.map((row) => row.state)));
  const tally = await reader.tally(taskKind, ["projectId", "performerKey"], { where: own });
  expect(new Map(tally.map(({ values, count }) => [values[1], count]))).toEqual(
    countsOf(expected.map(performerKeyOf).filter((key) => key !== "")),
  );
  const events = await reader.events({ kinds: ["task.tested"], limit: 1_000 });
  const titles = [...Map.groupBy(events, (event) => event.subjectId)].map(([id, of]) => [id, of.at(-1)?.data["title"]] as const);
  expect(new Map(titles)).toEqual(new Map(expected.map((row) => [row.id, row.title])));
  const measured = await reader.measure({ kinds: ["task.tested"], newest: 1_000, fromMs: 0, toMs: 10_000, by: [] });
  expect(measured[0]?.count ?? 0).toBe(events.length);
}

/** Recorded instants of the commands, as their events tell. */
async function recordedInstants(under: StoreUnderTest, world: StoreWorld, wanted: number): Promise<ReadonlyMap<string, number>> {
  let events: readonly StoredEvent[] = [];
  for (let tries = 0; tries < 200 && events.length < wanted; tries += 1) {
    events = await under.store.read(scopeOf(world), (reader) => reader.events({ kinds: ["task.tested"], limit: 1_000 }));
    if (events.length < wanted) await under.advance(10);
  }
  return new Map(events.map((event) => [event.cause, event.recordedAtMs]));
}

/** Reading as of a recorded instant. */
export function storeInstantCases(under: () => StoreUnderTest): void {
  test("answers every question at any instant as a replayed log does", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { minLength: 1, maxLength: 10 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
        async (moves, shares) => {
          const world = await plant(under().store);
          const log = await live(under(), world, moves);
          const recorded = await recordedInstants(under(), world, log.length);
          const instants = [...recorded.values()];
          const first = Math.min(...instants) - 1;
          const last = Math.max(...instants);
          const asked = [first, last, ...shares.map((share) => Math.round(first + share * (last - first)))];
          for (const atMs of asked)
            await under().store.read(
              scopeOf(world),
              (reader) => {
                expect(reader.atMs).toBe(atMs);
                return expectReplayed(reader, world, replayed(log, recorded, atMs));
              },
              { atMs },
            );
        },
      ),
      { numRuns: 12 },
    );
  });

  test("gives a row of every kind as it was, by id and by its fixed columns, and nothing before it was", async () => {
    const { store } = under();
    const beforeMs = await store.nowMs();
    await under().advance(5);
    const world = await plant(store);
    await under().advance(5);
    const atMs = await store.nowMs();
    await under().advance(5);
    for (const { kind, row } of storedRows(world)) await command(store, contextOf(world), { changes: [changed(kind, row, {})] });
    await under().advance(5);
    const read = async (reader: Reader): Promise<readonly Entity[]> => {
      const found: Entity[] = [];
      for (const { kind, row } of storedRows(world)) {
        const { fixed = [] } = entityTables.find((table) => table.kind.name === kind.name) ?? {};
        const fields = row as unknown as Readonly<Record<string, string | number | boolean | null>>; // fixed columns are plain values
        const where = Object.fromEntries(fixed.map((field) => [field, fields[field] ?? null]));
        const one = await reader.get(kind, row.id);
        const listed = await reader.find(kind, { where, limit: 100 });
        expect(listed.some(({ id }) => id === row.id)).toBe(one !== undefined);
        if (one !== undefined) found.push(one);
      }
      return found;
    };
    expect(await store.read(scopeOf(world), read, { atMs })).toEqual(storedRows(world).map(({ row }) => row));
    expect(await store.read(scopeOf(world), read, { atMs: beforeMs })).toEqual([]);
  });

  test("sees nothing of a project outside the scope at any instant", async () => {
    const { store } = under();
    const [world, other] = [await plant(store), await plant(store)];
    await under().advance(5);
    const { atMs } = await store.moment(await store.nowMs());
    const seen = await store.read(
      scopeOf(other),
      async (reader) => ({
        row: await reader.get(taskKind, world.rows.task.id),
        found: await reader.find(taskKind, { where: { requestId: world.rows.request.id }, limit: 10 }),
        versions: await reader.versions(taskKind, world.rows.task.id, { limit: 10 }),
        changes: (await reader.changes({ limit: 1_000 })).filter((change) => change.row.id === world.rows.task.id),
      }),
      { atMs },
    );
    expect(seen).toEqual({ row: undefined, found: [], versions: [], changes: [] });
  });

  test("never gives a moment that an open transaction may still write into", async () => {
    const { store } = under();
    const world = await plant(store);
    await under().advance(5);
    const open = await holding(store, contextOf(world), async (transaction) => {
      await transaction.takeCommand(nextKey(), "test", "0".repeat(64));
      await transaction.write({}, [changed(taskKind, world.rows.task, { title: "late" })], [], []);
    });
    await under().advance(20);
    const { atMs } = await store.moment(await store.nowMs());
    const titleAt = () => store.read(scopeOf(world), async (reader) => (await reader.get(taskKind, world.rows.task.id))?.title, { atMs });
    const before = await titleAt();
    await open.finish();
    expect(await titleAt()).toBe(before);
    expect(before).toBe(world.rows.task.title);
    await under().advance(5);
    const askedMs = await store.nowMs();
    expect((await store.moment(askedMs + 60_000)).atMs).toBeLessThan((await store.nowMs()) + 60_000);
    expect((await store.moment(5.5)).atMs).toBe(5);
  });

  test("tells what a row was, newest first, paged, with who wrote it and why", async () => {
    const { store } = under();
    const world = await plant(store);
    let row = world.rows.task;
    const causes: string[] = [];
    for (const title of ["one", "two", "three"]) {
      const next = changed(taskKind, row, { title });
      const context = contextOf(world);
      causes.push(context.cause);
      await command(store, context, { changes: [next] });
      row = next.after;
    }
    await under().advance(5);
    const pages = await store.read(scopeOf(world), async (reader) => {
      const first = await reader.versions(taskKind, row.id, { limit: 3 });
      return [first, await reader.versions(taskKind, row.id, { limit: 3, beforeVersion: first.at(-1)?.version ?? 0 })];
    });
    expect(pages.map((page) => page.map((one) => [one.version, one.row.title]))).toEqual([
      [
        [4, "three"],
        [3, "two"],
        [2, "one"],
      ],
      [[1, world.rows.task.title]],
    ]);
    expect(pages[0]?.map((one) => one.cause)).toEqual(causes.toReversed());
    expect(pages[0]?.[0]?.actor).toEqual({ kind: "person", id: "tester" });
  });

  test("gives each change once in commit order, by kind, from an instant, over pages", async () => {
    const { store } = under();
    const world = await plant(store);
    await under().advance(5);
    const sinceMs = await store.nowMs();
    await under().advance(5);
    let row = world.rows.task;
    for (let round = 0; round < 7; round += 1) {
      const next = changed(taskKind, row, { title: `round ${String(round)}` });
      await command(store, contextOf(world), { changes: [next, ...(round === 3 ? [changed(planKind, world.rows.plan, {})] : [])] });
      row = next.after;
    }
    const page = (filter: { afterCursor?: string; kinds?: readonly string[] }) =>
      store.read(scopeOf(world), (reader) => reader.changes({ recordedFromMs: sinceMs, limit: 3, ...filter }));
    const all = async (kinds?: readonly string[]): Promise<readonly StoredChange[]> => {
      const seen: StoredChange[] = [];
      for (let tries = 0; tries < 400; tries += 1) {
        const after = seen.at(-1)?.cursor;
        const next = await page({ ...(after === undefined ? {} : { afterCursor: after }), ...(kinds === undefined ? {} : { kinds }) });
        seen.push(...next);
        if (next.length === 0 && seen.length >= (kinds === undefined ? 8 : 7)) break;
        if (next.length === 0) await under().advance(25);
      }
      return seen;
    };
    expect((await all(["task"])).map((one) => (one.row as Task).title)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((round) => `round ${String(round)}`),
    ); // of kind task
    const every = await all();
    expect(every.map((one) => `${one.kind} ${String(one.version)}`).toSorted()).toEqual([
      "plan 2",
      ...[2, 3, 4, 5, 6, 7, 8].map((version) => `task ${String(version)}`),
    ]);
    expect(new Set(every.map((one) => one.cursor)).size).toBe(8);
    await expect(page({ afterCursor: "nowhere" })).rejects.toMatchObject({ code: "store.cursor-invalid" });
  });

  test("refuses to change what keeps its first value", async () => {
    const { store } = under();
    const world = await plant(store);
    const change = changed(taskKind, world.rows.task, { key: "another" });
    const attempt = command(store, contextOf(world), { changes: [change] });
    await expect(attempt).rejects.toBeInstanceOf(Failure);
    await expect(attempt).rejects.toMatchObject({ code: "store.fixed-field" });
  });
}
