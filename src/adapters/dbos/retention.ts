import type { DBOSClient } from "@dbos-inc/dbos-sdk";

/** Finished work stays visible to engine tools for this long; our own tables are the record. */
export const keepFinishedMs = 3_600_000;
const batch = 500;
const maxBatches = 20;

/** Deletes the engine's rows of finished jobs. Those that ended in an error stay until they are handed over. */
export async function deleteFinished(client: Pick<DBOSClient, "listWorkflows" | "deleteWorkflows">, nowMs: number): Promise<number> {
  const completedBefore = new Date(nowMs - keepFinishedMs).toISOString();
  let deleted = 0;
  for (let round = 0; round < maxBatches; round += 1) {
    const finished = await client.listWorkflows({
      status: ["SUCCESS", "CANCELLED"],
      completedBefore,
      limit: batch,
      loadInput: false,
      loadOutput: false,
    });
    if (finished.length === 0) break;
    await client.deleteWorkflows(
      finished.map((workflow) => workflow.workflowID),
      true,
    );
    deleted += finished.length;
    if (finished.length < batch) break;
  }
  return deleted;
}
