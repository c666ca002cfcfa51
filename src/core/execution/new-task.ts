import type { PlanTask } from "../planning/plan-document.ts";
import type { PlanId, RequestId, TaskId } from "../shared/ids.ts";
import type { Step } from "../shared/transition.ts";
import { type Task, taskKind } from "./task.ts";

/** What makes a task of a plan's entry. */
export interface NewTask {
  readonly id: TaskId;
  readonly requestId: RequestId;
  readonly planId: PlanId;
  readonly spec: PlanTask;
  readonly ordinal: number;
  readonly dependsOn: readonly TaskId[];
  readonly dependents: readonly TaskId[];
  readonly waitingOn: number;
}

/** A proposed task: written down, and nothing of it begun. */
export const createTask = ({ draft, context }: Step, made: NewTask): Task =>
  draft.create(taskKind, {
    ...made,
    key: made.spec.task,
    title: made.spec.title,
    state: "proposed",
    stateSinceMs: context.nowMs,
    blockedBy: null,
    blockers: [],
    performer: null,
    executor: null,
    assignment: null,
    attemptId: null,
    attemptNumber: 0,
    attemptCount: 0,
    round: 0,
    reworkPoints: [],
    answers: [],
    excludedPerformers: [],
    outputs: [],
    costMicro: 0,
    readyAtMs: null,
    startedAtMs: null,
    acceptedAtMs: null,
  });

/** A plan's entry with the ids that stand for its keys. */
export type WiredTask = Pick<NewTask, "id" | "spec" | "ordinal" | "dependsOn" | "dependents">;

/** Turns the keys of a plan into ids; dependencies that are not in it are left out. `O(tasks + dependencies)`. */
export function wireTasks(specs: readonly PlanTask[], idFor: (key: string) => TaskId): readonly WiredTask[] {
  const made = specs.map((spec) => ({ spec, id: idFor(spec.task) }));
  const ids = new Map(made.map(({ spec, id }) => [spec.task, id]));
  const dependents = new Map<string, TaskId[]>(specs.map((spec) => [spec.task, []]));
  for (const { spec, id } of made) for (const key of spec.dependencies) dependents.get(key)?.push(id);
  return made.map(({ spec, id }, index) => ({
    id,
    spec,
    ordinal: index + 1,
    dependsOn: spec.dependencies.flatMap((key) => ids.get(key) ?? []),
    dependents: dependents.get(spec.task) ?? [],
  }));
}
