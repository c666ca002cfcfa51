import type { Json } from "../../core/shared/json.ts";
import type { JobStart } from "../../core/shared/transition.ts";
import type { Durable, JobBody, JobRun, Steps } from "../../engine/ports/durable.ts";

/** Ways in which a durable engine may be worse than hoped; each is asked at its moment. */
export interface DurableFaults {
  /** Run this body a second time, at the same time. */
  runTwice(): boolean;
  /** Forget the result of a step that has just run. */
  loseCheckpoint(): boolean;
  /** Report a job as lost although its worker is alive. */
  adoptLive(): boolean;
}

export const noDurableFaults: DurableFaults = { runTwice: () => false, loseCheckpoint: () => false, adoptLive: () => false };

export type MemoryJobState = "queued" | "running" | "done" | "failed" | "cancelled";

/** A job and what became of it. */
export interface MemoryJob {
  readonly id: string;
  readonly run: JobRun;
  state: MemoryJobState;
  executorId: string | null;
  /** Bodies started, those run twice included. */
  starts: number;
  readonly checkpoints: Map<string, Json>;
  readonly running: Set<{ readonly executorId: string; readonly stop: AbortController }>;
  /** What a body threw, when it did. */
  error: unknown;
}

export interface MemoryEngineOptions {
  /** Picks among what can run; absent: first come first served. */
  readonly pick?: (count: number) => number;
  readonly faults?: DurableFaults;
  /** True: jobs start by themselves, as soon as a worker is there. False: only `dispatch` starts one. */
  readonly selfStarting: boolean;
  /** Bodies per worker at one time. Default 4. */
  readonly slots?: number;
  /** Ends a grace period of a shutdown; absent: bodies are awaited without limit of time. */
  readonly pause?: (durationMs: number) => Promise<void>;
}

/** What all simulated workers share, like the engine's tables. */
export interface MemoryEngine {
  /** Called by the store with the jobs of a commit. */
  readonly enqueue: (runs: readonly JobRun[]) => void;
  worker(executorId: string): MemoryWorker;
  /** Starts one queued job on a worker with a free slot. False: there is none. */
  dispatch(): boolean;
  readonly jobs: ReadonlyMap<string, MemoryJob>;
}

export interface MemoryWorker extends Durable {
  /** The process is gone: its bodies stop, what it held shows up in `lostJobs` of the others. */
  kill(): void;
}

interface WorkerState {
  readonly executorId: string;
  body: JobBody | undefined;
  readonly bodies: Set<Promise<void>>;
  state: "new" | "live" | "draining" | "dead";
}

interface Shared {
  readonly options: MemoryEngineOptions;
  readonly jobs: Map<string, MemoryJob>;
  readonly workers: WorkerState[];
}

export const jobIdOf = (run: JobStart): string => `${run.kind}:${run.subjectId}:${String(run.epoch)}`;

function stepsOf(shared: Shared, job: MemoryJob, signal: AbortSignal): Steps {
  let ordinal = 0;
  return {
    signal,
    async step(name, run) {
      ordinal += 1;
      const key = `${String(ordinal)}:${name}`;
      signal.throwIfAborted();
      const known = job.checkpoints.get(key);
      if (known !== undefined) return known as never; // what this step gave before, and a step's results have one type
      const result = await run(signal);
      const stored = JSON.parse(JSON.stringify(result ?? null)) as Json; // JSON in, JSON out
      if (shared.options.faults?.loseCheckpoint() !== true) job.checkpoints.set(key, stored);
      return stored as never; // as above
    },
  };
}

async function runBody(shared: Shared, worker: WorkerState, job: MemoryJob): Promise<void> {
  const { body, executorId } = worker;
  if (body === undefined) return;
  const stop = new AbortController();
  const running = { executorId, stop };
  job.running.add(running);
  job.starts += 1;
  try {
    await body(job.run, stepsOf(shared, job, stop.signal));
    if (job.state === "running" && worker.state !== "dead") job.state = "done";
  } catch (error) {
    if (job.state === "running" && worker.state !== "dead") {
      job.state = "failed";
      job.error = error;
    }
  } finally {
    job.running.delete(running);
  }
}

function start(shared: Shared, worker: WorkerState, job: MemoryJob): void {
  const done = runBody(shared, worker, job).finally(() => {
    worker.bodies.delete(done);
    if (shared.options.selfStarting) dispatchAll(shared);
  });
  worker.bodies.add(done);
}

function dispatch(shared: Shared): boolean {
  const pick = shared.options.pick ?? (() => 0);
  const queued = [...shared.jobs.values()].filter((job) => job.state === "queued");
  const free = shared.workers.filter((worker) => worker.state === "live" && worker.bodies.size < (shared.options.slots ?? 4));
  if (queued.length === 0 || free.length === 0) return false;
  const job = queued[pick(queued.length)];
  const worker = free[pick(free.length)];
  if (job === undefined || worker === undefined) return false;
  job.state = "running";
  job.executorId = worker.executorId;
  start(shared, worker, job);
  const second = free[pick(free.length)];
  if (second !== undefined && shared.options.faults?.runTwice() === true) start(shared, second, job);
  return true;
}

/** Bounded by the queue: each round takes one job out of it. */
function dispatchAll(shared: Shared): void {
  while (dispatch(shared));
}

function cancel(shared: Shared, run: JobStart): void {
  const job = shared.jobs.get(jobIdOf(run));
  if (job === undefined || job.state === "done") return;
  job.state = "cancelled";
  for (const running of job.running) running.stop.abort();
}

/** A body that ended in an error nobody reported is as lost as one whose process died; both are told until they are cancelled. */
function isLost(shared: Shared, job: MemoryJob, asking: WorkerState): boolean {
  if (job.state === "failed") return true;
  if (job.state !== "running" || job.executorId === asking.executorId) return false;
  const owner = shared.workers.find((worker) => worker.executorId === job.executorId);
  return owner?.state === "dead" || shared.options.faults?.adoptLive() === true;
}

const lostJobs = (shared: Shared, asking: WorkerState): readonly (JobRun & { readonly executorId: string })[] =>
  [...shared.jobs.values()].filter((job) => isLost(shared, job, asking)).map((job) => ({ ...job.run, executorId: job.executorId ?? "" }));

function createWorker(shared: Shared, executorId: string): MemoryWorker {
  const worker: WorkerState = { executorId, body: undefined, bodies: new Set(), state: "new" };
  shared.workers.push(worker);
  const stopBodies = (): void => {
    for (const running of [...shared.jobs.values()].flatMap((job) => [...job.running])) {
      if (running.executorId === executorId) running.stop.abort();
    }
  };
  return {
    executorId,
    async launch(body) {
      worker.body = body;
      worker.state = "live";
      if (shared.options.selfStarting) dispatchAll(shared);
    },
    cancel: async (run) => cancel(shared, run),
    lostJobs: async () => lostJobs(shared, worker),
    async shutdown(graceMs) {
      worker.state = "draining";
      const ended = Promise.all(worker.bodies);
      await (shared.options.pause === undefined ? ended : Promise.race([ended, shared.options.pause(graceMs)]));
      stopBodies();
      worker.state = "dead";
    },
    kill() {
      worker.state = "dead";
      stopBodies();
    },
  };
}

/** The durable engine in memory, at least once like the real one, and as bad as its faults make it. */
export function createMemoryEngine(options: MemoryEngineOptions): MemoryEngine {
  const shared: Shared = { options, jobs: new Map(), workers: [] };
  return {
    jobs: shared.jobs,
    enqueue(runs) {
      for (const run of runs) {
        const id = jobIdOf(run);
        if (shared.jobs.has(id)) continue; // an id runs once; enqueueing it again is the same wish
        shared.jobs.set(id, {
          id,
          run,
          state: "queued",
          executorId: null,
          starts: 0,
          checkpoints: new Map(),
          running: new Set(),
          error: undefined,
        });
      }
      if (options.selfStarting) dispatchAll(shared);
    },
    worker: (executorId) => createWorker(shared, executorId),
    dispatch: () => dispatch(shared),
  };
}
