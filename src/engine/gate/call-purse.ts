import type { Attempt } from "../../core/execution/attempt.ts";
import type { ReserveForEffect } from "../../core/gate/decide-tool-call.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { reserveFrom } from "../../core/gate/reserve-call.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import type { Transaction } from "../ports/store.ts";
import type { LoadContext } from "../shared/command-handler.ts";
import { loadPurse } from "./purse-slice.ts";

/**
 * What a call of a tool is paid from, locked; to be loaded after every other row of the transaction. Undefined in a rehearsal, which
 * spends nothing.
 */
export async function loadCallPurse(
  transaction: Transaction,
  context: LoadContext,
  { attempt, tool }: { readonly attempt: Attempt; readonly tool: string },
): Promise<ReserveForEffect | undefined> {
  const { projectId } = context.caller;
  const project = projectId === null ? undefined : await transaction.get(projectKindOf, projectId);
  if (project === undefined || project.mode === "rehearsal") return undefined;
  const { id: attemptId, requestId, taskId, performer } = attempt;
  const personaKey = performer.kind === "persona" ? performer.id : null;
  const subject = { requestId, taskId, attemptId, personaKey, provider: tool, model: null };
  const [earlier] = await transaction.find(reservationKind, { where: { attemptId }, limit: 1 });
  return reserveFrom({ ...(await loadPurse(transaction, subject, context)), subject, isFirst: earlier === undefined });
}
