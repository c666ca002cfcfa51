/** An edit of a plan: what it was made from, what it says now, and what others did meanwhile. Pure. */
import type { PlanDocumentWire, PlanTaskDocument, PlanView } from "../../../../contract/plan-contract.ts";
import { type PlanProblem, planProblems } from "../../../../core/planning/check-plan.ts";
import { diffPlans, type PlanDifference } from "../../../../core/planning/diff-plans.ts";
import type { PlanTask } from "../../../../core/planning/plan-document.ts";
import { readPlan } from "../../../../core/planning/read-plan.ts";
import type { Json } from "../../../../core/shared/json.ts";

export interface PlanEdit {
  /** `documentSha256` of the plan that was changed. */
  readonly baseSha256: string;
  readonly base: readonly PlanTaskDocument[];
  readonly tasks: readonly PlanTaskDocument[];
}

export const beginEdit = (view: Pick<PlanView, "plan" | "document">): PlanEdit => ({
  baseSha256: view.plan.documentSha256,
  base: view.document.decomposition,
  tasks: view.document.decomposition,
});

/** What an older page may have left in a draft. */
export const isPlanEdit = (kept: unknown): kept is PlanEdit =>
  typeof kept === "object" && kept !== null && "baseSha256" in kept && "base" in kept && "tasks" in kept && Array.isArray(kept.tasks);

/** Tasks of the contract are those of core: both are read by the same rules. */
const asPlanTasks = (tasks: readonly PlanTaskDocument[]): readonly PlanTask[] => tasks as unknown as readonly PlanTask[];

export const difference = (before: readonly PlanTaskDocument[], after: readonly PlanTaskDocument[]): PlanDifference =>
  diffPlans(asPlanTasks(before), asPlanTasks(after));

/** What the server would say to it, by the server's own rules. */
export function editProblems(document: PlanDocumentWire, tasks: readonly PlanTaskDocument[]): readonly PlanProblem[] {
  const read = readPlan({ ...document, decomposition: tasks } as unknown as Json, "person", document.currency); // a plan is JSON
  return read.problems.length > 0 ? read.problems : planProblems(read.document);
}

/** One task with other fields; a new key is followed by those who depend on it. */
export function changeTask(
  tasks: readonly PlanTaskDocument[],
  key: string,
  fields: Partial<PlanTaskDocument>,
): readonly PlanTaskDocument[] {
  const renamed = fields.task;
  return tasks.map((task) => {
    if (task.task === key) return { ...task, ...fields };
    if (renamed === undefined || !task.dependencies.includes(key)) return task;
    return { ...task, dependencies: task.dependencies.map((one) => (one === key ? renamed : one)) };
  });
}

/** Without the task; whoever depended on it depends on what it depended on. */
export function removeTask(tasks: readonly PlanTaskDocument[], key: string): readonly PlanTaskDocument[] {
  const gone = tasks.find((task) => task.task === key);
  return tasks
    .filter((task) => task.task !== key)
    .map((task) =>
      task.dependencies.includes(key)
        ? { ...task, dependencies: [...new Set(task.dependencies.flatMap((one) => (one === key ? (gone?.dependencies ?? []) : [one])))] }
        : task,
    );
}

/** A new task after the chosen one, with defaults that core accepts. */
export function addTask(
  tasks: readonly PlanTaskDocument[],
  after: string | undefined,
): { readonly tasks: readonly PlanTaskDocument[]; readonly key: string } {
  const keys = new Set(tasks.map((task) => task.task));
  let number = tasks.length + 1;
  while (keys.has(`task_${number}`)) number += 1; // ends: there are finitely many keys
  const key = `task_${number}`;
  const made: PlanTaskDocument = {
    task: key,
    title: "New task",
    persona: "contributor",
    dependencies: after === undefined ? [] : [after],
    skills: [],
    tools: [],
    inputs: [],
    outputs: [`${key}.md`],
    estimate: { lowHours: 1, likelyHours: 4, highHours: 16 },
    costMicro: 0,
    acceptance: [{ id: "a1", statement: `${key}.md is there.`, check: { kind: "output", output: `${key}.md` } }],
    risk: "low",
    origin: "person",
    review: "checks",
    maxAttempts: 3,
  };
  const at = after === undefined ? tasks.length : tasks.findIndex((task) => task.task === after) + 1;
  return { tasks: [...tasks.slice(0, at), made, ...tasks.slice(at)], key };
}

export interface Merged {
  readonly tasks: readonly PlanTaskDocument[];
  /** Tasks that both changed; mine stands. */
  readonly contested: readonly string[];
}

/** My changes on top of what somebody else made of the same plan, task by task. */
export function mergeEdits(edit: PlanEdit, theirs: readonly PlanTaskDocument[]): Merged {
  const mine = difference(edit.base, edit.tasks);
  const other = difference(edit.base, theirs);
  const touchedByOther = new Set([...other.added, ...other.removed, ...other.changed.map((one) => one.task)]);
  const changed = new Set([...mine.added, ...mine.changed.map((one) => one.task)]);
  const byKey = new Map(edit.tasks.map((task) => [task.task, task]));
  const kept = theirs
    .filter((task) => !mine.removed.includes(task.task))
    .map((task) => (changed.has(task.task) ? (byKey.get(task.task) ?? task) : task));
  const there = new Set(kept.map((task) => task.task));
  const added = edit.tasks.filter((task) => changed.has(task.task) && !there.has(task.task));
  return {
    tasks: [...kept, ...added],
    contested: [...changed, ...mine.removed].filter((key) => touchedByOther.has(key)),
  };
}
