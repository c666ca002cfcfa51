import type { CommitFact, CommitFileFact, HistoryFacts } from "../../core/shared/repository-facts.ts";
import { runGitToSuccess } from "./git-command.ts";
import type { GitHost } from "./git-command.ts";
import type { OpenedRepository } from "./opened-repository.ts";
import { pathText } from "./path-text.ts";
import { readEntries } from "./read-entries.ts";

export interface HistoryOptions {
  readonly maxCommits: number;
  /** File changes kept in all; a history made of huge commits is cut there. Default 2,000,000. */
  readonly maxChanges?: number;
  readonly signal?: AbortSignal;
}

const defaultMaxChanges = 2_000_000;

/**
 * The commits that HEAD reaches, newest first, with the files each changed; names as `.mailmap` has them. Merges list no
 * files. What changed against the parents beyond a shallow boundary is not told: such a commit would seem to add every file.
 */
export async function readHistory(host: GitHost, repository: OpenedRepository, options: HistoryOptions): Promise<HistoryFacts> {
  const log = historyReader({ maxCommits: options.maxCommits, maxChanges: options.maxChanges ?? defaultMaxChanges });
  await runGitToSuccess({
    host,
    gitDirectory: repository.gitDirectory,
    access: "read-only",
    words: [
      "log",
      `--max-count=${options.maxCommits + 1}`,
      "--date-order",
      "--numstat",
      "-z",
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      "--no-color",
      "--no-show-signature",
      "--no-notes",
      "--ignore-submodules=all",
      "--use-mailmap",
      "--format=tformat:%H%x00%aN%x00%aE%x00%at",
      repository.commit,
      "--",
    ],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onStdout: readEntries(log.take),
  });
  const { commits, truncated } = log.finish();
  const boundary = new Set(repository.boundary);
  const known = commits.map((commit) => (boundary.has(commit.sha) ? { ...commit, files: [] } : commit));
  return { commits: known, truncated: truncated || repository.shallow, shallow: repository.shallow };
}

interface OpenCommit extends Omit<CommitFact, "files"> {
  readonly files: CommitFileFact[];
}

interface HistoryReader {
  readonly take: (entry: Buffer) => boolean;
  readonly finish: () => { readonly commits: readonly CommitFact[]; readonly truncated: boolean };
}

/** Understands `SHA NUL name NUL mail NUL seconds NUL (LF? added TAB deleted TAB path NUL)*`, entry by entry. */
export function historyReader(limits: { readonly maxCommits: number; readonly maxChanges: number }): HistoryReader {
  const commits: OpenCommit[] = [];
  let head: string[] = [];
  let changes = 0;
  let truncated = false;
  const take = (entry: Buffer): boolean => {
    if (head.length > 0) {
      head.push(entry.toString("utf8"));
      if (head.length === 4) {
        commits.push(commitOf(head));
        head = [];
      }
      return true;
    }
    if (isSha(entry)) {
      truncated = commits.length === limits.maxCommits;
      head = [entry.toString("latin1")];
      return !truncated;
    }
    const file = changeOf(entry);
    if (file === null) return true;
    changes += 1;
    truncated = changes > limits.maxChanges;
    if (!truncated) commits.at(-1)?.files.push(file);
    return !truncated;
  };
  return { take, finish: () => ({ commits, truncated }) };
}

/** A change always holds a tab, so no file name can pass for a commit. */
const isSha = (entry: Buffer): boolean => (entry.length === 40 || entry.length === 64) && /^[0-9a-f]+$/.test(entry.toString("latin1"));

function commitOf([sha = "", authorName = "", authorEmail = "", seconds = ""]: readonly string[]): OpenCommit {
  const atMs = Number(seconds) * 1000;
  // Anybody can write any time into a commit; what no calendar holds counts as the epoch.
  return { sha, authorName, authorEmail, atMs: Number.isSafeInteger(atMs) && Math.abs(atMs) <= 8.64e15 ? atMs : 0, files: [] };
}

function changeOf(entry: Buffer): CommitFileFact | null {
  const start = entry[0] === 0x0a ? 1 : 0;
  const first = entry.indexOf("\t", start);
  const second = first === -1 ? -1 : entry.indexOf("\t", first + 1);
  if (second === -1) return null;
  const number = (from: number, to: number) => {
    const digits = entry.toString("latin1", from, to);
    return digits === "-" ? null : Number(digits);
  };
  return { path: pathText(entry.subarray(second + 1)).path, added: number(start, first), deleted: number(first + 1, second) };
}
