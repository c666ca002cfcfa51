import { agentKind } from "../../core/gate/agent.ts";
import {
  type AddAgent,
  type ControlAgent,
  type ReportAgentTest,
  decideAgentControl,
  decideAgentTest,
  decideNewAgent,
} from "../../core/gate/decide-agent.ts";
import { providerKind } from "../../core/gate/provider.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";
import { readAgents } from "./read-agents.ts";

const addAgentHandler = handler({
  async load(transaction, command: AddAgent, context) {
    const person = await loadPerson(transaction, context);
    const found = await readAgents(transaction);
    const held = await transaction.lock(
      agentKind,
      found.map(({ id }) => id),
    );
    const [provider] = command.providerId === null ? [] : await transaction.share(providerKind, [command.providerId]);
    return { person, held: held.filter(({ state }) => state !== "removed"), provider };
  },
  decide: decideNewAgent,
});

const loadOne = async (transaction: Transaction, context: LoadContext, agentId: string) => ({
  person: await loadPerson(transaction, context),
  agent: await lockOne(transaction, agentKind, agentId),
});

const controlAgentHandler = handler({
  load: (transaction, command: ControlAgent, context) => loadOne(transaction, context, command.agentId),
  decide: decideAgentControl,
});

const reportAgentTestHandler = handler({
  load: (transaction, command: ReportAgentTest, context) => loadOne(transaction, context, command.agentId),
  decide: decideAgentTest,
});

export const agentHandlers = {
  "add-agent": addAgentHandler,
  "pause-agent": controlAgentHandler,
  "resume-agent": controlAgentHandler,
  "remove-agent": controlAgentHandler,
  "report-agent-test": reportAgentTestHandler,
} as const;
