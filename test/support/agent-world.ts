import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { sandboxedAgents } from "../../src/adapters/agents/sandboxed-agents.ts";
import { providerLine } from "../../src/adapters/agents/provider-line.ts";
import { guardedStream } from "../../src/adapters/egress/guarded-stream.ts";
import { gitHost } from "../../src/adapters/git/git-command.ts";
import { gitWorktrees } from "../../src/adapters/git/worktrees.ts";
import { createMemoryContent } from "../../src/adapters/in-process/memory-content.ts";
import { bubblewrapSandbox, runUnsandboxed } from "../../src/adapters/sandbox/run-sandboxed.ts";
import { systemClock } from "../../src/adapters/system/system-clock.ts";
import type { BeginTurn, EndTurn } from "../../src/core/execution/decide-turn.ts";
import type { Turn } from "../../src/core/execution/turn.ts";
import type { Agent } from "../../src/core/gate/agent.ts";
import type { Provider } from "../../src/core/gate/provider.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { type AgentExecutorParts, agentExecutor } from "../../src/engine/execution/agent-executor.ts";
import type { AgentLedger } from "../../src/engine/execution/agent-door.ts";
import type { AttemptContext } from "../../src/engine/ports/executor.ts";
import type { SandboxProbe } from "../../src/engine/ports/sandbox.ts";
import { fileWorkspace } from "../../src/main/workspace.ts";
import { contentIntake } from "../../src/main/intake.ts";
import type { Installation } from "../../src/main/installation.ts";

export interface AgentWorldOptions {
  readonly probe: SandboxProbe;
  readonly agent?: Partial<Agent>;
  readonly provider?: Partial<Provider>;
  /** Where programs are looked for. */
  readonly searchPath: string;
  /** What the purse says instead of yes. */
  readonly purse?: Failure;
  /** Whether the attempt is still held. */
  readonly isHeld?: () => boolean;
}

const provider: Provider = {
  id: "00000000-0000-7000-8000-00000000000a",
  version: 1,
  eventCount: 0,
  name: "house",
  state: "active",
  vendor: "openai-compatible",
  baseUrl: "http://127.0.0.1:1/v1",
  models: ["m"],
  local: true,
  windows: { requestsPerMinute: null, tokensPerMinute: null },
  rank: 1,
  projectIds: [],
  keyFrom: "none",
  lastTest: null,
};

const agent: Agent = {
  id: "00000000-0000-7000-8000-00000000000b",
  version: 1,
  eventCount: 0,
  name: "coder",
  state: "active",
  form: "opencode",
  providerId: provider.id,
  model: "m",
  command: null,
  rank: 1,
  lastTest: null,
};

/** The executor as a worker has it, with real git, sandbox and sockets; rows in memory. */
export async function openAgentWorld(options: AgentWorldOptions) {
  const root = await mkdtemp(path.join(os.tmpdir(), "xvc-agent-world-"));
  const sandbox = bubblewrapSandbox(options.probe);
  const host = gitHost(sandbox, runUnsandboxed);
  const content = createMemoryContent();
  const worktreesRoot = path.join(root, "worktrees");
  const cacheDirectory = path.join(root, "cache");
  await mkdir(cacheDirectory);
  const turns: Turn[] = [];
  const booked: { readonly reservationId: string; readonly use: unknown }[] = [];
  const workspace = fileWorkspace({ cacheDirectory, content, git: host });
  const parts: AgentExecutorParts = {
    agents: sandboxedAgents({ sandbox, searchPath: options.searchPath, node: process.execPath }),
    worktrees: gitWorktrees({ root: worktreesRoot, host, nowMs: () => Date.now() }),
    workspace,
    content,
    clock: systemClock,
    crash: () => {},
    organizationId: asId("00000000-0000-7000-8000-000000000001"),
    line: providerLine({ egress: guardedStream({ allowed: [] }), findKey: async () => "the-real-key" }),
    purseOf: () => ({
      async reserve() {
        if (options.purse !== undefined) throw options.purse;
        return `r${String(turns.length + 1)}`;
      },
      async settle(reservationId, use) {
        booked.push({ reservationId, use });
        return use === "unknown" ? 5_000 : 1_000;
      },
    }),
    ledgerOf: (context) => memoryLedger(context, { turns, isHeld: options.isHeld ?? (() => true) }),
    choose: async () => ({
      agent: { ...agent, ...options.agent },
      provider: options.agent?.providerId === null ? null : { ...provider, ...options.provider },
    }),
  };
  return {
    root,
    content,
    worktreesRoot,
    turns,
    booked,
    parts,
    executor: agentExecutor(parts),
    leftBehind: async () => (await readdir(worktreesRoot).catch(() => [])).length,
    /** Takes a repository over as the input of a request. */
    take: (place: string) =>
      contentIntake({ installation: { cacheDirectory } as Installation, git: host, content, crash: () => {} }).takePath(place, {
        // it reads nothing else of it
        includeWorktree: false,
        name: "repository",
      }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

interface Held {
  readonly turns: Turn[];
  readonly isHeld: () => boolean;
}

function memoryLedger(context: AttemptContext, { turns, isHeld }: Held): AgentLedger {
  const begun = (turn: Omit<BeginTurn, "kind" | "attemptId" | "epoch">): Turn => ({
    ...turn,
    id: `t${String(turn.number)}`,
    version: 1,
    eventCount: 0,
    state: "asked",
    provider: "house",
    parts: [],
    answers: [],
    usage: null,
    costMicro: 0,
    finish: null,
    failure: null,
    askedAtMs: 1,
    endedAtMs: null,
    threadId: asId(turn.threadId),
    requestId: asId(context.request.id),
    taskId: asId(context.task.id),
    attemptId: asId(context.attempt.id),
  });
  const ended = (turn: Turn, { outcome, usage, costMicro }: Omit<EndTurn, "kind" | "attemptId" | "epoch">): Turn =>
    outcome.kind === "answered"
      ? { ...turn, state: "answered", parts: outcome.parts, finish: outcome.finish, usage, costMicro }
      : { ...turn, state: outcome.kind, failure: { code: outcome.code, message: outcome.message, untilMs: null }, costMicro };
  return {
    thread: async () => ({ threadId: context.attempt.id, turns: [...turns] }),
    opening: async () => `# The task\n\n${context.task.spec.title}`,
    persona: async () => undefined,
    isHeld: async () => isHeld(),
    async begin(turn) {
      if (turns.at(-1)?.state === "asked") throw new Failure("conflict", "turn.out-of-order", { message: "Another turn came first." });
      turns.push(begun({ ...turn, number: turns.length + 1 }));
      return begun({ ...turn, number: turns.length });
    },
    async end(turn) {
      const at = turns.findIndex(({ id }) => id === turn.turnId);
      const before = turns[at];
      if (before === undefined) throw new Error("no such turn");
      turns[at] = ended(before, turn);
      return ended(before, turn);
    },
  };
}
