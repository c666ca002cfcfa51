import { expect, test } from "vitest";
import { taskKind } from "../../src/core/execution/task.ts";
import { planKind } from "../../src/core/planning/plan.ts";
import { requestKind } from "../../src/core/requests/request.ts";
import {
  bodyHash,
  changed,
  command,
  contextOf,
  created,
  gate,
  holding,
  nextId,
  plant,
  retrying,
  scopeOf,
  type StoreUnderTest,
  type StoreWorld,
} from "./store-fixture.ts";
import { sampleTask } from "./sample-rows.ts";

/** What simultaneous transactions see of each other. */
export function storeLockCases(under: () => StoreUnderTest): void {
  const addTask = async (world: StoreWorld, key: string) => {
    const task = sampleTask(
      { id: nextId(), requestId: world.rows.request.id, planId: world.rows.plan.id },
      { key, ordinal: Number(key.slice(1)) },
    );
    await command(under().store, contextOf(world), { changes: [created(taskKind, task)] });
    return task;
  };

  test("loses no update when sixteen commands count up one locked row", async () => {
    const { store } = under();
    const world = await plant(store);
    const id = world.rows.plan.id;
    const countUp = () =>
      retrying(async () => {
        const context = contextOf(world);
        await store.transact(context, async (transaction) => {
          await transaction.takeCommand(context.cause, "test", bodyHash("0"));
          const [plan] = await transaction.lock(planKind, [id]);
          if (plan === undefined) throw new Error("The plan is gone.");
          await transaction.write({}, [changed(planKind, plan, { openSinks: plan.openSinks + 1 })], [], []);
        });
      });
    await Promise.all(Array.from({ length: 16 }, countUp));
    const plan = await store.read(scopeOf(world), (reader) => reader.get(planKind, id));
    expect(plan).toMatchObject({ openSinks: 17, version: 17 });
  });

  test("returns locked rows sorted by id, leaving out what is missing", async () => {
    const { store } = under();
    const world = await plant(store);
    const second = await addTask(world, "t2");
    const rows = await store.transact(contextOf(world), (transaction) =>
      transaction.lock(taskKind, [second.id, nextId(), world.rows.task.id]),
    );
    expect(rows.map((row) => row.id)).toEqual([world.rows.task.id, second.id]);
  });

  test("does not deadlock when two commands name the same rows in opposite order", async () => {
    const { store } = under();
    const world = await plant(store);
    const second = await addTask(world, "t2");
    const forwards = [world.rows.task.id, second.id];
    const lockAll = (ids: readonly string[]) =>
      store.transact(contextOf(world), async (transaction) => (await transaction.lock(taskKind, ids)).length);
    const counts = await Promise.all([
      lockAll(forwards),
      lockAll(forwards.toReversed()),
      lockAll(forwards),
      lockAll(forwards.toReversed()),
    ]);
    expect(counts).toEqual([2, 2, 2, 2]);
  });

  test("ends a real deadlock by telling one of the two to decide again", async () => {
    const { store } = under();
    const world = await plant(store);
    const bothHold = [gate(), gate()] as const;
    const run = (own: 0 | 1) =>
      store.transact(contextOf(world), async (transaction) => {
        await (own === 0 ? transaction.lock(taskKind, [world.rows.task.id]) : transaction.lock(planKind, [world.rows.plan.id]));
        bothHold[own].open();
        await bothHold[own === 0 ? 1 : 0].opened;
        await (own === 0 ? transaction.lock(planKind, [world.rows.plan.id]) : transaction.lock(taskKind, [world.rows.task.id]));
      });
    const outcomes = await Promise.allSettled([run(0), run(1)]);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ kind: "conflict", code: "store.serialization" });
  });

  test("makes a second locker wait and then shows it the new version", async () => {
    const { store } = under();
    const world = await plant(store);
    const context = contextOf(world);
    const holder = await holding(store, context, async (transaction) => {
      await transaction.takeCommand(context.cause, "test", bodyHash("0"));
      const [task] = await transaction.lock(taskKind, [world.rows.task.id]);
      if (task !== undefined) await transaction.write({}, [changed(taskKind, task, { title: "from the first" })], [], []);
    });
    const second = retrying(() => store.transact(contextOf(world), (transaction) => transaction.lock(taskKind, [world.rows.task.id])));
    await holder.finish();
    expect((await second).map((task) => task.title)).toEqual(["from the first"]);
  });

  test("lets many share a row at once, and changes it only after they are done", async () => {
    const { store } = under();
    const world = await plant(store);
    const id = world.rows.request.id;
    const first = await holding(store, contextOf(world), async (transaction) => {
      expect(await transaction.share(requestKind, [id, nextId()])).toEqual([world.rows.request]);
    });
    const second = await holding(store, contextOf(world), async (transaction) => {
      expect(await transaction.share(requestKind, [id])).toEqual([world.rows.request]);
    });
    let written = false;
    const writer = command(store, contextOf(world), { changes: [changed(requestKind, world.rows.request, { title: "after them" })] }).then(
      () => {
        written = true;
      },
    );
    const locker = store.transact(contextOf(world), (transaction) => transaction.lockFree(requestKind, { limit: 5 }));
    expect(await locker).toEqual([]);
    await first.finish();
    expect(written).toBe(false);
    await second.finish();
    await writer;
    expect(await store.read(scopeOf(world), (reader) => reader.get(requestKind, id))).toMatchObject({ title: "after them", version: 2 });
  });

  test("skips rows that somebody else holds, at once, and takes the others", async () => {
    const { store } = under();
    const world = await plant(store);
    const second = await addTask(world, "t2");
    const third = await addTask(world, "t3");
    const holder = await holding(store, contextOf(world), async (transaction) => {
      await transaction.lock(taskKind, [second.id]);
    });
    const free = await store.transact(contextOf(world), (transaction) =>
      transaction.lockFree(taskKind, { where: { state: "ready" }, limit: 10 }),
    );
    expect(free.map((task) => task.id)).toEqual([world.rows.task.id, third.id]);
    await holder.finish();
  });

  test("lets go of locks when a transaction ends, however it ends", async () => {
    const { store } = under();
    const world = await plant(store);
    const broken = store.transact(contextOf(world), async (transaction) => {
      await transaction.lock(taskKind, [world.rows.task.id]);
      throw new Error("stop");
    });
    await expect(broken).rejects.toThrow("stop");
    const free = await store.transact(contextOf(world), (transaction) => transaction.lockFree(taskKind, { limit: 10 }));
    expect(free.map((task) => task.id)).toEqual([world.rows.task.id]);
  });

  test("keeps no lock for a statement that was sent beside one that failed", async () => {
    const { store } = under();
    const world = await plant(store);
    const broken = store.transact(contextOf(world), async (transaction) => {
      await Promise.all([Promise.reject(new Error("stop")), transaction.lock(taskKind, [world.rows.task.id])]);
    });
    await expect(broken).rejects.toThrow("stop");
    const locked = await store.transact(contextOf(world), (transaction) => transaction.lock(taskKind, [world.rows.task.id]));
    expect(locked.map((task) => task.id)).toEqual([world.rows.task.id]);
  });

  test("hides what is not committed, then shows it", async () => {
    const { store } = under();
    const world = await plant(store);
    const context = contextOf(world);
    const holder = await holding(store, context, async (transaction) => {
      await transaction.takeCommand(context.cause, "test", bodyHash("0"));
      await transaction.write({}, [changed(taskKind, world.rows.task, { title: "not yet" })], [], []);
    });
    const titleOf = async () => (await store.read(scopeOf(world), (reader) => reader.get(taskKind, world.rows.task.id)))?.title;
    expect(await titleOf()).toBe(world.rows.task.title);
    await holder.finish();
    expect(await titleOf()).toBe("not yet");
  });

  test("reads one instant, however many commits happen meanwhile", async () => {
    const { store } = under();
    const world = await plant(store);
    const seen = await store.read(scopeOf(world), async (reader) => {
      const before = await reader.get(taskKind, world.rows.task.id);
      await command(store, contextOf(world), { changes: [changed(taskKind, world.rows.task, { title: "later", state: "blocked" })] });
      await addTask(world, "t9");
      return {
        before,
        after: await reader.get(taskKind, world.rows.task.id),
        count: await reader.count(taskKind, {}),
        blocked: await reader.find(taskKind, { where: { state: "blocked" }, limit: 5 }),
      };
    });
    expect(seen).toEqual({ before: world.rows.task, after: world.rows.task, count: 1, blocked: [] });
  });
}
