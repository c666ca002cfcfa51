import { type ChainSlice, type SetModelChain, decideModelChain } from "../../core/gate/decide-model-chain.ts";
import { organizationKindOf, projectKindOf } from "../../core/oversight/person.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";
import { readProviders } from "./read-providers.ts";

export const setModelChainHandler = handler<SetModelChain, ChainSlice>({
  async load(transaction, command, context) {
    const of = await loadOf(transaction, command, context);
    return { of, providers: await readProviders(transaction), person: await loadPerson(transaction, context) };
  },
  decide: decideModelChain,
});

async function loadOf(transaction: Transaction, { scope, scopeId }: SetModelChain, { caller }: LoadContext): Promise<ChainSlice["of"]> {
  if (scope === "organization") return { kind: scope, row: await lockOne(transaction, organizationKindOf, caller.organizationId) };
  if (scope === "project") return { kind: scope, row: await lockOne(transaction, projectKindOf, scopeId) };
  const [known] = await transaction.find(personaKind, { where: { key: scopeId }, limit: 1 });
  if (known === undefined)
    throw new Failure("not-found", "persona.not-found", { message: `There is no persona "${scopeId.slice(0, 80)}".` });
  return { kind: scope, row: await lockOne(transaction, personaKind, known.id) };
}
