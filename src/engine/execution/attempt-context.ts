import { attemptKind } from "../../core/execution/attempt.ts";
import type { HeldSlice } from "../../core/execution/hold-attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Entity } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Reader } from "../ports/store.ts";
import type { Done } from "../shared/apply-command.ts";

/** Reads what an attempt works with: its request, task, inputs and the accepted outputs it builds on. `O(dependencies)`. */
export async function readAttemptContext(reader: Reader, attemptId: string, nowMs: number): Promise<AttemptContext> {
  const attempt = await reader.get(attemptKind, attemptId);
  const [task, request] =
    attempt === undefined ? [] : await Promise.all([reader.get(taskKind, attempt.taskId), reader.get(requestKind, attempt.requestId)]);
  if (attempt === undefined || task === undefined || request === undefined)
    throw new Failure("not-found", "attempt.not-found", { message: `There is no attempt ${attemptId} here.` });
  const needed = await reader.getMany(taskKind, task.dependsOn);
  const upstream = needed.map((one) => ({ taskKey: one.key, outputs: one.outputs }));
  return { request, task, attempt, inputs: request.inputs, upstream, nowMs };
}

/** The same from the rows that the start of the attempt has locked and written. */
export async function contextOfStart(reader: Reader, done: Done, nowMs: number): Promise<AttemptContext> {
  const { request, task, attempt } = done.slice as HeldSlice; // the slice of `start-attempt`
  const written = <Row extends Entity>(row: Row): Row => (done.changes.find(({ after }) => after.id === row.id)?.after ?? row) as Row; // the same row
  const needed = await reader.getMany(taskKind, task.dependsOn);
  const upstream = needed.map((one) => ({ taskKey: one.key, outputs: one.outputs }));
  return { request, task: written(task), attempt: written(attempt), inputs: request.inputs, upstream, nowMs };
}
