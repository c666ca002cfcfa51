import { canonicalJson, type Json } from "../shared/json.ts";
import type { PlanTask } from "./plan-document.ts";

/** What differs between two versions of a plan, by the keys of their tasks. */
export interface PlanDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Fields that are not the same, in the order of the document. */
  readonly changed: readonly { readonly task: string; readonly fields: readonly string[] }[];
}

const textOf = (value: unknown): string => (value === undefined ? "" : canonicalJson(value as Json)); // fields of a plan are JSON

/** Compares two plans task by task; the order of tasks and of a field's names does not count. `O(tasks)`. */
export function diffPlans(before: readonly PlanTask[], after: readonly PlanTask[]): PlanDifference {
  const then = new Map(before.map((task) => [task.task, task]));
  const now = new Map(after.map((task) => [task.task, task]));
  return {
    added: [...now.keys()].filter((key) => !then.has(key)),
    removed: [...then.keys()].filter((key) => !now.has(key)),
    changed: [...now].flatMap(([task, spec]) => {
      const fields = changedFields(then.get(task), spec);
      return fields.length === 0 ? [] : [{ task, fields }];
    }),
  };
}

function changedFields(before: PlanTask | undefined, after: PlanTask): readonly string[] {
  if (before === undefined) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as ReadonlySet<keyof PlanTask>; // keys of two tasks
  return [...names].filter((name) => textOf(before[name]) !== textOf(after[name]));
}

export const isSamePlan = ({ added, removed, changed }: PlanDifference): boolean => added.length + removed.length + changed.length === 0;
