import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JobStart } from "../../core/shared/transition.ts";
import { dbosDurable, type DbosDurable } from "./dbos-durable.ts";
import { openEngineClient } from "./engine-client.ts";
import { enqueueJobs } from "./enqueue-jobs.ts";
import { workflowIdOf } from "./job-queue.ts";
import { deleteFinished } from "./retention.ts";

let database: TestDatabase;
let durable: DbosDurable;
let fenced = 0;
const workers: ChildProcessWithoutNullStreams[] = [];
const place = { organizationId: randomUUID(), projectId: randomUUID() };
const job = (epoch = 1): JobStart => ({ kind: "attempt", subjectId: randomUUID(), epoch });
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries === 800) throw new Error("It did not happen within 20 s.");
    await new Promise((resolve) => void setTimeout(resolve, 25)); // looks again; what is waited for is the condition
  }
};

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(async () => {
  await database.drop();
});
beforeEach(async () => {
  fenced = 0;
  durable = await dbosDurable({
    appUrl: database.urls.app,
    log: () => {},
    beatEveryMs: 100,
    onFenced: () => {
      fenced += 1;
    },
  });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  await durable.shutdown(1_000);
  await asOwner("delete from xvc_system.worker_lease");
  await asEngine("delete from dbos.workflow_input; delete from dbos.workflow_status");
});

async function asEngine(sql: string): Promise<readonly { readonly [column: string]: unknown }[]> {
  return run(database.urls.engine, sql);
}
async function asOwner(sql: string): Promise<readonly { readonly [column: string]: unknown }[]> {
  return run(database.urls.owner, sql);
}
async function run(url: string, sql: string): Promise<readonly { readonly [column: string]: unknown }[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ [column: string]: unknown }>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function enqueue(jobs: readonly JobStart[], end: "commit" | "rollback" = "commit", by = durable.enqueue): Promise<void> {
  const client = new Client({ connectionString: database.urls.app, pipeline: true });
  await client.connect();
  try {
    await client.query("begin");
    await by(client, place, jobs);
    await client.query(end);
  } finally {
    await client.end();
  }
}

/** A worker process and the lines it has said. */
async function startWorker(mode: "hold" | "finish") {
  const script = fileURLToPath(new URL("../../../test/support/worker-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, database.urls.app, mode]);
  workers.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await until(() => lines.some((line) => line.startsWith("ready ")));
  const executorId = lines[0]?.slice("ready ".length) ?? "";
  return { child, executorId, lines };
}

test("runs an enqueued job once, with its ids and nothing else", async () => {
  const runs: unknown[] = [];
  await durable.launch(async (jobRun) => void runs.push(jobRun));
  const one = job();
  await enqueue([one]);
  await until(() => runs.length > 0);
  await enqueue([one]); // the same job again is the same wish
  const another = job();
  await enqueue([another]);
  await until(() => runs.length > 1);
  expect(runs).toEqual([
    { ...place, ...one },
    { ...place, ...another },
  ]);
  const stored = await asEngine("select inputs from dbos.workflow_input");
  expect(stored).toHaveLength(2);
});

test("leaves nothing in the engine when the transaction is rolled back", async () => {
  await enqueue([job(), job()], "rollback");
  expect(await asEngine("select 1 from dbos.workflow_status")).toEqual([]);
  expect(await asEngine("select 1 from dbos.workflow_input")).toEqual([]);
});

test("answers an enqueue only when every statement of it was answered, also when the first job fails", async () => {
  let answered = 0;
  const slow = Promise.withResolvers<void>();
  const planted = enqueueJobs({
    enqueueInTransaction: async (_client, options) => {
      if (options.workflowID?.endsWith(":1") === true) throw new Error("planted");
      await slow.promise;
      answered += 1;
      return undefined;
    },
  });
  let settled = false;
  const sent = planted(new Client(), place, [job(1), job(2)]).finally(() => {
    settled = true;
  });
  sent.catch(() => {});
  await Promise.resolve();
  await new Promise((resolve) => void setImmediate(resolve));
  expect(settled).toBe(false);
  slow.resolve();
  await expect(sent).rejects.toThrow("planted");
  expect(answered).toBe(1);
});

test("refuses a job without a subject or epoch, so that no id is ever empty", () => {
  expect(() => workflowIdOf({ kind: "attempt", subjectId: "", epoch: 1 })).toThrow(Failure);
  expect(() => workflowIdOf({ kind: "attempt", subjectId: "x", epoch: 0 })).toThrow(Failure);
});

test("remembers a step's result and gives the body signals", async () => {
  const seen: unknown[] = [];
  await durable.launch(async (_run, steps) => {
    seen.push(await steps.step("first", async (signal) => ({ aborted: signal.aborted, list: [1, null] })));
  });
  await enqueue([job()]);
  await until(() => seen.length > 0);
  expect(seen).toEqual([{ aborted: false, list: [1, null] }]);
});

test("cancels a running body, here and from another process, and forgets a queued job", async () => {
  const aborted: string[] = [];
  await durable.launch((jobRun, steps) => {
    return new Promise((resolve) => {
      steps.signal.addEventListener("abort", () => {
        aborted.push(jobRun.subjectId);
        resolve();
      });
    });
  });
  const [here, there] = [job(), job()];
  await enqueue([here, there]);
  await until(async () => (await asEngine("select 1 from dbos.workflow_status where status = 'PENDING'")).length === 2);
  await durable.cancel(here);
  await until(() => aborted.length === 1);
  const other = await dbosDurable({ appUrl: database.urls.app, log: () => {}, onFenced: () => {} });
  await other.cancel(there);
  await other.cancel(job()); // unknown ids are fine
  await other.shutdown(0);
  await until(() => aborted.length === 2);
  expect(aborted).toEqual([here.subjectId, there.subjectId]);
});

test("never runs a job that was cancelled while it was queued", async () => {
  const [dropped, kept] = [job(), job()];
  await enqueue([dropped, kept]);
  await durable.cancel(dropped);
  const runs: string[] = [];
  await durable.launch(async (jobRun) => void runs.push(jobRun.subjectId));
  await until(() => runs.length === 1);
  expect(runs).toEqual([kept.subjectId]);
  expect(await asEngine(`select status from dbos.workflow_status where workflow_uuid = '${workflowIdOf(dropped)}'`)).toEqual([
    { status: "CANCELLED" },
  ]);
});

test("reports a job whose body threw until it is cancelled", async () => {
  await durable.launch(async () => {
    throw new Error("a fault of the body");
  });
  const broken = job();
  await enqueue([broken]);
  await until(async () => (await durable.lostJobs()).length > 0);
  expect(await durable.lostJobs()).toEqual([{ ...place, ...broken, executorId: durable.executorId }]);
  await durable.cancel(broken);
  expect(await durable.lostJobs()).toEqual([]);
});

test("reports what a killed process held, at once on its own machine, and only that", async () => {
  const held = [job(), job(), job()];
  const worker = await startWorker("hold");
  await enqueue(held);
  await until(() => worker.lines.filter((line) => line.startsWith("began ")).length === 3);
  expect(await durable.lostJobs()).toEqual([]); // it lives
  worker.child.kill("SIGKILL");
  await until(async () => (await durable.lostJobs()).length === 3);
  const lost = await durable.lostJobs();
  expect(lost.map((one) => one.executorId)).toEqual(held.map(() => worker.executorId));
  expect(lost.map((one) => one.subjectId).toSorted()).toEqual(held.map((one) => one.subjectId).toSorted());
  // The hand-over as the engine does it: a new epoch runs elsewhere, the old workflow is cancelled, never resumed.
  const second = await startWorker("finish");
  for (const one of lost) {
    await enqueue([{ kind: one.kind, subjectId: one.subjectId, epoch: one.epoch + 1 }]);
    await durable.cancel(one);
  }
  await until(() => second.lines.filter((line) => line.startsWith("began ")).length === 3);
  expect(second.lines.filter((line) => line.endsWith(":1"))).toEqual([]);
  expect(await durable.lostJobs()).toEqual([]);
  expect(await asOwner(`select 1 from xvc_system.worker_lease where executor_id = '${worker.executorId}'`)).toEqual([]);
});

test("fences a worker that slept past its lease: it stops, says so, and its work goes to others", async () => {
  const worker = await startWorker("hold");
  const held = job();
  await enqueue([held]);
  await until(() => worker.lines.some((line) => line.startsWith("began ")));
  worker.child.kill("SIGSTOP");
  await asOwner(`update xvc_system.worker_lease set beat_at = now() - interval '31 s' where executor_id = '${worker.executorId}'`);
  await until(async () => (await durable.lostJobs()).length === 1);
  worker.child.kill("SIGCONT");
  await until(() => worker.lines.includes("fenced"));
  await until(() => worker.lines.some((line) => line.startsWith("aborted ")));
  await durable.cancel(held);
  await enqueue([job()]);
  await new Promise((resolve) => void setTimeout(resolve, 500)); // long enough for twenty polls of a worker that still took jobs
  expect(worker.lines.filter((line) => line.startsWith("began "))).toHaveLength(1);
});

test("never judges a living worker of its own or another machine by its pid alone", async () => {
  await asOwner(
    "insert into xvc_system.worker_lease (executor_id, host, pid, process_mark) values ('elsewhere-1', 'another machine', 1, 'x')",
  );
  await durable.launch(async () => {});
  expect(await durable.lostJobs()).toEqual([]);
  const living = await asOwner("select executor_id from xvc_system.worker_lease where lost_at is null");
  expect(new Set(living.map((row) => row["executor_id"]))).toEqual(new Set(["elsewhere-1", durable.executorId]));
  expect(fenced).toBe(0);
});

test("works as a role that may not migrate the engine", async () => {
  await expect(run(database.urls.app, "update dbos.dbos_migrations set version = 0")).rejects.toThrow("permission denied");
  await expect(run(database.urls.app, "create table dbos.mine (id integer)")).rejects.toThrow("permission denied");
});

test("deletes finished jobs whole after their time, and no others", async () => {
  const runs: string[] = [];
  await durable.launch(async (jobRun) => void runs.push(jobRun.subjectId));
  const [old, fresh] = [job(), job()];
  await enqueue([old, fresh]);
  await until(async () => (await asEngine("select 1 from dbos.workflow_status where status = 'SUCCESS'")).length === 2);
  await asEngine(`update dbos.workflow_status set completed_at = completed_at - 3600001 where workflow_uuid = '${workflowIdOf(old)}'`);
  const client = await openEngineClient(database.urls.app, () => {});
  expect(await deleteFinished(client, Date.now())).toBe(1);
  await client.destroy();
  expect(await asEngine("select workflow_uuid as id from dbos.workflow_status")).toEqual([{ id: workflowIdOf(fresh) }]);
  expect(await asEngine("select workflow_uuid as id from dbos.workflow_input")).toEqual([{ id: workflowIdOf(fresh) }]);
});
