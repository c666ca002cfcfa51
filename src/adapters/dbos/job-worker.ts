import { DBOS } from "@dbos-inc/dbos-sdk";
import type { Pool } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import type { JobBody, JobRun } from "../../engine/ports/durable.ts";
import { engineLogger } from "./engine-log.ts";
import type { EngineLog } from "./engine-log.ts";
import { applicationName, jobSchemaVersion, parsePayload, queueName, workflowIdOf, workflowName } from "./job-queue.ts";
import { jobSteps } from "./job-steps.ts";
import { enginePool } from "./prepared-client.ts";

/** The part of the engine that claims and runs jobs in this process. */
export interface JobWorker {
  start(body: JobBody): Promise<void>;
  /** Ids of the workflows whose bodies run here now. */
  running(): readonly string[];
  /** Aborts the body's signal, if it runs here. */
  abort(workflowId: string, reason: unknown): void;
  /** Stops claiming at once, waits for bodies, then aborts what is left. */
  stop(graceMs: number): Promise<void>;
}

export interface JobWorkerOptions {
  readonly appUrl: string;
  readonly executorId: string;
  readonly log: EngineLog;
}

/** A process has one engine at a time: the library keeps itself in module variables. */
let current: ((run: JobRun) => Promise<void>) | null = null;
let registered: unknown = null;

function register(): void {
  registered ??= DBOS.registerWorkflow(
    async (payload: JobRun): Promise<void> => {
      const run = parsePayload([payload]);
      if (run === undefined || current === null)
        throw new Failure("bug", "job.not-runnable", { message: "A job without a known payload was claimed. Nothing ran." });
      await current(run);
    },
    { name: workflowName },
  );
}

export function jobWorker({ appUrl, executorId, log }: JobWorkerOptions): JobWorker {
  const bodies = new Map<string, AbortController>();
  let pool: Pool | null = null;
  const runWith = (body: JobBody) => async (run: JobRun) => {
    const id = workflowIdOf(run);
    const stop = new AbortController();
    bodies.set(id, stop);
    try {
      await body(run, jobSteps(stop.signal));
    } finally {
      bodies.delete(id);
    }
  };
  return {
    async start(body) {
      if (current !== null)
        throw new Failure("bug", "durable.launched-twice", {
          message: "This process runs jobs already. Shut the first worker down before another is launched.",
        });
      current = runWith(body);
      register();
      pool = enginePool(appUrl, log);
      DBOS.setConfig({
        name: applicationName,
        systemDatabaseUrl: appUrl,
        systemDatabasePool: pool,
        executorID: executorId,
        applicationVersion: jobSchemaVersion,
        runMigrations: false,
        listenQueues: [queueName],
        useListenNotify: false, // nothing here waits for messages or events of the engine
        schedulerPollingIntervalMs: 3_600_000, // nor has it schedules
        logger: engineLogger(log),
      });
      await DBOS.launch();
    },
    running: () => [...bodies.keys()],
    abort: (workflowId, reason) => bodies.get(workflowId)?.abort(reason),
    async stop(graceMs) {
      if (current === null) return;
      await DBOS.shutdown({ workflowCompletionTimeoutMS: graceMs });
      await pool?.end(); // the engine closes only what it opened itself
      pool = null;
      for (const stop of bodies.values())
        stop.abort(new Failure("unavailable", "durable.stopped", { message: "The worker stops; the job is handed over." }));
      current = null;
    },
  };
}
