import type { TrackedFileFact } from "../../core/shared/repository-facts.ts";
import { runGitToSuccess } from "./git-command.ts";
import type { GitHost } from "./git-command.ts";
import type { OpenedRepository } from "./opened-repository.ts";
import { pathText } from "./path-text.ts";
import { readEntries } from "./read-entries.ts";

/** One entry of the commit's tree. */
export interface TrackedFile extends TrackedFileFact {
  /** The exact name, where `path` had to be written otherwise. */
  readonly raw?: Uint8Array;
  /** Of the blob; of a submodule its commit. */
  readonly sha: string;
  readonly executable: boolean;
}

export interface TrackedFiles {
  /** In git's order: by the bytes of the path. */
  readonly files: readonly TrackedFile[];
  /** The tree holds more than `maxFiles`. */
  readonly truncated: boolean;
}

export interface ListOptions {
  readonly maxFiles?: number;
  readonly signal?: AbortSignal;
}

const defaultMaxFiles = 500_000;

/** Every file of the commit, without reading one. A tree made to list without end is cut at `maxFiles`. */
export async function listFiles(
  host: GitHost,
  repository: Pick<OpenedRepository, "gitDirectory" | "commit">,
  options: ListOptions = {},
): Promise<TrackedFiles> {
  const maxFiles = options.maxFiles ?? defaultMaxFiles;
  const files: TrackedFile[] = [];
  let truncated = false;
  await runGitToSuccess({
    host,
    gitDirectory: repository.gitDirectory,
    access: "read-only",
    words: ["ls-tree", "-r", "-l", "-z", "--full-tree", repository.commit],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onStdout: readEntries((entry) => {
      if (files.length === maxFiles) {
        truncated = true;
        return false;
      }
      const file = parse(entry);
      if (file !== null) files.push(file);
      return true;
    }),
  });
  return { files, truncated };
}

/** `MODE SP TYPE SP SHA SP+ SIZE TAB PATH`; null for what only a broken tree can hold. */
function parse(entry: Buffer): TrackedFile | null {
  const tab = entry.indexOf("\t");
  const [mode, type, sha, size] = entry.subarray(0, Math.max(tab, 0)).toString("latin1").split(/ +/);
  if (mode === undefined || sha === undefined || type === "tree" || tab === entry.length - 1) return null;
  const bytes = size === undefined || size === "-" ? null : Number(size);
  return { ...pathText(entry.subarray(tab + 1)), kind: kindOf(mode), bytes, sha, executable: mode === "100755" };
}

function kindOf(mode: string): TrackedFile["kind"] {
  if (mode === "120000") return "symlink";
  return mode === "160000" ? "submodule" : "file";
}
