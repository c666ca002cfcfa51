import type { DBOSClient } from "@dbos-inc/dbos-sdk";
import { Pool } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { noCrash } from "../../engine/ports/crash-point.ts";
import type { CrashProbe } from "../../engine/ports/crash-point.ts";
import type { Durable } from "../../engine/ports/durable.ts";
import { openEngineClient } from "./engine-client.ts";
import type { EngineLog } from "./engine-log.ts";
import { enqueueJobs } from "./enqueue-jobs.ts";
import type { EnqueueInTransaction } from "./enqueue-jobs.ts";
import { every } from "./every.ts";
import { jobsPerWorker, queueName, workflowIdOf } from "./job-queue.ts";
import { jobWorker } from "./job-worker.ts";
import type { JobWorker } from "./job-worker.ts";
import { findLostJobs } from "./lost-jobs.ts";
import { pollingPace } from "./polling-pace.ts";
import type { PollingPace } from "./polling-pace.ts";
import { thisProcess } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { deleteFinished } from "./retention.ts";
import { beatEveryMs, workerLeases } from "./worker-lease.ts";
import type { WorkerLeases } from "./worker-lease.ts";

export interface DbosDurableOptions {
  /** Role `xvc_app`, the same database as the store's. */
  readonly appUrl: string;
  readonly log: EngineLog;
  /** This process' lease was judged lost, its jobs handed over and its bodies told to stop: start again under a new id. */
  readonly onFenced: () => void;
  readonly crash?: CrashProbe;
  /** At most this many bodies at a time in each worker. */
  readonly concurrency?: number;
  readonly beatEveryMs?: number;
}

/** The durable engine, with the enqueue that the store calls inside its transactions. */
export type DbosDurable = Durable & { readonly enqueue: EnqueueInTransaction };

const busyPollMs = 20;
/** Not slower: after a wider interval the library takes ten seconds to come back to the narrow one. */
const idlePollMs = 100;
const idleAfterMs = 10_000;
const lookEveryMs = 1_000;
const retainEveryMs = 60_000;

/**
 * Opens the engine. Until `launch` this process enqueues, cancels and hands over, but takes no jobs.
 *
 * @throws {Failure} `durable.unavailable`
 */
export async function dbosDurable(options: DbosDurableOptions): Promise<DbosDurable> {
  const identity = await thisProcess();
  const client = await openEngineClient(options.appUrl, options.log);
  const pool = new Pool({ connectionString: options.appUrl, max: 3, application_name: "xvc leases", idleTimeoutMillis: 60_000 });
  pool.on("error", (error) => options.log("warn", error.message)); // without a listener Node would end
  const parts: Parts = {
    options,
    identity,
    client,
    pool,
    leases: workerLeases(pool),
    worker: jobWorker({ appUrl: options.appUrl, executorId: identity.executorId, log: options.log }),
    pace: paceOf(client, options.log),
    loops: [],
    state: { kind: "new" },
  };
  const enqueue = enqueueJobs(client);
  return {
    executorId: identity.executorId,
    enqueue: async (transaction, place, jobs) => {
      parts.pace.work();
      await enqueue(transaction, place, jobs);
    },
    launch: (body) => guarded(() => launch(parts, body)),
    cancel: (run) => guarded(() => cancel(parts, workflowIdOf(run))),
    lostJobs: () => guarded(async () => (await parts.leases.judge(identity.host, (living) => findLostJobs(client, living))) ?? []),
    shutdown: (graceMs) => guarded(() => shutdown(parts, graceMs)),
  };
}

interface Parts {
  readonly options: DbosDurableOptions;
  readonly identity: ProcessIdentity;
  readonly client: DBOSClient;
  readonly pool: Pool;
  readonly leases: WorkerLeases;
  readonly worker: JobWorker;
  readonly pace: PollingPace;
  readonly loops: { stop(): Promise<void> }[];
  state: { readonly kind: "new" | "launched" | "draining" | "fenced" | "closed" };
}

async function launch(parts: Parts, body: Parameters<Durable["launch"]>[0]): Promise<void> {
  const { options, identity, client, leases, worker, pace } = parts;
  // The lease comes first: work is never held by somebody who has none.
  await leases.take(identity);
  // Before the start, else the first job would wait for the engine's next look at its list of queues.
  await client.registerQueue(queueName, { workerConcurrency: options.concurrency ?? jobsPerWorker, minPollingIntervalMs: busyPollMs });
  await worker.start((run, steps) => {
    pace.work();
    return body(run, steps);
  });
  parts.state = { kind: "launched" };
  const tell = (error: unknown): void => options.log("warn", error instanceof Error ? error.message : String(error));
  parts.loops.push(
    every(options.beatEveryMs ?? beatEveryMs, () => beat(parts), tell),
    every(lookEveryMs, () => look(parts), tell),
    every(retainEveryMs, async () => void (await deleteFinished(client, Date.now())), tell),
  );
}

async function beat(parts: Parts): Promise<void> {
  (parts.options.crash ?? noCrash)("lease.before-beat");
  const kept = await parts.leases.beat(parts.identity.executorId);
  if (kept || parts.state.kind !== "launched") return;
  parts.state = { kind: "fenced" };
  parts.options.onFenced();
  await parts.worker.stop(0);
}

/** Follows what the queue does and what others cancelled. */
async function look({ client, worker, pace }: Parts): Promise<void> {
  const running = worker.running();
  if (running.length > 0) {
    const cancelled = await client.listWorkflows({ workflowIDs: [...running], status: "CANCELLED", loadInput: false, loadOutput: false });
    for (const { workflowID } of cancelled) worker.abort(workflowID, cancelledFailure());
  }
  pace.look(running.length > 0 || (await anyQueued(client)));
}

async function anyQueued(client: DBOSClient): Promise<boolean> {
  const queued = await client.listWorkflows({ queueName, status: ["ENQUEUED", "PENDING"], limit: 1, loadInput: false, loadOutput: false });
  return queued.length > 0;
}

async function cancel({ client, worker }: Parts, workflowId: string): Promise<void> {
  worker.abort(workflowId, cancelledFailure());
  await client.cancelWorkflows([workflowId]);
  // What ended in an error cannot be cancelled any more; its row would be reported as lost for ever.
  const failed = await client.listWorkflows({
    workflowIDs: [workflowId],
    status: ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
    limit: 1,
    loadInput: false,
    loadOutput: false,
  });
  if (failed.length > 0) await client.deleteWorkflows([workflowId], true);
}

async function shutdown(parts: Parts, graceMs: number): Promise<void> {
  if (parts.state.kind === "closed" || parts.state.kind === "draining") return;
  parts.state = { kind: "draining" };
  // The beat goes on while bodies finish; only then may others have the rest.
  await parts.worker.stop(graceMs);
  await Promise.all(parts.loops.map((loop) => loop.stop()));
  await parts.leases.release(parts.identity.executorId);
  parts.state = { kind: "closed" };
  await parts.client.destroy();
  await parts.pool.end();
}

function paceOf(client: DBOSClient, log: EngineLog): PollingPace {
  const set = async (intervalMs: number): Promise<void> => {
    const queue = await client.retrieveQueue(queueName);
    await queue?.setMinPollingIntervalMs(intervalMs);
  };
  return pollingPace({
    busyMs: busyPollMs,
    idleMs: idlePollMs,
    idleAfterMs,
    monotonicMs: () => performance.now(),
    set: (intervalMs) => void set(intervalMs).catch((error: unknown) => log("warn", String(error))),
  });
}

const cancelledFailure = (): Failure =>
  new Failure("conflict", "job.cancelled", { message: "The job was cancelled; what it would report is not wanted any more." });

/** The engine's own errors stop here. */
async function guarded<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      "unavailable",
      "durable.unavailable",
      { message: `The durable engine did not answer: ${text}. Try again; if it stays, run "xvc doctor".` },
      { cause },
    );
  }
}
