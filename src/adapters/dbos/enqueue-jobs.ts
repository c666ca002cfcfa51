import type { DBOSClient } from "@dbos-inc/dbos-sdk";
import type { ClientBase } from "pg";
import type { JobStart } from "../../core/shared/transition.ts";
import type { JobRun } from "../../engine/ports/durable.ts";
import { preparing } from "./prepared-client.ts";
import { jobSchemaVersion, payloadOf, queueName, workflowIdOf, workflowName } from "./job-queue.ts";

export type EnqueueInTransaction = (
  client: ClientBase,
  place: { readonly organizationId: string; readonly projectId: string },
  jobs: readonly JobStart[],
) => Promise<void>;

/** The one call of the engine's client that this needs. */
export interface JobEnqueuer {
  enqueueInTransaction(client: ClientBase, options: Parameters<DBOSClient["enqueueInTransaction"]>[1], payload: JobRun): Promise<unknown>;
}

/**
 * Hands jobs to the engine inside the caller's open transaction; a job that was handed over before stays as it is.
 * Each is two statements, one after the other's answer: it resolves or rejects only when all of them are answered, so a
 * COMMIT sent afterwards can never fall between them and leave a job without input.
 */
export function enqueueJobs(client: JobEnqueuer): EnqueueInTransaction {
  return async (transaction, place, jobs) => {
    const connection = preparing(transaction);
    const sent = jobs.map((job) =>
      client.enqueueInTransaction(
        connection,
        { workflowName, queueName, workflowID: workflowIdOf(job), appVersion: jobSchemaVersion },
        payloadOf({ ...place, ...job }),
      ),
    );
    for (const result of await Promise.allSettled(sent)) {
      if (result.status === "rejected") throw result.reason;
    }
  };
}
