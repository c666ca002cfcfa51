import path from "node:path";
import { providerLine } from "../adapters/agents/provider-line.ts";
import { sandboxedAgents } from "../adapters/agents/sandboxed-agents.ts";
import { gitWorktrees } from "../adapters/git/worktrees.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { mayServe } from "../core/gate/provider.ts";
import { type ChosenAgent, agentExecutor } from "../engine/execution/agent-executor.ts";
import { enginePurse } from "../engine/execution/model-purse.ts";
import { turnLedger } from "../engine/execution/turn-ledger.ts";
import { readAgents } from "../engine/gate/read-agents.ts";
import { modelKeys } from "../engine/gate/model-keys.ts";
import { readProviders } from "../engine/gate/read-providers.ts";
import type { Agents, Worktrees } from "../engine/ports/agent.ts";
import type { AttemptContext, Executor } from "../engine/ports/executor.ts";
import type { Workspace } from "../engine/ports/workspace.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";

/** The agents of this machine. Nothing is started by opening it. */
export const openAgents = (system: Pick<System, "sandbox">): Agents =>
  sandboxedAgents({ sandbox: system.sandbox, searchPath: process.env["PATH"] ?? "", node: process.execPath });

/** Worktrees of attempts, below the data home. */
export const openWorktrees = ({ installation, git }: Pick<System, "installation" | "git">): Worktrees =>
  gitWorktrees({ root: path.join(installation.home, "worktrees"), host: git, nowMs: () => systemClock.nowMs() });

/** Agents of the one organization that this installation serves. */
export function agentsExecutor(system: System, use: { readonly worktrees: Worktrees; readonly workspace: Workspace }): Executor {
  const { engine, ids, content, crash, models, reach } = system;
  const organizationId = firstOrganizationId;
  return agentExecutor({
    ...use,
    agents: openAgents(system),
    content,
    clock: systemClock,
    crash,
    organizationId,
    line: providerLine({ egress: models.egress, findKey: modelKeys({ ...reach.parts, environment: models.variable }) }),
    purseOf: ({ request }) => enginePurse({ engine, ids, organizationId, crash }, request.projectId),
    ledgerOf: (context) => turnLedger({ engine, content, crash, ids, organizationId }, context),
    choose: (context) => chooseAgent(system, context),
  });
}

/** The first one in the order that is active and whose provider the project may be sent to. */
function chooseAgent({ engine }: System, { request }: AttemptContext): Promise<ChosenAgent | null> {
  const scope = { organizationId: firstOrganizationId, projectIds: [request.projectId] };
  return engine.read(scope, async (reader) => {
    const [agents, providers] = await Promise.all([readAgents(reader), readProviders(reader)]);
    for (const agent of agents) {
      if (agent.state !== "active") continue;
      if (agent.providerId === null) return { agent, provider: null };
      const provider = providers.find(({ id }) => id === agent.providerId);
      if (provider !== undefined && mayServe(provider, request.projectId)) return { agent, provider };
    }
    return null;
  });
}
