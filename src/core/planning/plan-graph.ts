import type { PlanTask } from "./plan-document.ts";

/** The order in which tasks can be done, or the cycle that prevents any. */
export type TaskOrder =
  | { readonly kind: "ordered"; readonly keys: readonly string[] }
  | { readonly kind: "cyclic"; readonly cycle: readonly string[] };

/**
 * Orders tasks so that each comes after its dependencies; ties keep the plan's order. Unknown dependencies are ignored.
 * `O(tasks + dependencies)`. Source: Kahn, Topological sorting of large networks, CACM 1962.
 */
export function orderTasks(tasks: readonly Pick<PlanTask, "task" | "dependencies">[]): TaskOrder {
  const byKey = new Map(tasks.map((task) => [task.task, task]));
  const open = new Map<string, number>();
  const followers = new Map<string, string[]>([...byKey.keys()].map((key) => [key, []]));
  for (const task of byKey.values()) {
    const needs = new Set(task.dependencies.filter((key) => byKey.has(key)));
    open.set(task.task, needs.size);
    for (const key of needs) followers.get(key)?.push(task.task);
  }
  const keys = [...byKey.keys()].filter((key) => open.get(key) === 0);
  // The list grows while it is walked; each task comes in once, when its last dependency has.
  for (const key of keys) {
    for (const follower of followers.get(key) ?? []) {
      const left = (open.get(follower) ?? 0) - 1;
      open.set(follower, left);
      if (left === 0) keys.push(follower);
    }
  }
  if (keys.length === byKey.size) return { kind: "ordered", keys };
  return { kind: "cyclic", cycle: findCycle(byKey, new Set(keys)) };
}

/** Walks dependencies among the unordered tasks until one repeats; each of them has one, or it would have been ordered. */
function findCycle(byKey: ReadonlyMap<string, Pick<PlanTask, "task" | "dependencies">>, ordered: ReadonlySet<string>): readonly string[] {
  const path: string[] = [];
  const seen = new Set<string>();
  let key = [...byKey.keys()].find((candidate) => !ordered.has(candidate));
  while (key !== undefined && !seen.has(key)) {
    seen.add(key);
    path.push(key);
    key = byKey.get(key)?.dependencies.find((needed) => byKey.has(needed) && !ordered.has(needed));
  }
  return path.slice(path.indexOf(key ?? ""));
}
