import { Client, type ClientBase } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleTask } from "../../../test/conformance/sample-rows.ts";
import { bodyHash, changed, command, contextOf, created, fact, nextId, plant, scopeOf } from "../../../test/conformance/store-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../../test/support/test-store.ts";
import { taskKind } from "../../core/execution/task.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { CrashPoint } from "../../engine/ports/crash-point.ts";

let database: TestDatabase;
let healthy: TestStore;

beforeAll(async () => {
  database = await openTestDatabase();
  healthy = await openTestStore(database.urls.app);
});
afterAll(async () => {
  await healthy.close();
  await database.drop();
});

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries === 400) throw new Error("It did not happen within 10 s.");
    await new Promise((resolve) => void setTimeout(resolve, 25)); // looks again; what is waited for is the condition
  }
};

async function asAdmin(text: string): Promise<readonly { readonly [column: string]: unknown }[]> {
  const client = new Client({ connectionString: database.urls.admin });
  await client.connect();
  try {
    return (await client.query<{ [column: string]: unknown }>(text)).rows;
  } finally {
    await client.end();
  }
}

const jobFor = (subjectId: string) => ({ kind: "attempt", subjectId, epoch: 1 }) as const;

test("a commit whose enqueue failed leaves nothing: no row, event, key or workflow", async () => {
  const planted = await openTestStore(database.urls.app, {
    enqueue: async (client) => {
      await client.query("select 1");
      throw new Error("planted");
    },
  });
  const world = await plant(healthy.store);
  const context = contextOf(world);
  const added = sampleTask({ id: nextId(), requestId: world.rows.request.id, planId: world.rows.plan.id }, { key: "lost" });
  const refused = command(planted.store, context, {
    changes: [created(taskKind, added)],
    events: [fact("task", added.id, 1)],
    jobs: [jobFor(added.id)],
  });
  await expect(refused).rejects.toMatchObject({ kind: "unavailable", code: "store.unavailable" });
  await planted.close();
  expect(await healthy.store.read(scopeOf(world), (reader) => reader.get(taskKind, added.id))).toBeUndefined();
  const left = await asAdmin(
    `select (select count(*) from xvc.command where key = '${context.cause}') + (select count(*) from xvc.event where subject_id = '${added.id}')
          + (select count(*) from xvc.history where id = '${added.id}') + (select count(*) from dbos.workflow_status where workflow_uuid like '%${added.id}%') as rows`,
  );
  expect(left).toEqual([{ rows: "0" }]);
});

test("the real enqueue's statements roll back with a version conflict found beside them", async () => {
  const world = await plant(healthy.store);
  const stale = changed(taskKind, { ...world.rows.task, version: 7 }, { title: "stale" });
  const subjectId = nextId();
  const refused = command(healthy.store, contextOf(world), { changes: [stale], jobs: [jobFor(subjectId), jobFor(nextId())] });
  await expect(refused).rejects.toMatchObject({ code: "store.version-conflict" });
  expect(await asAdmin(`select 1 from dbos.workflow_status where workflow_uuid like '%${subjectId}%'`)).toEqual([]);
  expect(await asAdmin(`select 1 from dbos.workflow_input where workflow_uuid like '%${subjectId}%'`)).toEqual([]);
});

test("a workflow is never committed without its input, whatever else a command writes", async () => {
  const world = await plant(healthy.store);
  const subjects = Array.from({ length: 12 }, () => nextId());
  await Promise.all(
    subjects.map((subjectId, index) =>
      command(healthy.store, contextOf(world), {
        events: [fact("effect", subjectId, 1)],
        jobs: [jobFor(subjectId), { ...jobFor(subjectId), epoch: index + 2 }],
      }),
    ),
  );
  const orphans = await asAdmin(
    "select s.workflow_uuid from dbos.workflow_status s left join dbos.workflow_input i using (workflow_uuid) where i.inputs is null",
  );
  expect(orphans).toEqual([]);
});

test("a statement that failed prevents the commit, even when the work swallowed it", async () => {
  const world = await plant(healthy.store);
  const context = contextOf(world);
  const work = healthy.store.transact(context, async (transaction) => {
    await transaction.takeCommand(context.cause, "test", bodyHash("0"));
    await transaction.write({}, [created(taskKind, world.rows.task)], [], []).catch(() => undefined);
  });
  await expect(work).rejects.toMatchObject({ kind: "conflict", code: "store.version-conflict" });
});

test("a connection lost while committing is an unknown outcome that the key settles", async () => {
  let held: ClientBase | undefined;
  const cut = await openTestStore(database.urls.app, {
    enqueue: async (client) => {
      held = client;
    },
    crash: (point) => {
      if (point !== "command.before-commit") return;
      const { connection } = held as unknown as { connection: { stream: { destroy(): void } } }; // as a cable that is pulled
      connection.stream.destroy();
    },
  });
  const world = await plant(healthy.store);
  const context = contextOf(world);
  const lost = command(cut.store, context, { events: [fact("task", world.rows.task.id, 1)], jobs: [jobFor(world.rows.task.id)] });
  await expect(lost).rejects.toMatchObject({ kind: "unavailable", code: "store.commit-unknown" });
  const place = await healthy.store.transact(context, (transaction) => transaction.takeCommand(context.cause, "test", bodyHash("0")));
  expect(place).toEqual({ kind: "new" });
  expect(cut.pool.totalCount).toBe(0); // the broken connection is not used again
  await cut.close();
});

test("a server that ends the session in the middle of a transaction makes it unavailable, and the next one works", async () => {
  const world = await plant(healthy.store);
  const alone = await openTestStore(database.urls.app, { maxConnections: 1 });
  const work = alone.store.transact(contextOf(world), async (transaction) => {
    await transaction.get(taskKind, world.rows.task.id);
    await asAdmin(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'xvc test store' and state = 'idle in transaction' and datname = current_database()",
    );
    await transaction.get(taskKind, world.rows.task.id);
  });
  await expect(work).rejects.toMatchObject({ kind: "unavailable", code: "store.unavailable" });
  expect(await alone.store.read(scopeOf(world), (reader) => reader.get(taskKind, world.rows.task.id))).toEqual(world.rows.task);
  await alone.close();
});

test("a database that nobody answers for is unavailable", async () => {
  const url = new URL(database.urls.app);
  url.port = "1";
  const nowhere = await openTestStore(url.href);
  await expect(nowhere.store.nowMs()).rejects.toMatchObject({ kind: "unavailable", code: "store.unavailable" });
  await nowhere.close();
});

test.each(["nul \u0000 inside", "half of a pair \ud800"])("refuses a text that cannot be stored as the caller's mistake", async (title) => {
  const world = await plant(healthy.store);
  const written = command(healthy.store, contextOf(world), { changes: [changed(requestKind, world.rows.request, { text: title })] });
  await expect(written).rejects.toMatchObject({ kind: "invalid", code: "store.text-invalid" });
  expect(await healthy.store.read(scopeOf(world), (reader) => reader.find(requestKind, { where: { state: title }, limit: 1 }))).toEqual([]);
});

test("ids and cursors that are none name nothing, or are refused as the caller's mistake", async () => {
  const world = await plant(healthy.store);
  await healthy.store.read(scopeOf(world), async (reader) => {
    expect(await reader.get(taskKind, "'; drop table task; --")).toBeUndefined();
    expect(await reader.asOf(taskKind, "x", 0)).toBeUndefined();
    expect(await reader.events({ subjectId: "x", requestId: "y", limit: 1 })).toEqual([]);
    expect(await reader.find(taskKind, { where: { planId: "x", ordinal: 1e300, key: ["\u0000"] }, limit: 1 })).toEqual([]);
    await expect(reader.find(taskKind, { afterId: "x", limit: 1 })).rejects.toMatchObject({
      kind: "invalid",
      code: "store.cursor-invalid",
    });
    await expect(reader.events({ afterCursor: "x", limit: 1 })).rejects.toMatchObject({ kind: "invalid", code: "store.cursor-invalid" });
  });
});

test("a scope that is no scope never reaches the database", async () => {
  const world = await plant(healthy.store);
  const broken = { ...scopeOf(world), projectIds: ["},{"] as never };
  await expect(healthy.store.read(broken, (reader) => reader.get(taskKind, world.rows.task.id))).rejects.toMatchObject({
    code: "store.scope-invalid",
  });
});

test("a transaction used after its end is refused", async () => {
  const world = await plant(healthy.store);
  const kept = await healthy.store.transact(contextOf(world), async (transaction) => transaction);
  await expect(kept.get(taskKind, world.rows.task.id)).rejects.toMatchObject({ code: "store.transaction-closed" });
});

test("passes the crash points that only the store knows, in order", async () => {
  const points: CrashPoint[] = [];
  const probed = await openTestStore(database.urls.app, { crash: (point) => void points.push(point) });
  const world = await plant(healthy.store);
  await command(probed.store, contextOf(world), { jobs: [jobFor(world.rows.task.id)] });
  await probed.close();
  expect(points).toEqual(["enqueue.before", "enqueue.after", "command.before-commit"]);
});

test("another process hears of new events, also after its listening connection was lost", async () => {
  const other = await openTestStore(database.urls.app);
  let heard = 0;
  const stop = other.store.onEvents(() => {
    heard += 1;
  });
  const world = await plant(healthy.store);
  let number = 0;
  const tell = async (): Promise<void> => {
    number += 1;
    await command(healthy.store, contextOf(world), { events: [fact("task", world.rows.task.id, number)] });
  };
  await until(() => heard > 0); // connected
  const connected = heard;
  await tell();
  await until(() => heard > connected);
  await asAdmin(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'xvc events' and datname = current_database()",
  );
  const before = heard;
  await until(() => heard > before); // connected again, which counts as news
  const again = heard;
  await tell();
  await until(() => heard > again);
  expect(heard).toBeGreaterThan(again);
  stop();
  await other.close();
});

test("nothing of a command is in a notification or in the engine's tables but ids", async () => {
  const world = await plant(healthy.store);
  const canary = `canary-${nextId()}`;
  const task = sampleTask({ id: nextId(), requestId: world.rows.request.id, planId: world.rows.plan.id }, { key: "c", title: canary });
  await command(healthy.store, contextOf(world), {
    changes: [created(taskKind, task)],
    events: [fact("task", task.id, 1, { canary })],
    jobs: [jobFor(task.id)],
    outcome: { canary },
  });
  const tables = await asAdmin(
    "select c.oid::regclass::text as name from pg_class c where relnamespace = 'dbos'::regnamespace and relkind = 'r'",
  );
  for (const { name } of tables) {
    const found = await asAdmin(`select '${String(name)}' as name from ${String(name)} t where to_jsonb(t)::text like '%${canary}%'`);
    expect(found).toEqual([]);
  }
});
