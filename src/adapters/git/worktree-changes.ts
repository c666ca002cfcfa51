import { copyFile } from "node:fs/promises";
import path from "node:path";
import { runGitToSuccess } from "./git-command.ts";
import type { GitCall } from "./git-command.ts";
import { inputFailure } from "./input-failure.ts";
import type { SourceRepository } from "./open-source.ts";
import { pathText } from "./path-text.ts";
import { readEntries } from "./read-entries.ts";

const maxUntracked = 100_000;
const maxInner = 1_000;

/** Files that differ from the commit: changed, added, removed and not yet tracked; what is ignored does not count. */
export async function countDirtyFiles(source: SourceRepository): Promise<number> {
  if (source.located.workTree === null || source.commit === null) return 0;
  let files = 0;
  await runGitToSuccess({
    ...worktreeCall(source),
    words: ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all"],
    onStdout: readEntries(() => (files += 1) > 0),
  });
  return files;
}

/** Without filters, submodules or an external program; the index refreshed by the call is its own copy. */
function worktreeCall(source: SourceRepository): Omit<GitCall, "words"> {
  const { workTree } = source.located;
  return workTree === null ? source.call : { ...source.call, workTree };
}

/**
 * One binary-safe patch from the commit to the work tree, untracked files included; applies with `git apply`. What is
 * ignored, submodules and repositories inside the work tree stay out; the latter are named in the answer.
 */
export async function writeWorktreePatch(
  source: SourceRepository,
  onStdout: (chunk: Uint8Array) => Promise<void>,
): Promise<readonly string[]> {
  const untracked: Buffer[] = [];
  const inner: string[] = [];
  await runGitToSuccess({
    ...worktreeCall(source),
    words: ["ls-files", "--others", "--exclude-standard", "-z"],
    onStdout: readEntries((entry) => {
      if (entry.at(-1) === 0x2f) inner.push(pathText(entry).path);
      else untracked.push(Buffer.from(entry), Buffer.of(0));
      return untracked.length <= 2 * maxUntracked && inner.length <= maxInner;
    }),
  });
  if (untracked.length > 2 * maxUntracked) throw tooMany(source.located.root);
  const call = await withOwnIndex(source);
  // Also brings the copy up to date with the files, or `diff-index` would list every file whose times differ.
  await runGitToSuccess({
    ...call,
    access: "read-write",
    words: ["update-index", "-q", "--add", "--ignore-missing", "--ignore-submodules", "-z", "--stdin"],
    input: Buffer.concat(untracked),
  });
  await runGitToSuccess({
    ...call,
    words: [
      "diff-index",
      "-p",
      "--binary",
      "--full-index",
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      "--ignore-submodules=all",
      "--src-prefix=a/",
      "--dst-prefix=b/",
      "HEAD",
      "--",
    ],
    onStdout,
  });
  return inner.map((name) => `${name} is a repository of its own inside the work tree and was left out of the patch.`);
}

/** Index and new objects in a place of our own, so that nothing is written to the foreign repository. */
async function withOwnIndex(source: SourceRepository): Promise<Omit<GitCall, "words">> {
  const front = source.call.gitDirectory;
  const index = path.join(front, "patch-index");
  await copyFile(path.join(front, "index"), index).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  return { ...worktreeCall(source), environment: { GIT_INDEX_FILE: index } };
}

const tooMany = (root: string) =>
  inputFailure(
    "invalid",
    "input.too-large",
    `${root} holds more than ${maxUntracked} files that are neither tracked nor ignored. Add them to .gitignore, or leave --worktree out.`,
  );
