import {
  type ActivateScript,
  type AddScript,
  type RetireScript,
  type ScriptSlice,
  decideNewScript,
  decideScriptActivation,
  decideScriptRetirement,
} from "../../core/memory/decide-script.ts";
import { scriptKind } from "../../core/memory/script.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** Two who store one version at once meet at its unique key; the second decides again. */
export const addScriptHandler = handler({
  load: async (transaction, command: AddScript, context) => ({
    person: await loadPerson(transaction, context),
    latest: (await transaction.find(scriptKind, { where: { key: command.key.slice(0, 100) }, newestFirst: true, limit: 1 }))[0],
    count: await transaction.count(scriptKind, {}),
  }),
  decide: decideNewScript,
});

async function loadScript(
  transaction: Transaction,
  { scriptId }: { readonly scriptId: string },
  context: LoadContext,
): Promise<ScriptSlice> {
  const script = await lockOne(transaction, scriptKind, scriptId);
  const [found] = await transaction.find(scriptKind, { where: { key: script.key, state: "active" }, limit: 1 });
  const [active] = found === undefined || found.id === script.id ? [] : await transaction.lock(scriptKind, [found.id]);
  return { person: await loadPerson(transaction, context), script, active };
}

export const activateScriptHandler = handler({
  load: (transaction, command: ActivateScript, context) => loadScript(transaction, command, context),
  decide: decideScriptActivation,
});

export const retireScriptHandler = handler({
  load: (transaction, command: RetireScript, context) => loadScript(transaction, command, context),
  decide: decideScriptRetirement,
});
