import { outputSource } from "../../core/gate/agent.ts";
import { Failure } from "../../core/shared/failure.ts";
import { patchesOf, repositoryOf } from "../execution/agent-materials.ts";
import type { Worktree, Worktrees } from "../ports/agent.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContentStore } from "../ports/content.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { CommandResult, Sandbox } from "../ports/sandbox.ts";
import type { Workspace } from "../ports/workspace.ts";

export interface DeskParts {
  readonly worktrees: Worktrees;
  readonly workspace: Workspace;
  readonly sandbox: Sandbox;
  readonly content: ContentStore;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/** One command in the worktree of an attempt. */
export interface DeskCommand {
  readonly argv: readonly [string, ...string[]];
  readonly input?: Uint8Array;
  readonly timeoutMs: number;
  readonly outputBytes: number;
}

export interface DeskResult extends CommandResult {
  /** The worktree was laid out for this very call: whatever an earlier process had in it is not there. */
  readonly isNew: boolean;
}

/** The worktrees of attempts under way in this process. */
export interface WorktreeDesk {
  /** Runs a command in the attempt's worktree, in the sandbox, without network. @throws {Failure} `tool.worktree-unavailable` */
  run(context: AttemptContext, command: DeskCommand, signal: AbortSignal): Promise<DeskResult>;
  /** What the worktree differs from the commit that the request was filed with. @throws {Failure} `tool.worktree-unavailable` */
  change(context: AttemptContext, name: string, signal: AbortSignal): Promise<Uint8Array>;
}

/** Worktrees kept open; the longest unused one goes first, and one that nobody used for this long goes with the next call. */
const maxOpen = 8;
const idleMs = 30 * 60_000;

interface Place {
  readonly opening: Promise<Worktree>;
  usedAtMs: number;
}

/*
 * git believes no settings but these: the tree belongs to another user in the sandbox, and what the tree brings along may name programs.
 * They would run inside of the sandbox only; the answers of git shall still be git's.
 */
const gitSettings = {
  "safe.directory": "*",
  "core.fsmonitor": "false",
  "core.hooksPath": "/dev/null",
  "core.pager": "cat",
  "gc.auto": "0",
};

const environment = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ALLOW_PROTOCOL: "",
  GIT_PAGER: "cat",
  GIT_CONFIG_COUNT: String(Object.keys(gitSettings).length),
  ...Object.fromEntries(
    Object.entries(gitSettings).flatMap(([key, value], at) => [
      [`GIT_CONFIG_KEY_${at}`, key],
      [`GIT_CONFIG_VALUE_${at}`, value],
    ]),
  ),
};

/** Lays a worktree out when an attempt first needs one, and keeps it for its later calls. */
export function worktreeDesk(parts: DeskParts): WorktreeDesk {
  const places = new Map<string, Place>();
  const placeOf = async (
    context: AttemptContext,
    signal: AbortSignal,
  ): Promise<{ readonly worktree: Worktree; readonly isNew: boolean }> => {
    const nowMs = parts.clock.monotonicMs();
    await forget(places, { nowMs, keep: context.attempt.id });
    const known = places.get(context.attempt.id);
    const place = known ?? { opening: open(parts, context, signal), usedAtMs: nowMs };
    place.usedAtMs = nowMs;
    places.set(context.attempt.id, place);
    try {
      return { worktree: await place.opening, isNew: known === undefined };
    } catch (error) {
      places.delete(context.attempt.id);
      throw error;
    }
  };
  return {
    run: (context, command, signal) =>
      told(async () => {
        const { worktree, isNew } = await placeOf(context, signal);
        try {
          return { ...(await runIn(parts.sandbox, { worktree, command }, signal)), isNew };
        } catch (error) {
          // Such as one that was swept away as left over: the next call lays out another.
          if (error instanceof Failure && error.code === "sandbox.setup-failed") places.delete(context.attempt.id);
          throw error;
        }
      }),
    change: (context, name, signal) =>
      told(async () => {
        const { worktree } = await placeOf(context, signal);
        const { key } = context.task;
        const changes = await worktree.changes({ branch: `xvc/${key}`, message: `Work on ${key}`, atMs: context.nowMs }, signal);
        return outputSource(name) === "bundle" ? changes.bundle : changes.patch;
      }),
  };
}

const runIn = (
  sandbox: Sandbox,
  { worktree, command }: { readonly worktree: Worktree; readonly command: DeskCommand },
  signal: AbortSignal,
) =>
  sandbox.run({
    argv: command.argv,
    workDirectory: worktree.tree,
    workDirectoryAccess: "read-write",
    readOnlyPaths: worktree.readOnlyPaths,
    environment,
    limits: { timeoutMs: command.timeoutMs, outputBytes: command.outputBytes },
    ...(command.input === undefined ? {} : { input: command.input }),
    signal,
  });

async function open({ worktrees, workspace, content }: DeskParts, context: AttemptContext, signal: AbortSignal): Promise<Worktree> {
  // Documents and folders beside it are read where they are: only the repository is worked in.
  const located = await workspace.locate(
    context.inputs.filter(({ kind }) => kind === "git-repository"),
    signal,
  );
  return worktrees.open({ repository: repositoryOf(context, located), patches: await patchesOf(content, context) }, signal);
}

async function forget(places: Map<string, Place>, { nowMs, keep }: { readonly nowMs: number; readonly keep: string }): Promise<void> {
  const others = [...places].filter(([id]) => id !== keep).toSorted(([, left], [, right]) => right.usedAtMs - left.usedAtMs);
  const old = others.filter(([, { usedAtMs }], at) => at >= maxOpen - 1 || nowMs - usedAtMs > idleMs);
  for (const [id, { opening }] of old) {
    places.delete(id);
    // One that never opened has nothing to remove.
    const worktree = await opening.catch(() => null);
    await worktree?.remove();
  }
}

/** Faults of inputs and of the machine are answers to the performer; it cannot go on with the worktree, and may without. */
async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "bug") throw error;
    throw new Failure(error.kind, "tool.worktree-unavailable", { message: error.message }, { cause: error });
  }
}
