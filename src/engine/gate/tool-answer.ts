import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { callLimits, toolCallKind } from "../../core/gate/tool-call.ts";
import type { InboxItem } from "../../core/oversight/inbox-item.ts";
import type { Transaction } from "../ports/store.ts";
import type { LoadContext } from "../shared/command-handler.ts";
import { loadSurroundings, lockOne, readOne, shareRequest } from "../shared/load-slice.ts";

/** What an answer about calls may touch: the calls that the item asks about, and the task that waits for them. */
export async function loadToolAnswer(transaction: Transaction, context: LoadContext, known: InboxItem) {
  const attempt = await readOne(transaction, attemptKind, known.subjectId);
  const request = await shareRequest(transaction, attempt.requestId);
  const task = await lockOne(transaction, taskKind, attempt.taskId);
  const around = await loadSurroundings(transaction, context, { request, task });
  const found = await transaction.find(toolCallKind, { where: { itemId: known.id }, limit: callLimits.bundle });
  const calls = await transaction.lock(
    toolCallKind,
    found.map(({ id }) => id),
  );
  return { request, task, around, calls };
}
