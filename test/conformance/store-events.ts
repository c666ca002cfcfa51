import { expect, test } from "vitest";
import { type Task, taskKind } from "../../src/core/execution/task.ts";
import {
  bodyHash,
  changed,
  command,
  compareCursors,
  contextOf,
  fact,
  holding,
  nextId,
  plant,
  readEvents,
  scopeOf,
  type StoreUnderTest,
} from "./store-fixture.ts";

/** The log that others tail, and the past of rows. */
export function storeEventCases(under: () => StoreUnderTest): void {
  test("records who, why and when beside each fact", async () => {
    const under_ = under();
    const world = await plant(under_.store);
    const context = { ...contextOf(world), atMs: 123_456, actor: { kind: "persona", id: "writer" } as const };
    const before = await under_.store.nowMs();
    await command(under_.store, context, { events: [fact("task", world.rows.task.id, 1, { title: "\u00e9", list: [1, null] })] });
    const [event] = await readEvents(under_, scopeOf(world), 1);
    expect(event).toMatchObject({
      projectId: world.projectId,
      subjectKind: "task",
      subjectId: world.rows.task.id,
      number: 1,
      kind: "task.tested",
      actor: context.actor,
      cause: context.cause,
      atMs: 123_456,
      data: { title: "\u00e9", list: [1, null] },
    });
    expect(event?.cursor).toMatch(/^\d+-\d+$/u);
    expect(event?.recordedAtMs).toBeGreaterThanOrEqual(before - 1);
  });

  test("keeps the order inside a command and across commands, page by page", async () => {
    const under_ = under();
    const world = await plant(under_.store);
    const id = world.rows.task.id;
    for (let number = 1; number <= 9; number += 3) {
      await command(under_.store, contextOf(world), {
        events: [fact("task", id, number), fact("task", id, number + 1), fact("task", id, number + 2)],
      });
    }
    const seen = await readEvents(under_, scopeOf(world), 9, 2);
    expect(seen.map((event) => event.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const sorted = seen.map((event) => event.cursor).toSorted(compareCursors);
    expect(seen.map((event) => event.cursor)).toEqual(sorted);
    expect(new Set(sorted).size).toBe(9);
  });

  test("tells a writer the position from which its last event is read", async () => {
    const { store } = under();
    const world = await plant(store);
    const context = contextOf(world);
    const told = await store.transact(context, async (transaction) => {
      await transaction.takeCommand(context.cause, "test", bodyHash("0"));
      return transaction.write({}, [], [fact("task", world.rows.task.id, 1), fact("plan", world.rows.plan.id, 1)], []);
    });
    const read = await store.read(scopeOf(world), (reader) => reader.events({ limit: 1, newestFirst: true }));
    expect(read.map((event) => [event.subjectKind, event.cursor])).toEqual([["plan", told]]);
    const silent = contextOf(world);
    const none = await store.transact(silent, async (transaction) => {
      await transaction.takeCommand(silent.cause, "test", bodyHash("1"));
      return transaction.write({}, [], [], []);
    });
    expect(none).toBeNull();
  });

  test("never lets a cursor skip the event of a transaction that was open longer", async () => {
    const under_ = under();
    const { store } = under_;
    const world = await plant(store);
    const context = contextOf(world);
    const slow = await holding(store, context, async (transaction) => {
      await transaction.takeCommand(context.cause, "test", bodyHash("0"));
      await transaction.write({}, [], [fact("task", world.rows.task.id, 1)], []);
    });
    await command(store, contextOf(world), { events: [fact("plan", world.rows.plan.id, 1)] });
    const early = await store.read(scopeOf(world), (reader) => reader.events({ limit: 10 }));
    await slow.finish();
    await command(store, contextOf(world), { events: [fact("request", world.rows.request.id, 1)] });
    const after = early.at(-1)?.cursor;
    const late: string[] = [];
    for (let tries = 0; tries < 400 && early.length + late.length < 3; tries += 1) {
      const page = await store.read(scopeOf(world), (reader) =>
        reader.events({ limit: 10, ...(after === undefined ? {} : { afterCursor: after }) }),
      );
      late.splice(0, late.length, ...page.map((event) => event.subjectKind));
      if (early.length + late.length < 3) await under_.advance(25);
    }
    expect([...early.map((event) => event.subjectKind), ...late].toSorted()).toEqual(["plan", "request", "task"]);
  });

  test("shows a tail reader each of eighty racing events exactly once", async () => {
    const under_ = under();
    const { store } = under_;
    const world = await plant(store);
    const writers = Promise.all(
      Array.from({ length: 80 }, async () => {
        await command(store, contextOf(world), { events: [fact("effect", nextId(), 1)] });
      }),
    );
    const seen = await readEvents(under_, scopeOf(world), 80, 7);
    await writers;
    const rest = await readEvents(under_, scopeOf(world), 80, 1_000);
    expect(seen.length).toBeLessThanOrEqual(80);
    expect(rest).toHaveLength(80);
    expect(seen.map((event) => event.cursor)).toEqual(rest.slice(0, seen.length).map((event) => event.cursor));
    expect(new Set(rest.map((event) => event.subjectId)).size).toBe(80);
  });

  test("narrows to a subject, and to everything of a request", async () => {
    const under_ = under();
    const world = await plant(under_.store);
    const { request, task, plan } = world.rows;
    await command(under_.store, contextOf(world), {
      events: [
        fact("request", request.id, 1),
        fact("task", task.id, 1, { requestId: request.id }),
        fact("plan", plan.id, 1, { requestId: nextId() }),
      ],
    });
    await readEvents(under_, scopeOf(world), 3);
    const seen = await under_.store.read(scopeOf(world), async (reader) => ({
      subject: (await reader.events({ subjectId: plan.id, limit: 10 })).map((event) => event.subjectKind),
      request: (await reader.events({ requestId: request.id, limit: 10 })).map((event) => event.subjectKind),
    }));
    expect(seen).toEqual({ subject: ["plan"], request: ["request", "task"] });
  });

  test("calls back after a commit, and no more once stopped", async () => {
    const under_ = under();
    const world = await plant(under_.store);
    let called = 0;
    let stopped = 0;
    const stopFirst = under_.store.onEvents(() => {
      stopped += 1;
    });
    stopFirst();
    const stop = under_.store.onEvents(() => {
      called += 1;
    });
    const stoppedBefore = stopped;
    await command(under_.store, contextOf(world), { events: [fact("task", world.rows.task.id, 1)] });
    for (let tries = 0; tries < 400 && called === 0; tries += 1) await under_.advance(25);
    stop();
    expect(called).toBeGreaterThan(0);
    expect(stopped).toBe(stoppedBefore);
  });

  test("answers for any past instant what a log kept outside says, for rows that lived through many versions", async () => {
    const under_ = under();
    const { store } = under_;
    const world = await plant(store);
    const log: { atMs: number; row: Task }[] = [];
    let row = world.rows.task;
    for (let round = 0; round < 12; round += 1) {
      await under_.advance(3);
      log.push({ atMs: await store.nowMs(), row });
      await under_.advance(3);
      const next = changed(taskKind, row, { title: `version ${String(round)}`, waitingOn: round, outputs: [] });
      await command(store, contextOf(world), { changes: [next] });
      row = next.after;
    }
    const answers = await store.read(scopeOf(world), async (reader) => {
      const found: (Task | undefined)[] = [];
      for (const entry of log) found.push(await reader.asOf(taskKind, world.rows.task.id, entry.atMs));
      return found;
    });
    expect(answers).toEqual(log.map((entry) => entry.row));
  });

  test("knows nothing of a row before it was created, nor of one that never was", async () => {
    const under_ = under();
    const beforeMs = await under_.store.nowMs();
    await under_.advance(5);
    const world = await plant(under_.store);
    const nowMs = await under_.store.nowMs();
    const seen = await under_.store.read(scopeOf(world), async (reader) => [
      await reader.asOf(taskKind, world.rows.task.id, beforeMs),
      await reader.asOf(taskKind, nextId(), nowMs),
      await reader.asOf(taskKind, world.rows.task.id, nowMs + 1_000),
    ]);
    expect(seen).toEqual([undefined, undefined, world.rows.task]);
  });

  test("keeps no history of what was rolled back", async () => {
    const under_ = under();
    const { store } = under_;
    const world = await plant(store);
    const context = contextOf(world);
    const attempt = store.transact(context, async (transaction) => {
      await transaction.takeCommand(context.cause, "test", bodyHash("0"));
      await transaction.write({}, [changed(taskKind, world.rows.task, { title: "never" })], [], []);
      throw new Error("stop");
    });
    await expect(attempt).rejects.toThrow("stop");
    await under_.advance(3);
    const nowMs = await store.nowMs();
    expect(await store.read(scopeOf(world), (reader) => reader.asOf(taskKind, world.rows.task.id, nowMs))).toEqual(world.rows.task);
  });
}
