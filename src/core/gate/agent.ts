/** A coding agent that this installation may start: a program of somebody else's, never part of this one. active -> paused -> active; either -> removed. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { JsonObject } from "../shared/json.ts";
import type { ModelVendor } from "./provider.ts";

/** How an agent is talked with. `command` is any program, by the command line that a person declared. */
export const agentForms = ["claude-code", "opencode", "gemini", "codex", "command"] as const;
export type AgentForm = (typeof agentForms)[number];

/** What is known of each form. */
export interface AgentFormFacts {
  /** As people call it. */
  readonly title: string;
  /** Looked for on the PATH; null: the declared command line names it. */
  readonly program: string | null;
  readonly protocol: "acp" | "exec";
  /** The mode that is set before it is asked anything; null: it has none, its command line says how it works. */
  readonly mode: string | null;
  /** Interfaces of models that it can be pointed at. */
  readonly vendors: readonly ModelVendor[];
}

export const agentFacts: { readonly [form in AgentForm]: AgentFormFacts } = {
  "claude-code": { title: "Claude Code", program: "claude-agent-acp", protocol: "acp", mode: "default", vendors: ["anthropic"] },
  opencode: {
    title: "OpenCode",
    program: "opencode",
    protocol: "acp",
    mode: "build",
    vendors: ["openai-compatible", "anthropic", "openai"],
  },
  gemini: { title: "Gemini CLI", program: "gemini", protocol: "acp", mode: "default", vendors: ["google"] },
  codex: { title: "Codex", program: "codex", protocol: "exec", mode: null, vendors: ["openai"] },
  command: {
    title: "A program by its command line",
    program: null,
    protocol: "exec",
    mode: null,
    vendors: ["anthropic", "openai", "google", "openai-compatible"],
  },
};

/** A command line that a person declared. Words may hold `{prompt}` (the file with the task), `{outputs}` (where outputs go) and `{worktree}`. */
export interface DeclaredCommand {
  /** Program first; an absolute path, or a name on the server's PATH. */
  readonly argv: readonly string[];
  readonly prompt: "stdin" | "file";
  /** `jsonl`: the last line that is an object with `text`, `message` or `result` is its summary. */
  readonly output: "text" | "jsonl";
  readonly timeoutMs: number;
}

export interface AgentTest {
  readonly atMs: number;
  readonly ok: boolean;
  readonly detail: string;
  readonly version: string | null;
}

export interface Agent extends Entity {
  readonly name: string;
  readonly state: "active" | "paused" | "removed";
  readonly form: AgentForm;
  /** The model provider that it may reach; null: it needs none, and then it reaches nothing. */
  readonly providerId: string | null;
  /** The model that is asked, whatever the agent names; null with the provider. */
  readonly model: string | null;
  /** Of the form `command` alone. */
  readonly command: DeclaredCommand | null;
  /** The lowest is used first. */
  readonly rank: number;
  readonly lastTest: AgentTest | null;
}

export const agentKind = organizationKind<Agent>("agent");

export const agentLimits = {
  agents: 20,
  words: 40,
  wordChars: 500,
  minTimeoutMs: 1_000,
  maxTimeoutMs: 540_000,
  /** Calls of a model in one attempt are bounded by the turns of a thread; these are calls at the same time. */
  waitingCalls: 16,
  changedFiles: 2_000,
  fileBytes: 10_485_760,
  patchBytes: 33_554_432,
  outputBytes: 33_554_432,
  outputs: 100,
  updates: 400,
  updateChars: 300,
  summaryChars: 20_000,
} as const;

/** How a permission that an agent asks for is answered. */
export interface PermissionAnswer {
  readonly allowed: boolean;
  readonly reason: string;
}

/** What the agent says it is about to do; every word of it is its own. */
export interface AskedPermission {
  readonly toolKind: string;
  readonly title: string;
  /** Paths that it names, absolute or relative to the worktree. */
  readonly places: readonly string[];
}

const insideKinds: ReadonlySet<string> = new Set(["read", "search", "think", "edit", "delete", "move", "execute"]);

/**
 * Answers for the gate: what stays inside of the worktree and its sandbox is allowed once, everything else is refused once. What an agent
 * asks for is advice, since it could act unasked: what holds it is the sandbox, so a yes never opens anything.
 */
export function answerPermission(asked: AskedPermission, worktree: string): PermissionAnswer {
  if (!insideKinds.has(asked.toolKind))
    return { allowed: false, reason: `"${asked.toolKind}" would reach outside of the worktree, which an agent does not do.` };
  const outside = asked.places.find((place) => !isInside(place, worktree));
  if (outside !== undefined) return { allowed: false, reason: `${outside.slice(0, 200)} is not inside of the worktree.` };
  return { allowed: true, reason: "It stays inside of the worktree and its sandbox." };
}

/** Whether a path, as text, stays inside of a directory and out of its `.git`. Links are for whoever opens it to refuse. */
export function isInside(place: string, directory: string): boolean {
  if (place.includes("\0")) return false;
  if (place === directory) return true;
  const relative = place.startsWith("/") ? (place.startsWith(`${directory}/`) ? place.slice(directory.length + 1) : null) : place;
  if (relative === null) return false;
  const parts = relative.split("/");
  return !parts.includes("..") && parts[0]?.toLowerCase() !== ".git";
}

/** What an output is made of, by its name. Whatever else a task names, the agent writes itself. */
export type OutputSource = "patch" | "bundle" | "changes" | "summary" | "file";

export function outputSource(name: string): OutputSource {
  if (/\.(?:patch|diff)$/u.test(name)) return "patch";
  if (name.endsWith(".bundle")) return "bundle";
  if (/(?:^|[.-])changes\.json$/u.test(name)) return "changes";
  return /^summary\.(?:md|txt)$/u.test(name) ? "summary" : "file";
}

/** The branch on which an agent's change is kept. */
export const branchOf = (taskKey: string): string => `xvc/${taskKey.replace(/[^A-Za-z0-9_-]+/gu, "-").replace(/^-+|-+$/gu, "") || "task"}`;

/** What a declared program's output says as its summary. Text is taken from its end; lines that are no JSON are passed over. */
export function summaryOf(output: string, form: DeclaredCommand["output"]): string {
  if (form === "text") return output.trim().slice(-agentLimits.summaryChars).toWellFormed();
  for (const line of output.trim().split("\n").toReversed().slice(0, 5_000)) {
    const said = textIn(line);
    if (said !== null) return said.slice(0, agentLimits.summaryChars).toWellFormed();
  }
  return "";
}

function textIn(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    const { text, message, result } = value as JsonObject; // a JSON object by the line above
    return [text, message, result].find((one) => typeof one === "string") ?? null;
  } catch {
    return null;
  }
}
