import type { Attempt } from "../../core/execution/attempt.ts";
import type { Task } from "../../core/execution/task.ts";
import type { ExecutorKind } from "../../core/personas/persona.ts";
import type { WorkRequest } from "../../core/requests/request.ts";
import { checksUnderWay } from "../execution/checks-under-way.ts";
import { type NamedPerformer, type People, namedPerformer } from "../oversight/people-view.ts";
import { blockedReason } from "../planning/plan-view.ts";

/** One task of `xvc.progress/1`; the names are the document's. */
export interface ProgressTaskView {
  readonly task: string;
  readonly task_id: string;
  readonly title: string;
  readonly status: Task["state"];
  readonly since: number;
  readonly blocked_by: readonly string[];
  readonly performer: NamedPerformer | null;
  readonly executor: ExecutorKind | null;
  /** What a person handed in is being checked by code; nobody has to do anything for it. */
  readonly checking: boolean;
  readonly gate: { readonly round: number; readonly passed: number; readonly failed: number; readonly waiting: number } | null;
  readonly started: number | null;
  readonly due: number | null;
  readonly forecast: number | null;
  readonly finished: number | null;
  readonly attempts: number;
  readonly cost_micro: number;
}

const passed = new Set<Task["state"]>(["passed", "integrated"]);
const over = new Set<Task["state"]>(["passed", "integrated", "cancelled", "failed"]);
const hourMs = 3_600_000;

/** When each unfinished task should be done: after its dependencies, by its likely estimate. Tasks in a cycle get none. `O(tasks + edges)`. */
export function forecastEnds(tasks: readonly Task[], nowMs: number): ReadonlyMap<string, number> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const left = new Map(tasks.map((task) => [task.id, task.dependsOn.filter((id) => byId.has(id)).length]));
  const ends = new Map<string, number>();
  const queue = tasks.filter((task) => left.get(task.id) === 0);
  for (let index = 0; index < queue.length; index++) {
    const task = queue[index];
    if (task === undefined) break;
    const start = task.dependsOn.reduce((latest, id) => Math.max(latest, ends.get(id) ?? 0), nowMs);
    const likelyMs = task.spec.estimate.likelyHours * hourMs;
    const end = task.startedAtMs === null ? start + likelyMs : Math.max(nowMs, task.startedAtMs + likelyMs);
    ends.set(task.id, over.has(task.state) ? nowMs : Math.round(end));
    for (const id of task.dependents) {
      const remaining = (left.get(id) ?? 0) - 1;
      left.set(id, remaining);
      const next = byId.get(id);
      if (remaining === 0 && next !== undefined) queue.push(next);
    }
  }
  return ends;
}

const isChecked = (task: Task, attempt: Attempt | undefined): boolean =>
  task.state === "running" && attempt !== undefined && checksUnderWay(attempt);

function gateOf(task: Task, attempt: Attempt | undefined): ProgressTaskView["gate"] {
  if (task.round === 0 || attempt === undefined) return null;
  const count = (verdict: string): number => attempt.checks.filter((check) => check.verdict === verdict).length;
  return { round: task.round, passed: count("pass"), failed: count("fail"), waiting: count("waiting") };
}

function blockersOf(task: Task, byId: ReadonlyMap<string, Task>): readonly string[] {
  if (task.state === "waiting")
    return task.dependsOn
      .flatMap((id) => byId.get(id) ?? [])
      .filter((one) => !passed.has(one.state))
      .map((one) => one.key);
  if (task.state !== "blocked") return [];
  return task.blockers.length > 0 ? task.blockers : [blockedReason(task) ?? "blocked"];
}

/** Every task of the plan as the progress document tells it, in the plan's order. */
export function progressTasks(facts: {
  readonly request: WorkRequest;
  readonly tasks: readonly Task[];
  readonly attempts: readonly Attempt[];
  readonly people: People;
  readonly nowMs: number;
}): readonly ProgressTaskView[] {
  const byId = new Map<string, Task>(facts.tasks.map((task) => [task.id, task]));
  const attempts = new Map<string, Attempt>(facts.attempts.map((attempt) => [attempt.id, attempt]));
  const ends = forecastEnds(facts.tasks, facts.nowMs);
  const present = (task: Task): Attempt | undefined => (task.attemptId === null ? undefined : attempts.get(task.attemptId));
  return facts.tasks.map((task) => ({
    task: task.key,
    task_id: task.id,
    title: task.title,
    status: task.state,
    since: task.stateSinceMs,
    blocked_by: blockersOf(task, byId),
    performer: namedPerformer(facts.people, task.performer),
    executor: task.executor,
    checking: isChecked(task, present(task)),
    gate: gateOf(task, present(task)),
    started: task.startedAtMs,
    due: over.has(task.state) ? null : facts.request.deadlineAtMs,
    forecast: over.has(task.state) ? null : (ends.get(task.id) ?? null),
    finished: task.acceptedAtMs,
    attempts: task.attemptCount,
    cost_micro: task.costMicro,
  }));
}
