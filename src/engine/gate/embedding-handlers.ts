import {
  type BeginEmbedding,
  type ChooseEmbedding,
  type EndEmbedding,
  type EndEmbeddings,
  decideEmbeddingBegin,
  decideEmbeddingChoice,
  decideEmbeddingEnd,
  decideEmbeddingsEnd,
} from "../../core/gate/decide-embedding.ts";
import { providerKind } from "../../core/gate/provider.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";
import { readProviders } from "./read-providers.ts";

const loadAll = async (transaction: Transaction, _command: ChooseEmbedding | EndEmbeddings, context: LoadContext) => {
  const person = await loadPerson(transaction, context);
  const found = await readProviders(transaction);
  const locked = await transaction.lock(
    providerKind,
    found.map(({ id }) => id),
  );
  return { person, held: locked.filter(({ state }) => state !== "removed") };
};

const loadTurn = async (transaction: Transaction, { providerId }: BeginEmbedding | EndEmbedding, context: LoadContext) => ({
  provider: await lockOne(transaction, providerKind, providerId),
  halts: await context.halts.inForce(transaction, context.caller.organizationId),
});

export const chooseEmbeddingHandler = handler<ChooseEmbedding, Awaited<ReturnType<typeof loadAll>>>({
  load: loadAll,
  decide: decideEmbeddingChoice,
});

export const endEmbeddingsHandler = handler<EndEmbeddings, Awaited<ReturnType<typeof loadAll>>>({
  load: loadAll,
  decide: decideEmbeddingsEnd,
});

export const beginEmbeddingHandler = handler<BeginEmbedding, Awaited<ReturnType<typeof loadTurn>>>({
  load: loadTurn,
  decide: decideEmbeddingBegin,
});

export const endEmbeddingHandler = handler<EndEmbedding, Awaited<ReturnType<typeof loadTurn>>>({
  load: loadTurn,
  decide: decideEmbeddingEnd,
});
