import { expect, test } from "vitest";
import { type Task, taskKind } from "../../src/core/execution/task.ts";
import { clockKind } from "../../src/core/oversight/clock.ts";
import { inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import { requestKind } from "../../src/core/requests/request.ts";
import { projectKind } from "../../src/core/shared/entity.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { entityTables } from "../../src/engine/ports/entity-tables.ts";
import type { Filter } from "../../src/engine/ports/store.ts";
import {
  bodyHash,
  changed,
  command,
  contextOf,
  created,
  nextId,
  plant,
  scopeOf,
  storedRows,
  type StoreUnderTest,
  type StoreWorld,
} from "./store-fixture.ts";
import { sampleClock, sampleTask } from "./sample-rows.ts";

async function withTasks(
  under: StoreUnderTest,
  count: number,
  fields: (number: number) => Partial<Task>,
): Promise<{ world: StoreWorld; tasks: Task[] }> {
  const world = await plant(under.store);
  const tasks = Array.from({ length: count }, (_, number) =>
    sampleTask(
      { id: nextId(), requestId: world.rows.request.id, planId: world.rows.plan.id },
      { key: `t${String(number)}`, ordinal: number + 1, ...fields(number) },
    ),
  );
  await command(under.store, contextOf(world), { changes: tasks.map((task) => created(taskKind, task)) });
  return { world, tasks };
}

/** Reading by id and by filter. */
export function storeReadCases(under: () => StoreUnderTest): void {
  const findTasks = (world: StoreWorld, filter: Filter) => under().store.read(scopeOf(world), (reader) => reader.find(taskKind, filter));

  test("picks columns of the rows that finding gives, in its order", async () => {
    const { world } = await withTasks(under(), 5, (number) => ({
      state: number % 2 === 0 ? "ready" : "waiting",
      performer: number === 4 ? { kind: "persona", id: "qa" } : null,
    }));
    const filter: Filter = { where: { state: "ready" }, newestFirst: true, limit: 2 };
    const read = await under().store.read(scopeOf(world), async (reader) => ({
      found: await reader.find(taskKind, filter),
      picked: await reader.pick(taskKind, ["id", "projectId", "ordinal", "state", "performerKey"], filter),
    }));
    expect(read.picked).toEqual(
      read.found.map((task) => [task.id, world.projectId, task.ordinal, task.state, task.performer === null ? null : "persona:qa"]),
    );
    expect(read.picked.map(([, , ordinal]) => ordinal)).toEqual([5, 3]);
    for (const field of ["spec", "version"])
      await expect(under().store.read(scopeOf(world), (reader) => reader.pick(taskKind, [field], filter))).rejects.toMatchObject({
        code: "store.not-filterable",
      });
  });

  test.each(entityTables.map((table) => table.kind.name))(
    "stores and returns a row of kind %s unchanged, and its next version",
    async (name) => {
      const { store } = under();
      const world = await plant(store);
      const sample = storedRows(world).find((candidate) => candidate.kind.name === name);
      if (sample === undefined) throw new Error(`There is no sample row of kind ${name}.`);
      const { kind, row } = sample;
      expect(await store.read(scopeOf(world), (reader) => reader.get(kind, row.id))).toEqual(row);
      await command(store, contextOf(world), { changes: [changed(kind, row, {})] });
      const read = await store.read(scopeOf(world), async (reader) => [
        await reader.get(kind, row.id),
        ...(await reader.getMany(kind, [row.id, nextId()])),
      ]);
      expect(read).toEqual([
        { ...row, version: 2 },
        { ...row, version: 2 },
      ]);
    },
  );

  test("finds every row by every one of its columns", async () => {
    const { store } = under();
    const world = await plant(store);
    for (const { kind, row } of storedRows(world)) {
      const columns = entityTables.find((table) => table.kind.name === kind.name)?.columns ?? {};
      for (const field of Object.keys(columns)) {
        const value = (row as unknown as Record<string, string | number | boolean | null>)[field] ?? null;
        const found = await store.read(scopeOf(world), (reader) => reader.find(kind, { where: { [field]: value }, limit: 100 }));
        expect(
          found.map((candidate) => candidate.id),
          `${kind.name}.${field} = ${String(value)}`,
        ).toContain(row.id);
      }
    }
  });

  test("matches all conditions at once, lists as any-of, null as absent", async () => {
    const { world, tasks } = await withTasks(under(), 6, (number) => ({
      state: number % 2 === 0 ? "waiting" : "blocked",
      waitingOn: number,
    }));
    const waiting = await findTasks(world, { where: { state: "waiting" }, limit: 100 });
    expect(waiting.map((task) => task.key)).toEqual(["t0", "t2", "t4"]);
    const some = await findTasks(world, { where: { state: ["waiting", "blocked"], waitingOn: 3 }, limit: 100 });
    expect(some).toEqual([tasks[3]]);
    expect(await findTasks(world, { where: { state: [] }, limit: 100 })).toEqual([]);
    const undated = await under().store.read(scopeOf(world), (reader) =>
      reader.find(inboxItemKind, { where: { dueAtMs: null }, limit: 10 }),
    );
    expect(undated).toEqual([world.rows.item]);
  });

  test("pages in id order without repeating or losing a row, in both directions", async () => {
    const { world } = await withTasks(under(), 11, () => ({ state: "waiting" }));
    for (const newestFirst of [false, true]) {
      const keys: string[] = [];
      let afterId: string | undefined;
      for (let page = 0; page < 10; page += 1) {
        const rows = await findTasks(world, {
          where: { state: "waiting" },
          limit: 3,
          newestFirst,
          ...(afterId === undefined ? {} : { afterId }),
        });
        keys.push(...rows.map((task) => task.key));
        afterId = rows.at(-1)?.id;
        if (rows.length < 3) break;
      }
      const expected = Array.from({ length: 11 }, (_, number) => `t${String(number)}`);
      expect(keys).toEqual(newestFirst ? expected.toReversed() : expected);
    }
  });

  test("finds what is due at the instant or before it, never what has no date", async () => {
    const { store } = under();
    const world = await plant(store);
    const clocks = [10, 20, 30].map((dueAtMs) => sampleClock(nextId(), world.rows.item.id, { dueAtMs }));
    await command(store, contextOf(world), { changes: clocks.map((clock) => created(clockKind, clock)) });
    const due = await store.read(scopeOf(world), async (reader) => ({
      clocks: await reader.find(clockKind, { dueBeforeMs: 20, limit: 10 }),
      items: await reader.find(inboxItemKind, { dueBeforeMs: Number.MAX_SAFE_INTEGER, limit: 10 }),
    }));
    expect(due.clocks.map((clock) => clock.dueAtMs)).toEqual([10, 20]);
    expect(due.items).toEqual([]);
  });

  test("counts what it would find", async () => {
    const { world } = await withTasks(under(), 7, (number) => ({ state: number < 4 ? "waiting" : "blocked" }));
    const counts = await under().store.read(scopeOf(world), async (reader) => [
      await reader.count(taskKind, { where: { state: "waiting" } }),
      await reader.count(taskKind, { where: { state: ["waiting", "blocked"] } }),
      await reader.count(taskKind, { where: { state: "failed" } }),
      await reader.count(taskKind, {}),
    ]);
    expect(counts).toEqual([4, 7, 0, 8]);
  });

  test("pages in the order of a number, those without one last, in both directions", async () => {
    const { store } = under();
    const world = await plant(store);
    const deadlines = [30, null, 10, 20, null, 20, 10];
    const requests = deadlines.map((deadlineAtMs, at) => ({
      ...world.rows.request,
      id: nextId() as typeof world.rows.request.id,
      number: 900 + at,
      deadlineAtMs,
    }));
    await command(store, contextOf(world), { changes: requests.map((row) => created(requestKind, row)) });
    for (const newestFirst of [false, true]) {
      const seen: number[] = [];
      let after: { readonly value: number | null; readonly id: string } | undefined;
      for (let page = 0; page < 6; page += 1) {
        const rows = await store.read(scopeOf(world), (reader) =>
          reader.find(requestKind, {
            where: { id: requests.map((row) => row.id) },
            sort: { by: "deadlineAtMs", ...(after === undefined ? {} : { after }) },
            newestFirst,
            limit: 2,
          }),
        );
        seen.push(...rows.map((row) => row.number - 900));
        const last = rows.at(-1);
        if (last === undefined) break;
        after = { value: last.deadlineAtMs, id: last.id };
      }
      expect(seen).toEqual(newestFirst ? [0, 5, 3, 6, 2, 4, 1] : [2, 6, 3, 5, 0, 1, 4]);
    }
  });

  test("finds rows by what is derived from them, and by a piece of their text in any case", async () => {
    const { store } = under();
    const { world, tasks } = await withTasks(under(), 4, (number) => ({
      executor: number % 2 === 0 ? "human" : "rules",
      performer: number === 3 ? { kind: "person", id: "somebody" } : null,
      state: "ready",
    }));
    await command(store, contextOf(world), { changes: [changed(requestKind, world.rows.request, { title: "Repair the 100% Ölpumpe_" })] });
    const found = await store.read(scopeOf(world), async (reader) => ({
      human: await reader.find(taskKind, { where: { executor: "human", state: "ready", key: ["t0", "t1", "t2", "t3"] }, limit: 9 }),
      somebody: await reader.find(taskKind, { where: { performerKey: "person:somebody" }, limit: 9 }),
      nobody: await reader.count(taskKind, { where: { performerKey: null, key: ["t0", "t1", "t2", "t3"] } }),
      text: await reader.find(requestKind, { contains: { field: "title", text: "100% ölPUMPE_" }, limit: 9 }),
      notThat: await reader.find(requestKind, { contains: { field: "title", text: "100_" }, limit: 9 }),
      byState: await reader.countBy(taskKind, "state", { where: { key: ["t0", "t1", "t2", "t3"] } }),
      byExecutor: await reader.countBy(taskKind, "executor", { where: { state: "ready", key: ["t1", "t3", "t2"] } }),
    }));
    expect(found.human.map((task) => task.id)).toEqual([tasks[0]?.id, tasks[2]?.id]);
    expect(found.somebody).toEqual([tasks[3]]);
    expect(found.nobody).toBe(3);
    expect(found.text.map((row) => row.id)).toEqual([world.rows.request.id]);
    expect(found.notThat).toEqual([]);
    expect([...found.byState]).toEqual([["ready", 4]]);
    expect(new Map(found.byExecutor)).toEqual(
      new Map([
        ["human", 1],
        ["rules", 2],
      ]),
    );
  });

  test("keeps what is derived in step with the row", async () => {
    const { store } = under();
    const world = await plant(store);
    await command(store, contextOf(world), { changes: [changed(requestKind, world.rows.request, { urgency: "high", deadlineAtMs: 77 })] });
    const found = await store.read(scopeOf(world), (reader) =>
      reader.find(requestKind, { where: { urgency: "high", deadlineAtMs: 77 }, limit: 5 }),
    );
    expect(found.map((row) => [row.urgency, row.deadlineAtMs])).toEqual([["high", 77]]);
  });

  test.each(["urgency; drop table task", "text", "body"])("refuses to sort, search and count by %s", async (field) => {
    const { store } = under();
    const world = await plant(store);
    const asked = (read: Parameters<typeof store.read>[1]) =>
      expect(store.read(scopeOf(world), read)).rejects.toMatchObject({ code: "store.not-filterable" });
    await asked((reader) => reader.find(requestKind, { sort: { by: field }, limit: 1 }));
    await asked((reader) => reader.find(requestKind, { contains: { field, text: "x" }, limit: 1 }));
    await asked((reader) => reader.countBy(requestKind, field, {}));
  });

  test.each(["title", "spec", "no such field", "state; drop table task", "body", "organizationId"])(
    "refuses to filter by %s",
    async (field) => {
      const world = await plant(under().store);
      await expect(findTasks(world, { where: { [field]: "x" }, limit: 1 })).rejects.toMatchObject({ code: "store.not-filterable" });
    },
  );

  test("refuses a due filter for a kind without due times", async () => {
    const world = await plant(under().store);
    await expect(findTasks(world, { dueBeforeMs: 1, limit: 1 })).rejects.toMatchObject({ code: "store.not-filterable" });
  });

  test.each([0, -1, 10_001, 1.5, Number.NaN])("refuses a limit of %s", async (limit) => {
    const world = await plant(under().store);
    await expect(findTasks(world, { limit })).rejects.toBeInstanceOf(Failure);
    await expect(under().store.read(scopeOf(world), (reader) => reader.events({ limit }))).rejects.toBeInstanceOf(Failure);
  });

  test("refuses a kind that no table holds", async () => {
    const world = await plant(under().store);
    await expect(under().store.read(scopeOf(world), (reader) => reader.get(projectKind("no_such_kind"), nextId()))).rejects.toBeInstanceOf(
      Failure,
    );
  });

  test("takes values as values, however they look", async () => {
    const { store } = under();
    const world = await plant(store);
    const title = "'; drop table task; -- \u0001 \\ %_ $1 \ud83d\ude80";
    await command(store, contextOf(world), { changes: [changed(requestKind, world.rows.request, { title })] });
    const found = await store.read(scopeOf(world), (reader) => reader.find(requestKind, { where: { title }, limit: 5 }));
    expect(found.map((row) => row.title)).toEqual([title]);
  });

  test("shows a transaction its own writes before anybody else sees them", async () => {
    const { store } = under();
    const world = await plant(store);
    const context = contextOf(world);
    const added = sampleTask({ id: nextId(), requestId: world.rows.request.id, planId: world.rows.plan.id }, { key: "own" });
    await store.transact(context, async (transaction) => {
      await transaction.takeCommand(context.cause, "test", bodyHash("0"));
      await transaction.write({}, [created(taskKind, added), changed(taskKind, world.rows.task, { title: "changed" })], [], []);
      expect(await transaction.get(taskKind, added.id)).toEqual(added);
      expect(await transaction.find(taskKind, { where: { key: "own" }, limit: 5 })).toEqual([added]);
      expect((await transaction.get(taskKind, world.rows.task.id))?.title).toBe("changed");
      expect(await store.read(scopeOf(world), (reader) => reader.get(taskKind, added.id))).toBeUndefined();
    });
    expect(await store.read(scopeOf(world), (reader) => reader.get(taskKind, added.id))).toEqual(added);
  });
}
