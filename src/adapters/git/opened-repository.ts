import type { SkippedFact } from "../../core/shared/repository-facts.ts";

/** A captured repository, laid out on this machine. */
export interface OpenedRepository {
  /** Bare, ours: settings of ours alone. */
  readonly gitDirectory: string;
  /** The commit's files byte for byte as committed: no filter, no line end, no link is made. */
  readonly treeDirectory: string;
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
