import type { PlanTaskDocument } from "../../../../contract/plan-contract.ts";

type Task = Pick<PlanTaskDocument, "task" | "dependencies">;

/** How deep each task stands under what it depends on: 0 depends on nothing. Tasks of a cycle stand at 0. `O(tasks + dependencies)`. Pure. */
export function planDepths(tasks: readonly Task[]): ReadonlyMap<string, number> {
  const known = new Set(tasks.map((task) => task.task));
  const left = new Map(tasks.map((task) => [task.task, task.dependencies.filter((key) => known.has(key)).length]));
  const dependents = dependentsOf(tasks);
  const queue = tasks.filter((task) => left.get(task.task) === 0).map((task) => task.task);
  const depths = new Map(tasks.map((task) => [task.task, 0]));
  // The queue grows while it is read: each task joins it once, when its last dependency is placed.
  for (const key of queue)
    for (const next of dependents.get(key) ?? []) {
      depths.set(next, Math.max(depths.get(next) ?? 0, (depths.get(key) ?? 0) + 1));
      left.set(next, (left.get(next) ?? 0) - 1);
      if (left.get(next) === 0) queue.push(next);
    }
  return depths;
}

function dependentsOf(tasks: readonly Task[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const task of tasks) for (const key of task.dependencies) dependents.set(key, [...(dependents.get(key) ?? []), task.task]);
  return dependents;
}
