import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Reader } from "../ports/store.ts";

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
