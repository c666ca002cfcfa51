import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { LocatedRepository } from "../../engine/ports/analyser.ts";
import { type GitCall, type GitHost, gitFailure, runGit, runGitToSuccess } from "./git-command.ts";
import { makeBareRepository } from "./private-git-directory.ts";

/** A git directory of ours beside a captured repository: reads its objects, writes only its own. */
export interface SideRepository {
  readonly directory: string;
  /** Reads what lies in the captured repository too. */
  readonly host: GitHost;
  /** Commit that everything is told against. */
  readonly base: string;
  readonly readOnlyPaths: readonly string[];
  readonly signal: AbortSignal;
}

const identity = (atMs: number): Readonly<Record<string, string>> => {
  // With the sign a small number is a date too.
  const date = `@${Math.floor(atMs / 1_000)} +0000`;
  const who = { NAME: "xVC Orchestrator", EMAIL: "xvc@localhost", DATE: date };
  return Object.fromEntries(
    Object.entries(who).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  );
};

/** Where no repository is given, the work begins with an empty commit. */
export async function makeSideRepository(
  host: GitHost,
  { directory, repository }: { readonly directory: string; readonly repository: LocatedRepository | null },
  signal: AbortSignal,
): Promise<SideRepository> {
  const objectFormat = (repository?.commit.length ?? 40) === 64 ? "sha256" : "sha1";
  const shallow = repository === null ? null : await readFile(path.join(repository.gitDirectory, "shallow")).catch(() => null);
  await makeBareRepository({ directory, objectFormat, head: "ref: refs/heads/none", ...(shallow === null ? {} : { shallow }) });
  await mkdir(path.join(directory, "refs", "heads"), { recursive: true });
  if (repository === null) {
    const alone: SideRepository = { directory, host, base: "", readOnlyPaths: [], signal };
    const tree = await text(alone, { words: ["mktree"], input: Buffer.alloc(0) });
    return { ...alone, base: await commit(alone, { tree, parent: null, message: "nothing yet", atMs: 0 }) };
  }
  // Through a link, because the file of alternates has its own rules for odd characters in paths.
  await symlink(path.join(repository.gitDirectory, "objects"), path.join(directory, "foreign-objects"));
  await writeFile(path.join(directory, "objects/info/alternates"), "../foreign-objects\n");
  const readOnlyPaths = [repository.gitDirectory];
  const seeing: GitHost = {
    run: (command) => host.run({ ...command, readOnlyPaths: [...(command.readOnlyPaths ?? []), ...readOnlyPaths] }),
  };
  return { directory, host: seeing, base: repository.commit, readOnlyPaths, signal };
}

type Words = Pick<GitCall, "words"> & Partial<Pick<GitCall, "input" | "environment" | "workTree" | "onStdout">>;

export const callOf = (side: SideRepository, call: Words): GitCall => ({
  host: side.host,
  gitDirectory: side.directory,
  access: "read-write",
  signal: side.signal,
  ...call,
});

/** What git says, trimmed. @throws {Failure} `git.failed`, `git.timed-out` */
export const text = async (side: SideRepository, call: Words): Promise<string> =>
  Buffer.from((await runGitToSuccess(callOf(side, call))).stdout)
    .toString("utf8")
    .trim();

/** Everything git says, up to a bound. @throws {Failure} `agent.result-too-large` */
export async function bytes(side: SideRepository, call: Words, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let left = maxBytes;
  await runGitToSuccess(
    callOf(side, {
      ...call,
      onStdout: (chunk) => {
        left -= chunk.length;
        parts.push(Buffer.from(chunk));
        return left >= 0;
      },
    }),
  );
  if (left < 0)
    throw new Failure("invalid", "agent.result-too-large", {
      message: `The change is larger than ${maxBytes / 1_048_576} MiB. Let the task be split, or keep generated files out of it by .gitignore.`,
    });
  return Buffer.concat(parts);
}

export interface NewCommit {
  readonly tree: string;
  readonly parent: string | null;
  readonly message: string;
  readonly atMs: number;
}

/** The same values give the same commit. */
export const commit = (side: SideRepository, { tree, parent, message, atMs }: NewCommit): Promise<string> =>
  text(side, {
    words: ["commit-tree", tree, ...(parent === null ? [] : ["-p", parent]), "-F", "-"],
    input: Buffer.from(`${message.slice(0, 500)}\n`, "utf8"),
    environment: identity(atMs),
  });

export type Joined =
  | { readonly kind: "joined"; readonly commit: string }
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

/** Paths of a conflict that are named. */
const maxConflicts = 50;

/** Patches, each told against the base, as one commit on top of it: git's own three-way merge, without a work tree. */
export async function joinPatches(side: SideRepository, patches: readonly Uint8Array[]): Promise<Joined> {
  let joined = side.base;
  for (const [at, patch] of patches.entries()) {
    if (patch.length === 0) continue;
    const environment = { GIT_INDEX_FILE: path.join(side.directory, `index-of-patch-${at}`) };
    await text(side, { words: ["read-tree", side.base], environment });
    await text(side, { words: ["apply", "--cached", "--binary", "--whitespace=nowarn", "-"], input: patch, environment });
    const tree = await text(side, { words: ["write-tree"], environment });
    const next = await commit(side, { tree, parent: side.base, message: "accepted work", atMs: 0 });
    const merged = joined === side.base ? { kind: "tree" as const, tree } : await mergeTrees(side, joined, next);
    if (merged.kind === "conflict") return merged;
    joined = await commit(side, { tree: merged.tree, parent: side.base, message: "accepted work", atMs: 0 });
  }
  return { kind: "joined", commit: joined };
}

async function mergeTrees(
  side: SideRepository,
  ours: string,
  theirs: string,
): Promise<{ readonly kind: "tree"; readonly tree: string } | Extract<Joined, { readonly kind: "conflict" }>> {
  const result = await runGit(callOf(side, { words: ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", ours, theirs] }));
  const [tree = "", ...paths] = Buffer.from(result.stdout).toString("utf8").split("\0");
  if (result.exitCode === 0) return { kind: "tree", tree: tree.trim() };
  if (result.exitCode !== 1) throw gitFailure("merge-tree", result);
  return { kind: "conflict", paths: [...new Set(paths.filter((one) => one !== ""))].slice(0, maxConflicts) };
}
