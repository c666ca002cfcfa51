import { expect, test } from "vitest";
import { taskKind } from "../../src/core/execution/task.ts";
import { effectKindOf } from "../../src/core/gate/effect.ts";
import { requestKind } from "../../src/core/requests/request.ts";
import { asId } from "../../src/core/shared/ids.ts";
import {
  bodyHash,
  changed,
  command,
  contextOf,
  created,
  fact,
  nextId,
  nextKey,
  plant,
  retrying,
  scopeOf,
  type StoreUnderTest,
} from "./store-fixture.ts";
import { sampleTask } from "./sample-rows.ts";

/** Keys, atomicity and versions. */
export function storeCommandCases(under: () => StoreUnderTest): void {
  test("answers a repeated key with the first outcome and body hash", async () => {
    const { store } = under();
    const world = await plant(store);
    const context = contextOf(world);
    const outcome = { answer: { id: "x", list: [1, null, { deep: "\u00e9" }] } };
    const first = await store.transact(context, async (transaction) => {
      const place = await transaction.takeCommand(context.cause, "open", bodyHash("1"));
      await transaction.write(outcome, [], [], []);
      return place;
    });
    const second = await store.transact(context, (transaction) => transaction.takeCommand(context.cause, "open", bodyHash("2")));
    expect(first).toEqual({ kind: "new" });
    expect(second).toEqual({ kind: "done", bodySha256: bodyHash("1"), outcome });
  });

  test("keeps the keys of two organizations apart", async () => {
    const { store } = under();
    const one = await plant(store);
    const two = await plant(store);
    const key = nextKey();
    await command(store, contextOf(one, key), {});
    const place = await store.transact(contextOf(two, key), (transaction) => transaction.takeCommand(key, "test", bodyHash("0")));
    expect(place).toEqual({ kind: "new" });
  });

  test("lets one of several simultaneous commands with one key be new", async () => {
    const { store } = under();
    const world = await plant(store);
    const key = nextKey();
    const send = (number: number) =>
      retrying(() =>
        store.transact(contextOf(world, key), async (transaction) => {
          const place = await transaction.takeCommand(key, "test", bodyHash("0"));
          if (place.kind === "new") await transaction.write({ number }, [], [], []);
          return place;
        }),
      );
    const places = await Promise.all([1, 2, 3, 4, 5, 6].map(send));
    expect(places.filter((place) => place.kind === "new")).toHaveLength(1);
    const answers = new Set(places.flatMap((place) => (place.kind === "done" ? [JSON.stringify(place.outcome)] : [])));
    expect(answers.size).toBe(1);
  });

  test("leaves nothing behind when the work throws: no row, event, key or job", async () => {
    const under_ = under();
    const { store } = under_;
    const world = await plant(store);
    const context = contextOf(world);
    const added = sampleTask({ id: nextId(), requestId: world.rows.request.id, planId: world.rows.plan.id }, { key: "lost" });
    const subjectId = nextId();
    const broken = new Error("stop here");
    const attempt = store.transact(context, async (transaction) => {
      await transaction.takeCommand(context.cause, "test", bodyHash("0"));
      await transaction.write(
        {},
        [created(taskKind, added), changed(taskKind, world.rows.task, { title: "lost" })],
        [fact("task", added.id, 1)],
        [{ subjectId, kind: "attempt", epoch: 1 }],
      );
      throw broken;
    });
    await expect(attempt).rejects.toBe(broken);
    const after = await store.read(scopeOf(world), async (reader) => ({
      added: await reader.get(taskKind, added.id),
      old: await reader.get(taskKind, world.rows.task.id),
      events: await reader.events({ subjectId: added.id, limit: 10 }),
    }));
    expect(after).toEqual({ added: undefined, old: world.rows.task, events: [] });
    expect((await under_.enqueued(world.organizationId)).map((job) => job.subjectId)).not.toContain(subjectId);
    const place = await store.transact(context, (transaction) => transaction.takeCommand(context.cause, "test", bodyHash("0")));
    expect(place).toEqual({ kind: "new" });
  });

  test("hands jobs to the durable engine with the commit, with their scope and nothing else", async () => {
    const under_ = under();
    const world = await plant(under_.store);
    const subjectId = world.rows.attempt.id;
    await command(under_.store, contextOf(world), { jobs: [{ subjectId, kind: "attempt", epoch: 1 }] });
    const found = (await under_.enqueued(world.organizationId)).filter((job) => job.subjectId === subjectId);
    expect(found).toEqual([{ subjectId, kind: "attempt", epoch: 1, organizationId: world.organizationId, projectId: world.projectId }]);
  });

  test("takes a job that was handed over before once only", async () => {
    const under_ = under();
    const world = await plant(under_.store);
    const jobs = [{ subjectId: world.rows.attempt.id, kind: "attempt", epoch: 1 } as const];
    await command(under_.store, contextOf(world), { jobs });
    await command(under_.store, contextOf(world), { jobs }).catch(() => undefined);
    const found = (await under_.enqueued(world.organizationId)).filter((job) => job.subjectId === world.rows.attempt.id);
    expect(found).toHaveLength(1);
  });

  test("refuses to write over a version it was not given", async () => {
    const { store } = under();
    const world = await plant(store);
    await command(store, contextOf(world), { changes: [changed(taskKind, world.rows.task, { title: "second" })] });
    const late = command(store, contextOf(world), { changes: [changed(taskKind, world.rows.task, { title: "stale" })] });
    await expect(late).rejects.toMatchObject({ kind: "conflict", code: "store.version-conflict" });
    const row = await store.read(scopeOf(world), (reader) => reader.get(taskKind, world.rows.task.id));
    expect(row).toMatchObject({ title: "second", version: 2 });
  });

  test("refuses all of a command when one of its rows is stale", async () => {
    const { store } = under();
    const world = await plant(store);
    await command(store, contextOf(world), { changes: [changed(taskKind, world.rows.task, { title: "second" })] });
    const changes = [changed(requestKind, world.rows.request, { title: "half" }), changed(taskKind, world.rows.task, { title: "stale" })];
    await expect(command(store, contextOf(world), { changes })).rejects.toMatchObject({ kind: "conflict" });
    const row = await store.read(scopeOf(world), (reader) => reader.get(requestKind, world.rows.request.id));
    expect(row).toEqual(world.rows.request);
  });

  test("refuses to change a row that is not there, and to create one that is", async () => {
    const { store } = under();
    const world = await plant(store);
    const ghost = { ...world.rows.task, id: nextId() };
    await expect(command(store, contextOf(world), { changes: [changed(taskKind, ghost, { title: "ghost" })] })).rejects.toMatchObject({
      kind: "conflict",
    });
    await expect(command(store, contextOf(world), { changes: [created(taskKind, world.rows.task)] })).rejects.toMatchObject({
      kind: "conflict",
    });
  });

  test("refuses a second row of the same key in the same project, and takes it in another", async () => {
    const { store } = under();
    const world = await plant(store);
    const other = await plant(store, world.organizationId, false);
    const { task, effect, request } = world.rows;
    const twins = [
      created(taskKind, sampleTask({ id: nextId(), requestId: request.id, planId: task.planId })),
      created(effectKindOf, { ...effect, id: nextId() }),
      created(requestKind, { ...request, id: nextId() }),
    ];
    for (const twin of twins)
      await expect(command(store, contextOf(world), { changes: [twin] })).rejects.toMatchObject({
        kind: "conflict",
        code: "store.duplicate",
      });
    expect(other.rows.effect.effectKey).toBe(effect.effectKey);
  });

  test("lets one of several simultaneous rows of the same key in", async () => {
    const { store } = under();
    const world = await plant(store);
    const add = () =>
      command(store, contextOf(world), {
        changes: [created(effectKindOf, { ...world.rows.effect, id: nextId(), effectKey: bodyHash("9") })],
      });
    const outcomes = await Promise.allSettled([add(), add(), add(), add()]);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect(await store.read(scopeOf(world), (reader) => reader.count(effectKindOf, { where: { effectKey: bodyHash("9") } }))).toBe(1);
  });

  test("refuses a second event with a number that its stream has", async () => {
    const { store } = under();
    const world = await plant(store);
    const id = world.rows.task.id;
    await command(store, contextOf(world), { events: [fact("task", id, 1), fact("task", id, 2)] });
    await expect(command(store, contextOf(world), { events: [fact("task", id, 2)] })).rejects.toMatchObject({ kind: "conflict" });
  });

  test("gives back exactly what was written, whatever the caller does to its objects afterwards", async () => {
    const { store } = under();
    const world = await plant(store);
    const answers: { [key: string]: string[] } = { list: ["kept"] };
    await command(store, contextOf(world), { changes: [changed(requestKind, world.rows.request, { answers })] });
    answers["list"]?.push("slipped in");
    const row = await store.read(scopeOf(world), (reader) => reader.get(requestKind, world.rows.request.id));
    expect(row?.answers).toEqual({ list: ["kept"] });
  });

  test("numbers the requests of a project upwards from 1, each number once, apart from other projects", async () => {
    const { store } = under();
    const world = await plant(store);
    const other = await plant(store, world.organizationId, false);
    const next = (of: typeof world) => store.transact(contextOf(of), (transaction) => transaction.nextNumber());
    const numbers = await Promise.all(Array.from({ length: 12 }, () => next(world)));
    expect(numbers.toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const lost = store.transact(contextOf(world), async (transaction) => {
      await transaction.nextNumber();
      throw new Error("stop");
    });
    await expect(lost).rejects.toThrow("stop");
    expect(await next(world)).toBeGreaterThan(12);
    expect(await next(other)).toBe(1);
  });

  test("gives the clock in whole milliseconds and never backwards", async () => {
    const under_ = under();
    const before = await under_.store.nowMs();
    await under_.advance(3);
    const after = await under_.store.nowMs();
    expect(Number.isSafeInteger(before)).toBe(true);
    expect(after).toBeGreaterThanOrEqual(before + 3);
  });

  test("does not take a command for one whose outcome was never written", async () => {
    const { store } = under();
    const world = await plant(store);
    const id = asId<"task">(nextId());
    const context = contextOf(world);
    await expect(
      store.transact(context, async (transaction) => {
        await transaction.takeCommand(context.cause, "test", bodyHash("0"));
        throw new Error(id);
      }),
    ).rejects.toThrow(id);
    await command(store, context, { outcome: { second: true } });
    const place = await store.transact(context, (transaction) => transaction.takeCommand(context.cause, "test", bodyHash("0")));
    expect(place).toMatchObject({ kind: "done", outcome: { second: true } });
  });
}
