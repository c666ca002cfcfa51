import {
  type CreateObjective,
  type RecordKeyResult,
  type SettleObjective,
  decideKeyResult,
  decideNewObjective,
  decideObjectiveEnd,
} from "../../core/oversight/decide-objective.ts";
import { objectiveKind } from "../../core/oversight/objective.ts";
import { personKind } from "../../core/oversight/person.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** Two who take one number at once meet at its unique key; the second decides again. */
export const createObjectiveHandler = handler({
  async load(transaction, command: CreateObjective, context) {
    const [last] = await transaction.find(objectiveKind, { newestFirst: true, limit: 1 });
    const person = await loadPerson(transaction, context);
    return {
      person,
      owner: command.ownerId === null ? person : await transaction.get(personKind, command.ownerId),
      open: await transaction.count(objectiveKind, { where: { state: "open" } }),
      nextNumber: (last?.number ?? 0) + 1,
    };
  },
  decide: decideNewObjective,
});

const loadObjective = async (transaction: Transaction, context: LoadContext, objectiveId: string) => ({
  objective: await lockOne(transaction, objectiveKind, objectiveId),
  person: await loadPerson(transaction, context),
});

export const recordKeyResultHandler = handler({
  load: (transaction, command: RecordKeyResult, context) => loadObjective(transaction, context, command.objectiveId),
  decide: decideKeyResult,
});

export const settleObjectiveHandler = handler({
  load: (transaction, command: SettleObjective, context) => loadObjective(transaction, context, command.objectiveId),
  decide: decideObjectiveEnd,
});
