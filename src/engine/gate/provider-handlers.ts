import {
  type AddProvider,
  type AllowProvider,
  type BeginProviderTest,
  type ChangeProvider,
  type ControlProvider,
  type EndProviderTest,
  decideNewProvider,
  decideProviderChange,
  decideProviderControl,
  decideProviderTestBegin,
  decideProviderTestEnd,
  decideProviderUse,
} from "../../core/gate/decide-provider.ts";
import { type Provider, providerKind } from "../../core/gate/provider.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { readProviders } from "./read-providers.ts";
import { loadPerson, lockOne, shareOne } from "../shared/load-slice.ts";

async function lockProviders(transaction: Transaction): Promise<readonly Provider[]> {
  const found = await readProviders(transaction);
  const locked = await transaction.lock(
    providerKind,
    found.map(({ id }) => id),
  );
  return locked.filter(({ state }) => state !== "removed");
}

const loadOne = async (transaction: Transaction, context: LoadContext, providerId: string) => ({
  person: await loadPerson(transaction, context),
  provider: await lockOne(transaction, providerKind, providerId),
});

export const addProviderHandler = handler({
  load: async (transaction, _command: AddProvider, context) => ({
    person: await loadPerson(transaction, context),
    held: await lockProviders(transaction),
  }),
  decide: decideNewProvider,
});

export const changeProviderHandler = handler({
  load: async (transaction, _command: ChangeProvider, context) => ({
    person: await loadPerson(transaction, context),
    held: await lockProviders(transaction),
  }),
  decide: decideProviderChange,
});

export const controlProviderHandler = handler({
  load: (transaction, command: ControlProvider, context) => loadOne(transaction, context, command.providerId),
  decide: decideProviderControl,
});

export const beginProviderTestHandler = handler({
  load: (transaction, command: BeginProviderTest, context) => loadOne(transaction, context, command.providerId),
  decide: decideProviderTestBegin,
});

export const endProviderTestHandler = handler({
  load: (transaction, command: EndProviderTest, context) => loadOne(transaction, context, command.providerId),
  decide: decideProviderTestEnd,
});

export const allowProviderHandler = handler({
  async load(transaction, command: AllowProvider, context) {
    const project = await shareOne(transaction, projectKindOf, command.projectId);
    return { project, ...(await loadOne(transaction, context, command.providerId)) };
  },
  decide: decideProviderUse,
});
