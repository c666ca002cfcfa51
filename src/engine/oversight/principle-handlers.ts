import {
  type AddPrinciple,
  type PrinciplesSlice,
  type RevisePrinciple,
  type WithdrawPrinciple,
  decideNewPrinciple,
  decidePrincipleRevision,
  decidePrincipleWithdrawal,
} from "../../core/oversight/decide-principle.ts";
import { principleKind } from "../../core/oversight/principle.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** Two who take one number at once meet at its unique key; the second decides again. */
async function loadPrinciples(transaction: Transaction, context: LoadContext): Promise<PrinciplesSlice> {
  const [last] = await transaction.find(principleKind, { newestFirst: true, limit: 1 });
  return {
    person: await loadPerson(transaction, context),
    inForce: await transaction.count(principleKind, { where: { state: "in-force" } }),
    nextNumber: (last?.number ?? 0) + 1,
  };
}

export const addPrincipleHandler = handler({
  load: (transaction, _command: AddPrinciple, context) => loadPrinciples(transaction, context),
  decide: decideNewPrinciple,
});

export const revisePrincipleHandler = handler({
  load: async (transaction, command: RevisePrinciple, context) => ({
    principle: await lockOne(transaction, principleKind, command.principleId),
    ...(await loadPrinciples(transaction, context)),
  }),
  decide: decidePrincipleRevision,
});

export const withdrawPrincipleHandler = handler({
  load: async (transaction, command: WithdrawPrinciple, context) => ({
    principle: await lockOne(transaction, principleKind, command.principleId),
    person: await loadPerson(transaction, context),
  }),
  decide: decidePrincipleWithdrawal,
});
