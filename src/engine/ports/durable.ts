import type { JobStart } from "../../core/shared/transition.ts";

/**
 * What a job's body may use. Bodies may run twice; steps too. Work that is free to repeat (rules, scripts, checks)
 * needs no recorded step: a lost job is handed over under a new epoch and simply runs again (ADR 0006).
 */
export interface Steps {
  /** Aborts when the job is cancelled or this process gives its work up. */
  readonly signal: AbortSignal;
  /** Runs an outside call at least once and remembers its JSON result for a replay of the same body. */
  step<Result>(name: string, run: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
}

/** A job as the engine sees it when it runs. Organization and project travel with the id, payloads never. */
export interface JobRun extends JobStart {
  readonly organizationId: string;
  readonly projectId: string;
}

export type JobBody = (run: JobRun, steps: Steps) => Promise<void>;

/**
 * The durable engine. Enqueueing happens inside the store's transaction (the store calls the engine's
 * transactional enqueue); this port only runs bodies, cancels them and hands work over.
 */
export interface Durable {
  /** Starts taking jobs. Resolves once the worker is registered. */
  launch(body: JobBody): Promise<void>;
  /** Asks a running body to stop (its step signal aborts) and forgets a queued one. Unknown ids are fine. */
  cancel(run: JobStart): Promise<void>;
  /** Jobs that no living worker will finish: held by dead ones, or ended in an error. Reported until cancelled. */
  lostJobs(): Promise<readonly (JobRun & { readonly executorId: string })[]>;
  /** Unique per process start. */
  readonly executorId: string;
  /** Stops claiming, waits up to `graceMs` for running bodies, releases the lease. */
  shutdown(graceMs: number): Promise<void>;
}
