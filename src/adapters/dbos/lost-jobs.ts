import type { DBOSClient, WorkflowStatus } from "@dbos-inc/dbos-sdk";
import type { JobRun } from "../../engine/ports/durable.ts";
import { parsePayload, workflowName } from "./job-queue.ts";
import type { Judgement } from "./worker-lease.ts";

export type LostJob = JobRun & { readonly executorId: string };

/** More than all workers together can hold open; what is beyond is found by the next look. */
const maxLooked = 2_000;

/** A body that ended in an error nobody reported is as lost as one whose process died. */
const failed: readonly string[] = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"];

/**
 * Jobs that no living worker will finish. Told again until they are cancelled, since whoever was told may die before
 * acting on it. Work that was never claimed stays in the queue, where any worker takes it.
 */
export async function findLostJobs(
  client: Pick<DBOSClient, "listWorkflows">,
  living: () => Promise<ReadonlySet<string>>,
): Promise<Judgement<readonly LostJob[]>> {
  const looked = await list(client, {});
  // Read after the list: a worker is in it before it claims anything, so whoever is missing here had ended by then.
  const alive = await living();
  const suspects = looked.filter((workflow) => isLost(workflow, alive));
  if (suspects.length === 0) return { result: [], holding: [] };
  // A worker that finished its last body and left in between looks the same as a dead one: look once more.
  const still = await list(client, { workflowIDs: suspects.map((workflow) => workflow.workflowID) });
  const lost = still.filter((workflow) => isLost(workflow, alive)).flatMap(toLostJob);
  return { result: lost, holding: lost.map((job) => job.executorId) };
}

const list = (client: Pick<DBOSClient, "listWorkflows">, narrow: { workflowIDs?: string[] }): Promise<WorkflowStatus[]> =>
  client.listWorkflows({
    ...narrow,
    workflowName,
    status: ["PENDING", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
    limit: maxLooked,
    loadOutput: false,
  });

function isLost(workflow: WorkflowStatus, alive: ReadonlySet<string>): boolean {
  if (failed.includes(workflow.status)) return true;
  const { executorId = "" } = workflow;
  return workflow.status === "PENDING" && executorId !== "" && !alive.has(executorId);
}

function toLostJob(workflow: WorkflowStatus): readonly LostJob[] {
  const run = parsePayload(workflow.input);
  return run === undefined ? [] : [{ ...run, executorId: workflow.executorId ?? "" }];
}
