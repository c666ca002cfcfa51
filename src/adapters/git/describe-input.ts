import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { GitHost } from "./git-command.ts";
import { locateInput } from "./locate-repository.ts";
import { openSource } from "./open-source.ts";
import type { SourceRepository } from "./open-source.ts";
import { countDirtyFiles } from "./worktree-changes.ts";

interface RepositoryDescription {
  readonly commit: string;
  /** Null: HEAD names a commit, not a branch. */
  readonly branch: string | null;
  readonly dirtyFiles: number;
}

/** What a path given as `--input` is. A repository that is bare and shallow is shallow, with `bare` saying the rest. */
export type InputDescription =
  | ({ readonly kind: "git-repository" | "bare-repository" } & RepositoryDescription)
  | ({ readonly kind: "shallow-repository"; readonly bare: boolean } & RepositoryDescription)
  | { readonly kind: "empty-repository"; readonly branch: string | null; readonly bare: boolean }
  | { readonly kind: "folder" }
  | { readonly kind: "file"; readonly bytes: number }
  /** Socket, pipe or device. */
  | { readonly kind: "special" }
  | { readonly kind: "missing" };

/**
 * Looks at one path and changes nothing there.
 * @throws {Failure} `input.unreadable`, `input.git-elsewhere`, `input.repository-damaged`, `input.repository-unsupported`
 */
export async function describeInput(host: GitHost, input: string): Promise<InputDescription> {
  const located = await locateInput(input);
  if (located.kind === "file") return { kind: "file", bytes: located.bytes };
  if (located.kind === "other") return { kind: "special" };
  if (located.kind !== "repository") return { kind: located.kind };
  return withScratch(async (scratch) => describeRepository(await openSource(host, located, path.join(scratch, "front"))));
}

async function describeRepository(source: SourceRepository): Promise<InputDescription> {
  const bare = source.located.workTree === null;
  const { branch, commit } = source;
  if (commit === null) return { kind: "empty-repository", branch, bare };
  const facts = { commit, branch, dirtyFiles: await countDirtyFiles(source) };
  if (source.shallow !== null) return { kind: "shallow-repository", bare, ...facts };
  return { kind: bare ? "bare-repository" : "git-repository", ...facts };
}

/** A directory of our own for as long as `work` takes. */
export async function withScratch<Value>(work: (scratch: string) => Promise<Value>): Promise<Value> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "xvc-input-"));
  try {
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
