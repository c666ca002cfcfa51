import { objectiveKind } from "../../core/oversight/objective.ts";
import type { Transaction } from "../ports/store.ts";

/** Whether a draft's objective is there and open; a draft that names none asks for nothing. */
export async function objectiveIsOpen(transaction: Transaction, objectiveId: string | undefined): Promise<boolean> {
  return objectiveId !== undefined && (await transaction.get(objectiveKind, objectiveId))?.state === "open";
}
