import type { Bench } from "../assignment/choose-performer.ts";
import { alwaysReviewOf } from "../oversight/always-review.ts";
import { openItem } from "../oversight/open-item.ts";
import { type Plan, planKind } from "../planning/plan.ts";
import { moveRequest, startRequestJob } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import { invariant } from "../shared/failure.ts";
import type { Step } from "../shared/transition.ts";
import { makeReady, moveTask } from "./dispatch-task.ts";
import { type Task, taskKind } from "./task.ts";

/** What else a finished task may touch. `plan` is loaded only for tasks that nobody depends on. */
export interface Surroundings {
  readonly request: WorkRequest;
  readonly plan: Plan | undefined;
  /** The task's dependents, locked in id order. */
  readonly dependents: readonly Task[];
  readonly bench: Bench;
}

/** Counts one satisfied dependency down on each dependent; those at zero become ready. `O(dependents)`. */
export function releaseDependents(step: Step, around: Surroundings): void {
  for (const dependent of around.dependents) {
    const now = step.draft.current(taskKind, dependent);
    if (now.state !== "waiting" && now.state !== "blocked") continue;
    const waitingOn = now.waitingOn - 1;
    invariant(waitingOn >= 0, `task ${now.key} waits on fewer than no tasks`);
    step.draft.change(taskKind, now, { waitingOn });
    if (waitingOn === 0 && now.state === "waiting") makeReady(step, now, around);
  }
}

/** Counts a task down that nobody depends on; after the last one the request is integrated. */
export function closeSink(step: Step, task: Task, around: Surroundings): void {
  if (task.dependents.length > 0) return;
  invariant(around.plan !== undefined, "a sink task comes with its plan");
  const plan = step.draft.current(planKind, around.plan);
  const openSinks = plan.openSinks - 1;
  invariant(openSinks >= 0, `plan ${plan.id} has fewer than no open sinks`);
  integrateWhenDone(step, around.request, step.draft.change(planKind, plan, { openSinks }));
}

/** Starts the integration of an active request whose last task has ended; a paused one does so on resume. */
export function integrateWhenDone(step: Step, request: WorkRequest, plan: Plan): void {
  const now = step.draft.current(requestKind, request);
  if (plan.openSinks === 0 && now.state === "active") startRequestJob(step, moveRequest(step, now, { to: "integrating" }));
}

/**
 * Blocks what depended on a task that will not be done, and proposes the ways on in the inbox: nothing is stranded.
 */
export function blockDependents(
  step: Step,
  task: Task,
  { around, reason }: { readonly around: Surroundings; readonly reason: string },
): void {
  const { draft } = step;
  const blocked: Task[] = [];
  for (const dependent of around.dependents) {
    const { state, blockers } = draft.current(taskKind, dependent);
    if (state !== "waiting" && state !== "blocked") continue;
    if (state === "waiting") moveTask(step, dependent, { to: "blocked", event: "task.blocked", data: { reason, blockedBy: task.key } });
    blocked.push(draft.change(taskKind, dependent, { blockedBy: "dependency", blockers: [...blockers, task.key] }));
  }
  if (blocked.length === 0) return;
  openItem(step, {
    kind: "patch",
    requestId: task.requestId,
    subjectKind: "task",
    subjectId: task.id,
    title: `${blocked.length} ${blocked.length === 1 ? "task waits" : "tasks wait"} for "${task.title}", which will not be done`,
    detail: `${reason} Waiting: ${blocked
      .slice(0, 20)
      .map((one) => one.title)
      .join(", ")}.`,
    ruleId: "planning.dependency-ended",
    choices: [
      { id: "go-on", label: "Go on without it: drop the dependency", needs: "reason" },
      { id: "cancel", label: "Cancel the waiting tasks and what follows them", needs: "reason" },
      ...(draft.current(taskKind, task).state === "failed"
        ? [{ id: "retry", label: "Try the failed task again", needs: "nothing" } as const]
        : []),
    ],
    risk: "medium",
    divisions: task.spec.division === undefined ? [] : [task.spec.division],
    alwaysReview: alwaysReviewOf(blocked.map((one) => one.spec)),
    evidence: { blocked: blocked.map((one) => one.key) },
  });
}

/** Takes a decided blocker off a dependent; with none left it waits again for its other dependencies. */
export function liftBlocker(step: Step, dependent: Task, { key, reason }: { readonly key: string; readonly reason: string }): Task {
  const now = step.draft.current(taskKind, dependent);
  const blockers = now.blockers.filter((one) => one !== key);
  const lifted = step.draft.change(taskKind, now, { blockers, blockedBy: blockers.length > 0 ? now.blockedBy : null });
  return blockers.length === 0 && lifted.state === "blocked"
    ? moveTask(step, lifted, { to: "waiting", event: "task.waiting", data: { reason } })
    : lifted;
}
