import { objectiveKind, objectiveLabel } from "../../core/oversight/objective.ts";
import { principleKind, principleLimits } from "../../core/oversight/principle.ts";
import { type SetObjective, decideServing } from "../../core/requests/decide-serving.ts";
import { type Serves, type WorkRequest, requestKind } from "../../core/requests/request.ts";
import type { Reader, Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** Whether a draft's objective is there and open; a draft that names none asks for nothing. */
export async function objectiveIsOpen(transaction: Transaction, objectiveId: string | null | undefined): Promise<boolean> {
  return typeof objectiveId === "string" && (await transaction.get(objectiveKind, objectiveId))?.state === "open";
}

/** What a request serves now: its objective, whatever has become of it, and the principles in force. */
export async function readServes(reader: Reader, { objectiveId }: Pick<WorkRequest, "objectiveId">): Promise<Serves> {
  const [objective, principles] = await Promise.all([
    typeof objectiveId === "string" ? reader.get(objectiveKind, objectiveId) : undefined,
    reader.find(principleKind, { where: { state: "in-force" }, limit: principleLimits.inForce }),
  ]);
  return {
    objective: objective === undefined ? null : { id: objective.id, label: objectiveLabel(objective.number), title: objective.title },
    principles: principles.map(({ number, statement }) => ({ number, statement })),
  };
}

export const setObjectiveHandler = handler({
  load: async (transaction, command: SetObjective, context) => ({
    request: await lockOne(transaction, requestKind, command.requestId),
    person: await loadPerson(transaction, context),
    objective: command.objectiveId === null ? undefined : await transaction.get(objectiveKind, command.objectiveId),
  }),
  decide: decideServing,
});
