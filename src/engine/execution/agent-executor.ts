import { agentPlaces, agentPrompt } from "../../core/execution/agent-protocol.ts";
import { patchesOf, placeMaterials, repositoryOf } from "./agent-materials.ts";
import { type Agent, agentLimits, answerPermission, branchOf, outputSource } from "../../core/gate/agent.ts";
import type { Provider } from "../../core/gate/provider.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { AgentEnd, Agents, Changes, Worktree, Worktrees } from "../ports/agent.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContentStore } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext, AttemptOutcome, Executor } from "../ports/executor.ts";
import type { Purse } from "../ports/purse.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type AgentDoor, type AgentDoorParts, type AgentLedger, openAgentDoor } from "./agent-door.ts";
import type { Thread } from "./turn-ledger.ts";

/** An agent with what it may reach. */
export interface ChosenAgent {
  readonly agent: Agent;
  readonly provider: Provider | null;
}

export interface AgentExecutorParts extends Pick<AgentDoorParts, "line" | "organizationId"> {
  readonly agents: Agents;
  readonly worktrees: Worktrees;
  readonly workspace: Workspace;
  readonly content: ContentStore;
  readonly clock: Clock;
  readonly crash: CrashProbe;
  readonly purseOf: (context: AttemptContext) => Purse;
  readonly ledgerOf: (context: AttemptContext) => AgentLedger;
  /** The first agent in the order whose provider may serve the project; null: there is none. */
  readonly choose: (context: AttemptContext) => Promise<ChosenAgent | null>;
}

/** An agent leaves its attempt time for reading and checking what it made. */
const runMs = 480_000;
const lookMs = 1_000;
const maxQuestionChars = 2_000;

/**
 * Does tasks by a coding agent: a program of somebody else's, in a worktree and a sandbox of its own. What it made is read from the
 * worktree, never from its words; it reaches one model provider through a door that pays for each call, and nothing else.
 */
export const agentExecutor = (parts: AgentExecutorParts): Executor => ({
  kind: "agent",
  serves({ spec }) {
    if (parts.agents.unavailable !== null) return { ok: false, reason: parts.agents.unavailable };
    return spec.outputs.length > 0
      ? { ok: true }
      : { ok: false, reason: `The task "${spec.task}" names no output; an agent hands in named outputs only.` };
  },
  async attempt(context, signal): Promise<AttemptOutcome> {
    const served = this.serves(context.task);
    if (!served.ok) return failed("agent.unavailable", served.reason);
    if (context.request.rehearsal) return failed("agent.rehearsal", "A rehearsal starts no agent; its work is scripted.");
    signal.throwIfAborted();
    const chosen = await parts.choose(context);
    if (chosen === null)
      return failed(
        "agent.none-connected",
        "No coding agent may work in this project. Connect one in Settings, Agents, let the project use its model provider, or let a person do the task.",
      );
    const end = new AbortController();
    const ledger = parts.ledgerOf(context);
    const holding = watch(parts, ledger, end);
    try {
      return await work(parts, { context, ledger, chosen, end }, AbortSignal.any([signal, end.signal]));
    } finally {
      end.abort();
      await holding;
    }
  },
});

const failed = (code: string, message: string, retryable = false): Extract<AttemptOutcome, { readonly kind: "failed" }> => ({
  kind: "failed",
  code,
  message,
  retryable,
  costMicro: 0,
});

/** Ends the run within a second or two of the attempt being ended, halted or handed over. */
async function watch({ clock }: AgentExecutorParts, ledger: AgentLedger, end: AbortController): Promise<void> {
  while (!end.signal.aborted) {
    await clock.pause(lookMs, end.signal).catch(() => {});
    if (end.signal.aborted) return;
    // A database that is away for a moment ends no work: the next command would fail by itself.
    if (!(await ledger.isHeld().catch(() => true)))
      end.abort(new Failure("conflict", "attempt.stale-epoch", { message: "This work was ended or belongs to somebody else now." }));
  }
}

interface Working {
  readonly context: AttemptContext;
  readonly ledger: AgentLedger;
  readonly chosen: ChosenAgent;
  readonly end: AbortController;
}

async function work(parts: AgentExecutorParts, working: Working, signal: AbortSignal): Promise<AttemptOutcome> {
  const { context } = working;
  const located = await parts.workspace.locate(context.inputs, signal);
  const repository = repositoryOf(context, located);
  const worktree = await parts.worktrees.open({ repository, patches: await patchesOf(parts.content, context) }, signal);
  try {
    const materials = await placeMaterials(parts.content, {
      context,
      worktree,
      located,
      repository,
      persona: await working.ledger.persona(),
    });
    const opening = await working.ledger.opening();
    const prompt = agentPrompt(opening, context.task, materials.listed);
    const door = await doorOf(parts, working, opening);
    const seen = { ...worktree, readOnlyPaths: [...worktree.readOnlyPaths, ...materials.readOnlyPaths] };
    return await ended(parts, { ...working, worktree: seen, door, prompt }, signal);
  } finally {
    await worktree.remove();
  }
}

interface Run extends Working {
  readonly worktree: Worktree;
  readonly door: AgentDoor | null;
  readonly prompt: string;
}

async function ended(parts: AgentExecutorParts, run: Run, signal: AbortSignal): Promise<AttemptOutcome> {
  const { door } = run;
  try {
    const said = await runAgent(parts, run, signal);
    const question = await run.worktree.output(agentPlaces.question);
    const costMicro = (await door?.settled()) ?? 0;
    if (question !== null && question.byteLength > 0)
      return { kind: "asked", question: new TextDecoder().decode(question).slice(0, maxQuestionChars).toWellFormed(), costMicro };
    return { ...(await handIn(parts, run, { said, signal })), costMicro };
  } catch (error) {
    const costMicro = (await door?.settled()) ?? 0;
    if (!(error instanceof Failure) || error.code === "attempt.stale-epoch") throw error;
    return { ...failedWith(error), costMicro };
  }
}

const lasting: ReadonlySet<string> = new Set(["invalid", "not-found", "forbidden"]);

/** The attempt's end; what its calls cost is on their turns. */
function failedWith(error: Failure): Extract<AttemptOutcome, { readonly kind: "failed" }> {
  const details = detailsOf(error);
  return { ...failed(error.code, error.message, !lasting.has(error.kind)), ...(details === null ? {} : { details }) };
}

/** Of a refusal for want of budget: which one, so that the attempt can wait for it. */
const detailsOf = ({ code, details }: Failure): JsonObject | null =>
  code === "budget.exhausted" && typeof details === "object" && details !== null && !Array.isArray(details)
    ? (details as JsonObject)
    : null; // an object by the tests before

function runAgent({ agents }: AgentExecutorParts, { chosen, worktree, door, prompt }: Run, signal: AbortSignal): Promise<AgentEnd> {
  const { agent, provider } = chosen;
  return agents.run(
    { agent, vendor: provider?.vendor ?? null, worktree, prompt, timeoutMs: runMs },
    {
      call: (call, from) =>
        door === null
          ? Promise.reject(new Failure("forbidden", "agent.no-provider", { message: "This agent was given no model." }))
          : door.call(call, from),
      permission: (asked) => answerPermission(asked, worktree.tree),
      told: (line) => door?.told(line),
    },
    signal,
  );
}

async function doorOf(parts: AgentExecutorParts, { context, ledger, chosen, end }: Working, opening: string): Promise<AgentDoor | null> {
  const { agent, provider } = chosen;
  if (provider === null) return null;
  const purse = parts.purseOf(context);
  parts.crash("content.before-write");
  const openingSha256 = await parts.content.write(new TextEncoder().encode(opening));
  parts.crash("content.after-write");
  const thread = await recovered({ ledger, purse, provider, context });
  const { line, organizationId, clock } = parts;
  return openAgentDoor(
    { line, purse, clock, organizationId },
    { context, ledger, agent, provider, openingSha256, thread, onStop: (failure) => end.abort(failure) },
  );
}

interface Recovering {
  readonly ledger: AgentLedger;
  readonly purse: Purse;
  readonly provider: Provider;
  readonly context: AttemptContext;
}

/** The calls of this attempt so far; one that a lost worker left behind is paid for as a whole, since nobody knows what was answered. */
async function recovered({ ledger, purse, provider, context }: Recovering): Promise<Thread> {
  const thread = await ledger.thread();
  const own = { threadId: thread.threadId === context.attempt.id ? thread.threadId : context.attempt.id };
  const turns = thread.threadId === own.threadId ? thread.turns : [];
  const last = turns.at(-1);
  if (last === undefined || last.state !== "asked") return { ...own, turns };
  const costMicro = last.reservationId === null ? 0 : await purse.settle(last.reservationId, "unknown", provider.local);
  const outcome = {
    kind: "lost",
    code: "model.lost",
    message: "The worker that asked was lost; nobody knows what was answered.",
    retryAfterMs: null,
  } as const;
  const lost = await ledger.end({ turnId: last.id, costMicro, usage: null, outcome });
  return { ...own, turns: [...turns.slice(0, -1), lost] };
}

interface HandingIn {
  readonly said: AgentEnd;
  readonly signal: AbortSignal;
}

type Submitted = Omit<Extract<AttemptOutcome, { readonly kind: "submitted" }>, "costMicro">;

async function handIn(parts: AgentExecutorParts, { context, worktree, chosen }: Run, { said, signal }: HandingIn): Promise<Submitted> {
  const { task, nowMs } = context;
  const branch = branchOf(task.spec.task);
  const changes = await worktree.changes({ branch, message: task.spec.title.slice(0, 200), atMs: nowMs }, signal);
  const outputs: Artifact[] = [];
  for (const name of task.spec.outputs.slice(0, agentLimits.outputs)) {
    const bytes = await bytesOf(name, { changes, said, worktree });
    if (bytes === null)
      throw new Failure("unavailable", "agent.output-missing", {
        message: `The agent left no ${name}. It said: ${said.summary.slice(-300) || "nothing"}`,
      });
    parts.crash("content.before-write");
    outputs.push({ name, sha256: await parts.content.write(bytes), mediaType: mediaTypeOf(name), bytes: bytes.byteLength });
    parts.crash("content.after-write");
  }
  return {
    kind: "submitted",
    outputs,
    interpretation: (said.opening || said.summary).slice(0, maxQuestionChars),
    notes: [
      `Made by the agent ${chosen.agent.name} (${chosen.agent.form}) in a worktree and a sandbox; read from the worktree, not from its words.`,
      `${changes.files.length} files differ from the commit it began with${changes.files.length > 0 ? `; the branch is ${branch}` : ""}.`,
      ...(changes.files.length > 0 && !task.spec.outputs.some((name) => ["patch", "bundle"].includes(outputSource(name)))
        ? ["The task asks for no patch, so these changes are not handed in."]
        : []),
      ...changes.notes,
    ],
  };
}

interface Made {
  readonly changes: Changes;
  readonly said: AgentEnd;
  readonly worktree: Worktree;
}

/** An output's bytes; null: there is none. A change that changed nothing is no output. */
async function bytesOf(name: string, { changes, said, worktree }: Made): Promise<Uint8Array | null> {
  const orNull = (bytes: Uint8Array): Uint8Array | null => (bytes.byteLength === 0 ? null : bytes);
  switch (outputSource(name)) {
    case "patch":
      return orNull(changes.patch);
    case "bundle":
      return orNull(changes.bundle);
    case "changes":
      return new TextEncoder().encode(`${JSON.stringify({ schema: "xvc.changes/1", files: changes.files })}\n`);
    case "summary":
      return orNull(new TextEncoder().encode(said.summary));
    case "file":
      return worktree.output(name);
  }
}

const mediaTypes: { readonly [ending: string]: string } = {
  json: "application/json",
  md: "text/markdown",
  html: "text/html",
  csv: "text/csv",
  svg: "image/svg+xml",
  patch: "text/x-diff",
  diff: "text/x-diff",
  bundle: "application/x-git-bundle",
};

const mediaTypeOf = (name: string): string => mediaTypes[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "text/plain";
