import type { DBOSClient } from "@dbos-inc/dbos-sdk";
import type { ClientBase } from "pg";
import { Failure } from "../../core/shared/failure.ts";
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
 * It resolves or rejects only when every statement is answered, so a COMMIT sent afterwards can never fall between them and
 * leave a job without input.
 */
export function enqueueJobs(client: JobEnqueuer): EnqueueInTransaction {
  return async (transaction, place, jobs) => {
    const connection = unanswered(preparing(transaction));
    const handed = jobs.map((job) =>
      client.enqueueInTransaction(
        connection.client,
        { workflowName, queueName, workflowID: workflowIdOf(job), appVersion: jobSchemaVersion },
        payloadOf({ ...place, ...job }),
      ),
    );
    // The engine first, so that everything it sends has been sent; then the server's answers.
    const given = await Promise.allSettled(handed);
    const answered = await Promise.allSettled(connection.sent());
    for (const result of [...answered, ...given]) {
      if (result.status === "rejected") throw result.reason;
    }
  };
}

const statusColumns = /^\s*INSERT INTO "\w+"\.workflow_status \(([^)]*)\) VALUES/u;

/**
 * A connection on which nobody waits for answers. The engine writes a job's status, looks at the row that came back and then
 * writes its input, each behind a round trip while rows are locked. It is told at once what it would be told of a new job, and the
 * answer of the server is held against that before anything is committed.
 */
function unanswered(connection: ClientBase): { readonly client: ClientBase; sent(): readonly Promise<unknown>[] } {
  const sent: Promise<unknown>[] = [];
  const query = async (text: string, values: readonly unknown[]): Promise<{ readonly rows: readonly StatusRow[] }> => {
    const answer = connection.query<StatusRow>(text, [...values]);
    const columns = statusColumns
      .exec(text)?.[1]
      ?.split(",")
      .map((name) => name.trim());
    const expected = columns === undefined ? undefined : asStatus(columns, values);
    sent.push(expected === undefined ? answer : answer.then(({ rows }) => requireSame(rows[0], expected)));
    return { rows: expected === undefined ? [] : [expected] };
  };
  return { client: { query } as unknown as ClientBase, sent: () => sent }; // the engine's enqueue calls `query` alone
}

interface StatusRow {
  readonly name: string;
}

const asStatus = (columns: readonly string[], values: readonly unknown[]): StatusRow =>
  Object.fromEntries(columns.map((name, at) => [name, values[at]])) as unknown as StatusRow; // the columns that the engine names

/** @throws {Failure} `job.id-taken`: what the engine itself would have refused */
function requireSame(stored: StatusRow | undefined, expected: StatusRow): void {
  if (stored?.name === expected.name) return;
  throw new Failure("bug", "job.id-taken", {
    message: "The engine knows a job's id as something else. Nothing was stored.",
  });
}
