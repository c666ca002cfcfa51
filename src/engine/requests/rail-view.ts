import type { Attempt } from "../../core/execution/attempt.ts";
import type { Task } from "../../core/execution/task.ts";
import type { WorkRequest } from "../../core/requests/request.ts";
import type { StoredEvent } from "../ports/store.ts";
import { type Stage, stageOf, stages } from "./request-view.ts";

export interface RailStopView {
  readonly stage: Stage;
  readonly status: "done" | "current" | "ahead" | "skipped";
  readonly enteredAtMs: number | null;
  readonly spentMs: number;
}

/** What tells where a request was when. `events` are those of the request's own stream, oldest first. */
export interface RailFacts {
  readonly request: WorkRequest;
  readonly events: readonly StoredEvent[];
  readonly tasks: readonly Task[];
  /** The present attempt of each task. */
  readonly attempts: readonly Attempt[];
  readonly nowMs: number;
}

const earliest = (instants: readonly (number | null | undefined)[]): number | null => {
  let found: number | null = null;
  for (const instant of instants) if (typeof instant === "number" && (found === null || instant < found)) found = instant;
  return found;
};

const finished = new Set<Task["state"]>(["passed", "integrated", "cancelled", "failed", "in-review"]);

/** The stage with the tasks taken into account: nothing started yet is assignment, everything handed in is review. */
export function presentStage(request: Pick<WorkRequest, "state" | "pausedFrom">, tasks: readonly Task[]): Stage {
  const stage = stageOf(request);
  if (stage !== "execution" || tasks.length === 0) return stage;
  if (tasks.every((task) => task.startedAtMs === null)) return "assignment";
  return tasks.every((task) => finished.has(task.state)) && tasks.some((task) => task.state === "in-review") ? "review" : "execution";
}

/** The seven stages with when each was entered and how long the request has sat in it. `O(tasks)`. */
export function railView(facts: RailFacts): readonly RailStopView[] {
  const { request, tasks, attempts, nowMs } = facts;
  const first = (kind: string): number | null => facts.events.find((event) => event.kind === kind)?.atMs ?? null;
  const entered: { readonly [stage in Stage]: number | null } = {
    request: request.openedAtMs,
    analysis: first("request.analysing"),
    decomposition: first("request.planning"),
    assignment: first("request.active"),
    execution: earliest(tasks.map((task) => task.startedAtMs)),
    review: earliest([
      ...attempts.filter((attempt) => attempt.checks.length > 0).map((attempt) => attempt.endedAtMs),
      ...tasks.map((task) => task.acceptedAtMs),
    ]),
    integration: first("request.integrating"),
  };
  const over = ["delivered", "closed", "rejected", "cancelled"].includes(request.state);
  const current = presentStage(request, tasks);
  const endMs = over ? (request.deliveredAtMs ?? request.stateSinceMs) : nowMs;
  const position = over && request.state !== "delivered" && request.state !== "closed" ? lastEntered(entered) : stages.indexOf(current);
  return stages.map((stage, index) => {
    const enteredAtMs = entered[stage];
    const next = earliest(stages.slice(index + 1).map((later) => entered[later]));
    const spentMs = enteredAtMs === null ? 0 : Math.max(0, (next ?? endMs) - enteredAtMs);
    return { stage, status: statusOf({ index, position, over, entered: enteredAtMs !== null }), enteredAtMs, spentMs };
  });
}

const lastEntered = (entered: { readonly [stage in Stage]: number | null }): number =>
  stages.findLastIndex((stage) => entered[stage] !== null);

function statusOf(stop: {
  readonly index: number;
  readonly position: number;
  readonly over: boolean;
  readonly entered: boolean;
}): RailStopView["status"] {
  if (stop.index > stop.position) return stop.over ? "skipped" : "ahead";
  if (stop.index === stop.position && !stop.over) return "current";
  return stop.entered ? "done" : "skipped";
}
