import { outputSource } from "../../core/gate/agent.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { repositoryOf } from "../execution/agent-materials.ts";
import type { Worktrees } from "../ports/agent.ts";
import type { ContentStore } from "../ports/content.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Workspace } from "../ports/workspace.ts";

/** Where a criterion's command runs. */
export interface CheckedPlace {
  readonly path: string;
  /** Where the outputs are put. */
  readonly outputs: string;
  readonly readOnlyPaths: readonly string[];
  remove(): Promise<void>;
}

export interface CheckedPlaces {
  readonly content: ContentStore;
  readonly workspace: Workspace;
  /** Absent: changes of a repository are checked as files alone. */
  readonly worktrees?: Worktrees;
}

/** An empty folder; for a change of a repository, the repository with the change, so that its own tests can be run on it. */
export async function checkedPlace(
  { content, workspace, worktrees }: CheckedPlaces,
  { context, outputs }: { readonly context: AttemptContext; readonly outputs: readonly Artifact[] },
  signal: AbortSignal,
): Promise<CheckedPlace> {
  const change = outputs.find(({ name }) => outputSource(name) === "patch");
  if (change !== undefined && worktrees !== undefined) {
    const repository = repositoryOf(context, await workspace.locate(context.inputs, signal));
    if (repository !== null) {
      const worktree = await worktrees.open({ repository, patches: [await content.read(change.sha256)] }, signal);
      const { tree, outputs: folder, readOnlyPaths } = worktree;
      return { path: tree, outputs: folder, readOnlyPaths, remove: () => worktree.remove() };
    }
  }
  const scratch = await workspace.scratch();
  return { path: scratch.path, outputs: scratch.path, readOnlyPaths: [], remove: () => scratch.remove() };
}
