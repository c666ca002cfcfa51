import type { Json } from "../../core/shared/json.ts";
import type { SkippedFact } from "../../core/shared/repository-facts.ts";

/** One commit of a repository with the history that came with it. */
export interface LocatedRepository {
  readonly kind: "git-repository";
  /** What people call it; shown, never opened. */
  readonly name: string;
  /** The commit's files, laid out without a `.git`, without symlinks. */
  readonly treeDirectory: string;
  /** Bare, with settings of ours alone. */
  readonly gitDirectory: string;
  readonly commit: string;
  readonly commits: number;
  readonly shallow: boolean;
  /** Commits whose parents were left out of a shallow clone. */
  readonly boundary: readonly string[];
  /** What is in the commit and not in the tree directory, and why. */
  readonly skipped: readonly SkippedFact[];
  /** The commit holds more files than were laid out. */
  readonly truncated: boolean;
}

/** An input of a request, laid out on this machine for the length of one attempt. Read-only by contract. */
export type LocatedInput =
  | LocatedRepository
  /** Also a repository without a commit. */
  | { readonly kind: "folder"; readonly name: string; readonly treeDirectory: string }
  | { readonly kind: "file"; readonly name: string; readonly path: string };

export interface AnalyserInput {
  readonly taskKey: string;
  /** By the names of the playbook's `inputs`. */
  readonly inputs: { readonly [name: string]: LocatedInput };
  /** Accepted outputs of the tasks this one depends on, by output name; only those with a JSON media type. */
  readonly upstream: { readonly [outputName: string]: Json };
  /** Empty, writable, removed by the caller afterwards. */
  readonly scratchDirectory: string;
  /** Work ends within 2 s of this, by throwing the signal's reason. */
  readonly signal: AbortSignal;
}

export interface AnalyserOutput {
  /** Exactly the outputs the plan's task names, in that order. Names are file names. */
  readonly outputs: readonly { readonly name: string; readonly mediaType: string; readonly body: string | Uint8Array }[];
  /** What the reader of the task should know: what was skipped and why. At most 50. */
  readonly notes: readonly string[];
}

/**
 * A `rules` executor's work on one task: the same input gives the same bytes, nothing outside `scratchDirectory` changes.
 *
 * @throws {Failure} `analyser.input-missing`, `analyser.upstream-missing`; whatever the input holds is an output, not a failure
 */
export type Analyser = (input: AnalyserInput) => Promise<AnalyserOutput>;
