import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { providerLine } from "../adapters/agents/provider-line.ts";
import { sandboxedAgents } from "../adapters/agents/sandboxed-agents.ts";
import { gitWorktrees } from "../adapters/git/worktrees.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import type { Agent, AgentTest } from "../core/gate/agent.ts";
import { Failure } from "../core/shared/failure.ts";
import { type ModelVendor, mayServe } from "../core/gate/provider.ts";
import { type ChosenAgent, agentExecutor } from "../engine/execution/agent-executor.ts";
import { enginePurse } from "../engine/execution/model-purse.ts";
import { turnLedger } from "../engine/execution/turn-ledger.ts";
import { readAgents } from "../engine/gate/read-agents.ts";
import { modelKeys } from "../engine/gate/model-keys.ts";
import { readProviders } from "../engine/gate/read-providers.ts";
import type { Agents, Worktrees } from "../engine/ports/agent.ts";
import type { AttemptContext, Executor } from "../engine/ports/executor.ts";
import type { Workspace } from "../engine/ports/workspace.ts";
import type { HttpDependencies } from "../surfaces/http/http-dependencies.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";

/** The agents of this machine. Nothing is started by opening it. */
export const openAgents = (system: Pick<System, "sandbox">): Agents =>
  sandboxedAgents({ sandbox: system.sandbox, searchPath: process.env["PATH"] ?? "", node: process.execPath });

/** How long what was found on the PATH is believed. */
const foundMs = 60_000;

/** Agents as people see and try them. */
export function shownAgents(system: Pick<System, "sandbox">): HttpDependencies["agents"] {
  const agents = openAgents(system);
  let kept: { readonly atMs: number; readonly found: ReturnType<Agents["found"]> } | null = null;
  return {
    unavailable: agents.unavailable,
    found() {
      const nowMs = systemClock.monotonicMs();
      if (kept === null || nowMs - kept.atMs > foundMs) kept = { atMs: nowMs, found: agents.found() };
      return kept.found;
    },
    test: (agent, vendor) => testAgent(agents, agent, vendor),
  };
}

/** Longest start of an agent in a test. */
const testMs = 120_000;

async function testAgent(agents: Agents, agent: Agent, vendor: ModelVendor | null): Promise<Omit<AgentTest, "atMs">> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "xvc-agent-test-"));
  try {
    const [tree, home] = [path.join(directory, "tree"), path.join(directory, "home")];
    for (const folder of [tree, home]) await mkdir(folder);
    const worktree = { directory, tree, home, outputs: tree, readOnlyPaths: [] };
    const seen = await agents.test({ agent, vendor, worktree, timeoutMs: testMs }, AbortSignal.timeout(testMs));
    return { ok: true, ...seen };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ok: false, detail: error.message.slice(0, 300), version: null };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

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
