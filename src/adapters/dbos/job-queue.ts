import { Failure } from "../../core/shared/failure.ts";
import type { JobKind, JobStart } from "../../core/shared/transition.ts";
import type { JobRun } from "../../engine/ports/durable.ts";

/** One name in every process: it scopes queues, versions and lists. */
export const applicationName = "xvc";

/** The single queue. Each further polling queue costs when idle; lanes are rows of ours, never queues. */
export const queueName = "xvc-jobs";

export const workflowName = "job";

/**
 * Raised by hand when an older worker could no longer run what a newer one enqueues. A job is only taken by workers
 * of its own version, so the old worker stays until its jobs are done. Never derived from code.
 */
export const jobSchemaVersion = "1";

/** A worker that runs jobs whose bodies are ours alone: bounded by the work, not by the machine's cores. */
export const jobsPerWorker = 16;

const jobKinds: readonly JobKind[] = ["analyse", "plan", "attempt", "review", "integrate", "notify", "qualify"];

/** `<kind>:<subjectId>:<epoch>`; never empty, so that no list or cancel can mean "all". */
export function workflowIdOf({ kind, subjectId, epoch }: JobStart): string {
  const id = `${kind}:${subjectId}:${epoch}`;
  if (/^[a-z]+:[^:\s]+:[1-9]\d*$/.test(id)) return id;
  throw new Failure("bug", "job.id-invalid", { id, message: `"${id}" names no job: kind, subject and an epoch of 1 or more are needed.` });
}

/** Ids and nothing else: what is passed stays in the engine's tables, outside row security. */
export const payloadOf = (run: JobRun): JobRun => ({
  organizationId: run.organizationId,
  projectId: run.projectId,
  kind: run.kind,
  subjectId: run.subjectId,
  epoch: run.epoch,
});

/** The payload of a stored workflow, or undefined if it is none of ours. */
export function parsePayload(input: unknown): JobRun | undefined {
  const first: unknown = Array.isArray(input) ? input[0] : undefined;
  if (first === null || typeof first !== "object") return undefined;
  const { organizationId, projectId, kind, subjectId, epoch } = first as { readonly [field: string]: unknown };
  const known = jobKinds.find((candidate) => candidate === kind);
  if (known === undefined || typeof epoch !== "number") return undefined;
  if (typeof organizationId !== "string" || typeof projectId !== "string" || typeof subjectId !== "string") return undefined;
  return { organizationId, projectId, kind: known, subjectId, epoch };
}
