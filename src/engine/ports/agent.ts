import type { Agent, AgentForm, AskedPermission, PermissionAnswer } from "../../core/gate/agent.ts";
import type { Provider } from "../../core/gate/provider.ts";
import type { LocatedRepository } from "./analyser.ts";

/** A place of its own for one attempt: a tree that its program may change, and a home beside it. Nobody else's git directory is in its reach. */
export interface Worktree {
  /** All of it; mounted at the same path in the sandbox. */
  readonly directory: string;
  readonly tree: string;
  readonly home: string;
  /** Where the program puts outputs that the task names. */
  readonly outputs: string;
  /** What the sandbox has to show besides, read-only. */
  readonly readOnlyPaths: readonly string[];
  /** Writes a file that is no part of the work: it is in no difference. Where the repository has a file of that name, that one stays. */
  place(relativePath: string, bytes: Uint8Array): Promise<void>;
  /**
   * What the tree differs from the commit it began with, as git sees it, whatever the program says. Read after the program has ended.
   *
   * @throws {Failure} `agent.result-refused`, `agent.result-too-large`
   */
  changes(name: { readonly branch: string; readonly message: string; readonly atMs: number }, signal: AbortSignal): Promise<Changes>;
  /** A file that the program left as an output; null: there is none. @throws {Failure} `agent.result-refused` for what is no plain file of its own */
  output(name: string): Promise<Uint8Array | null>;
  remove(): Promise<void>;
}

export interface ChangedFile {
  readonly path: string;
  readonly how: "added" | "changed" | "removed";
  readonly bytes: number;
}

export interface Changes {
  readonly files: readonly ChangedFile[];
  /** Applies with `git apply --binary`; empty when nothing changed. */
  readonly patch: Uint8Array;
  /** A git bundle with the branch, on top of the commit it began with; empty when nothing changed. */
  readonly bundle: Uint8Array;
  readonly notes: readonly string[];
}

/** Makes worktrees, and joins what came out of them. */
export interface Worktrees {
  /** `patches`: accepted work that this one builds on, in order. @throws {Failure} `agent.upstream-conflict` where they do not fit together */
  open(
    of: { readonly repository: LocatedRepository | null; readonly patches: readonly Uint8Array[] },
    signal: AbortSignal,
  ): Promise<Worktree>;
  /** The patches on top of the commit, one after the other, as one branch; null: they do not fit together, at these paths. */
  merge(
    of: { readonly repository: LocatedRepository; readonly patches: readonly Uint8Array[]; readonly branch: string; readonly atMs: number },
    signal: AbortSignal,
  ): Promise<{ readonly kind: "merged"; readonly changes: Changes } | { readonly kind: "conflict"; readonly paths: readonly string[] }>;
  /** Removes what a process that died left behind. @returns how many */
  sweep(): Promise<number>;
}

/** One call of a model as the agent made it, read by nobody yet. */
export interface AgentCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface AgentCallAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: ReadableStream<Uint8Array> | string;
}

/** What an agent is handed while it works: one provider behind a door, and an answer to what it asks leave for. */
export interface AgentHooks {
  call(call: AgentCall, signal: AbortSignal): Promise<AgentCallAnswer>;
  permission(asked: AskedPermission): PermissionAnswer;
  /** A line about what it does, for people who watch. */
  told(line: string): void;
}

export interface AgentJob {
  readonly agent: Pick<Agent, "name" | "form" | "command" | "model">;
  readonly vendor: Provider["vendor"] | null;
  readonly worktree: Pick<Worktree, "directory" | "tree" | "home" | "outputs" | "readOnlyPaths">;
  readonly prompt: string;
  readonly timeoutMs: number;
}

export interface AgentEnd {
  /** Its own words, unproven. */
  readonly summary: string;
  /** What it said before it did anything. */
  readonly opening: string;
}

/** A program found on this machine. */
export interface FoundAgent {
  readonly form: AgentForm;
  readonly program: string | null;
  /** As it tells it; null: it was not found, or told nothing. */
  readonly version: string | null;
}

/** Starts coding agents, each in the sandbox, none of them part of this program. */
export interface Agents {
  /** Null: agents can run here; else why not and what helps. */
  readonly unavailable: string | null;
  found(): Promise<readonly FoundAgent[]>;
  /**
   * One task, from start to end; when it returns or throws, no process of it is left.
   *
   * @throws {Failure} `agent.not-found`, `agent.unavailable`, `agent.handshake`, `agent.mode-refused`, `agent.ended`, `agent.timed-out`, `agent.refused`
   */
  run(job: AgentJob, hooks: AgentHooks, signal: AbortSignal): Promise<AgentEnd>;
  /** Starts it without a task: as far as the mode for one that is talked with, its version for another. @returns what was seen */
  test(job: Omit<AgentJob, "prompt">, signal: AbortSignal): Promise<{ readonly detail: string; readonly version: string | null }>;
}

/** A call that may be forwarded: to the provider alone, with the model that a person chose and no more than was reserved. */
export interface ReadyCall {
  readonly kind: "forward";
  readonly url: string;
  readonly body: string;
  /** Estimated. */
  readonly inputTokens: number;
  /** The most that may come back. */
  readonly outputTokens: number;
}

/** What a vendor's interface makes of a call. */
export type PreparedCall = ReadyCall | { readonly kind: "answer"; readonly status: number; readonly body: string };

export interface ForwardedCall {
  readonly status: number;
  readonly contentType: string;
  readonly body: ReadableStream<Uint8Array>;
  /** Settles when the answer has been read to its end or was given up; null numbers: the vendor did not tell. */
  readonly usage: Promise<{ readonly inputTokens: number | null; readonly outputTokens: number | null; readonly complete: boolean }>;
}

/** The way of an agent's calls to a model provider. */
export interface ProviderLine {
  prepare(provider: Pick<Provider, "vendor" | "baseUrl">, model: string, call: AgentCall): PreparedCall;
  /** Adds the key and forwards. @throws {Failure} those of the egress, `model.key-missing` */
  forward(
    at: { readonly organizationId: string; readonly provider: Provider },
    call: ReadyCall,
    signal: AbortSignal,
  ): Promise<ForwardedCall>;
}
