import type { Json } from "../../core/shared/json.ts";

/** An input of a request, laid out on this machine for the length of one attempt. Read-only by contract. */
export type LocatedInput =
  | {
      readonly kind: "git-repository";
      /** What people call it; shown, never opened. */
      readonly name: string;
      /** The files of `commit`, checked out, without a `.git` inside. Exists and is empty when there is no commit. */
      readonly treeDirectory: string;
      /** A bare git directory that holds `commit` and the history that came with it. */
      readonly gitDirectory: string;
      /** Null: a repository without a commit. */
      readonly commit: string | null;
    }
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
