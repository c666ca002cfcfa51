import type { Bench } from "../assignment/choose-performer.ts";
import { makeReady, moveTask } from "../execution/dispatch-task.ts";
import { type Task, taskKind } from "../execution/task.ts";
import { type Authority, isActive } from "../oversight/authority.ts";
import type { Person } from "../oversight/person.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { planKind } from "../planning/plan.ts";
import { moveRequest } from "../requests/move-request.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import type { IntegrationSlice } from "./decide-integration.ts";
import { type Deliverable, deliverableKind } from "./deliverable.ts";

/** Sends delivered work back: the named tasks are done again. */
export interface ReopenRequest {
  readonly kind: "reopen-request";
  readonly requestId: string;
  /** Keys of the tasks to do again; at least one. */
  readonly taskKeys: readonly string[];
  readonly reason: string;
}

export interface ReopeningSlice extends IntegrationSlice {
  readonly deliverable: Deliverable;
  readonly person: Person | undefined;
  readonly bench: Bench;
  /** What the policies in force say of this person and this reopening. */
  readonly authority: Authority;
}

/** Reopens delivered work at the named tasks; what they feed is done again as well. */
export function decideReopening(slice: ReopeningSlice, command: ReopenRequest, context: DecideContext): Decided {
  const { request, plan, deliverable, tasks, authority } = slice;
  const refused = reopeningProblem(slice, command);
  if (refused !== null) return refused;
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const step = beginStep(context);
  recordDecision(step, {
    requestId: asId(request.id),
    subjectKind: "request",
    subjectId: request.id,
    question: `Reopen "${request.title}"?`,
    options: [{ id: "reopen-request", label: "Reopen" }],
    choice: "reopen-request",
    rationale: command.reason,
    evidence: {
      deliverableId: deliverable.id,
      files: deliverable.files.map(({ name, sha256 }) => ({ name, sha256 })),
      tasks: [...command.taskKeys],
    },
    authority: authority.rule,
    soloWaiver: false,
    basis: authority.basis,
  });
  step.draft.change(deliverableKind, deliverable, { state: "reopened" });
  step.draft.record(deliverableKind, deliverable, "deliverable.reopened", { requestId: request.id, reason: command.reason });
  const active = moveRequest(step, request, { to: "active", data: { reason: command.reason } });
  const again = withFollowers(tasks, command.taskKeys);
  const ids = new Set<string>(again.map((task) => task.id));
  for (const task of again)
    reopenTask(step, { task, request: active, bench: slice.bench, waitingOn: task.dependsOn.filter((id) => ids.has(id)).length }, command);
  step.draft.change(planKind, plan, { openSinks: plan.openSinks + again.filter((task) => task.dependents.length === 0).length });
  return step.draft.accept({ id: request.id, state: "active", again: again.map((task) => task.key) });
}

const isDone = (task: Task): boolean => task.state === "integrated" || task.state === "passed";

function reopeningProblem({ request, tasks, person }: ReopeningSlice, command: ReopenRequest): Refusal | null {
  if (!isActive(person)) return refuse("forbidden", "request.not-a-member", "Only an active member can reopen a request.");
  if (request.state !== "delivered" && request.state !== "closed")
    return refuse("conflict", "request.not-delivered", `The request is ${request.state}; only delivered work can be reopened.`);
  if (command.taskKeys.length === 0)
    return refuse("invalid", "request.nothing-to-reopen", "Name at least one task that is to be done again.");
  const done = new Set(tasks.filter(isDone).map((task) => task.key));
  const unknown = command.taskKeys.filter((key) => !done.has(key));
  if (unknown.length > 0)
    return refuse(
      "invalid",
      "request.nothing-to-reopen",
      `${unknown.join(", ")} was not delivered; only delivered tasks can be done again.`,
      { unknown },
    );
  return command.reason.trim() === "" ? refuse("invalid", "request.reason-missing", "Say what is wrong; the performer needs it.") : null;
}

/** The named tasks and everything that used their outputs, in plan order. `O(tasks + dependencies)`. */
export function withFollowers(tasks: readonly Task[], keys: readonly string[]): readonly Task[] {
  const byId = new Map<string, Task>(tasks.map((task) => [task.id, task]));
  const again = new Set<Task>();
  const queue = tasks.filter((task) => keys.includes(task.key));
  for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
    if (again.has(task) || !isDone(task)) continue;
    again.add(task);
    queue.push(...task.dependents.flatMap((id) => byId.get(id) ?? []));
  }
  return tasks.filter((task) => again.has(task)).toSorted((left, right) => left.ordinal - right.ordinal);
}

function reopenTask(
  step: Step,
  again: { readonly task: Task; readonly request: WorkRequest; readonly bench: Bench; readonly waitingOn: number },
  command: ReopenRequest,
): void {
  const { task, waitingOn } = again;
  const reworkPoints = command.taskKeys.includes(task.key) ? [{ id: "reopened", from: "requester", text: command.reason }] : [];
  moveTask(step, task, { to: "rework", event: "task.reopened", data: { reason: command.reason } });
  const reset = step.draft.change(taskKind, task, { waitingOn, attemptCount: 0, outputs: [], acceptedAtMs: null, reworkPoints });
  if (waitingOn === 0) makeReady(step, reset, again);
  else {
    moveTask(step, reset, { to: "waiting", event: "task.waiting", data: { reason: command.reason } });
    step.draft.change(taskKind, task, { performer: null, executor: null, assignment: null });
  }
}
