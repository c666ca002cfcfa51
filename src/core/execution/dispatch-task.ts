import { type Bench, choosePerformer } from "../assignment/choose-performer.ts";
import { type Clock, clockKind } from "../oversight/clock.ts";
import { openItem } from "../oversight/open-item.ts";
import { type Serving, servingVersion } from "../personas/candidacy.ts";
import type { ExecutorKind, Performer } from "../personas/persona.ts";
import type { WorkRequest } from "../requests/request.ts";
import { invariant } from "../shared/failure.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { mayMove } from "../shared/moves.ts";
import type { Step } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { type Task, type TaskState, taskKind, taskMoves } from "./task.ts";

/** Where a task goes, under which event, and what the event says beside the task. */
export interface TaskMove {
  readonly to: TaskState;
  readonly event: string;
  readonly data?: JsonObject;
}

/** Where dispatching happens: a request that is not active holds its ready tasks back. */
export interface Dispatching {
  readonly request: WorkRequest;
  readonly bench: Bench;
}

/** Moves a task along its machine and records it. */
export function moveTask({ draft, context }: Step, task: Task, { to, event, data = {} }: TaskMove): Task {
  const now = draft.current(taskKind, task);
  invariant(mayMove(taskMoves, now.state, to), `task ${now.state} -> ${to}`);
  draft.change(taskKind, now, { state: to, stateSinceMs: context.nowMs });
  return draft.record(taskKind, now, event, { requestId: now.requestId, taskKey: now.key, from: now.state, ...measured(now), ...data });
}

/** What metrics group tasks by, on every fact of a task, so that none has to be looked up as it was then. */
const measured = ({ spec }: Task): JsonObject => ({
  division: spec.division ?? null,
  origin: spec.origin,
  persona: spec.persona,
  likelyHours: spec.estimate.likelyHours,
});

/**
 * Makes a task ready and, unless its request is paused, gives it to a performer. Work of a person stays ready
 * until somebody claims it; everything else becomes a leased attempt with a job. Cost does not depend on the plan.
 */
export function makeReady(step: Step, task: Task, { request, bench, data = {} }: Dispatching & { readonly data?: JsonObject }): Task {
  moveTask(step, task, { to: "ready", event: "task.ready", data });
  const ready = step.draft.change(taskKind, task, {
    readyAtMs: step.context.nowMs,
    blockedBy: null,
    performer: null,
    executor: null,
    assignment: null,
  });
  return request.state === "paused" ? ready : assignReady(step, ready, bench);
}

/** Gives a ready task to the best performer; nobody left means a person decides. */
export function assignReady(step: Step, task: Task, bench: Bench): Task {
  const { draft } = step;
  const now = draft.current(taskKind, task);
  const choice = choosePerformer(now.spec, { ...bench, attempted: now.attemptCount }, now.excludedPerformers);
  if (choice.kind === "nobody") return escalateUnassignable(step, now, choice.reason);
  const given = draft.change(taskKind, now, {
    performer: choice.performer,
    executor: choice.executor,
    assignment: choice.reason,
    ...(typeof now.heldById === "string" ? { heldById: null } : {}),
  });
  if (choice.executor === "human")
    return draft.record(taskKind, given, "task.offered", { requestId: now.requestId, taskKey: now.key, persona: choice.performer.id });
  return leaseAttempt(step, given, { performer: choice.performer, executor: choice.executor, ...servingOf(step, choice, bench) });
}

/** Which version of a persona does it, by lot where a new one runs beside the old one. */
function servingOf(
  { context }: Step,
  { performer, executor }: { readonly performer: Performer; readonly executor: ExecutorKind },
  bench: Bench,
): Pick<NewAttempt, "serving"> {
  const persona = bench.personas.find(({ key }) => key === performer.id);
  if (persona === undefined) return {};
  const candidacy = bench.candidacies?.find(({ personaKey }) => personaKey === persona.key);
  return { serving: servingVersion(persona, { executor, candidacy, draw: () => context.draw?.() ?? 0 }) };
}

function escalateUnassignable(step: Step, task: Task, reason: string): Task {
  moveTask(step, task, { to: "blocked", event: "task.blocked", data: { reason } });
  openItem(step, {
    kind: "escalation",
    requestId: task.requestId,
    subjectKind: "task",
    subjectId: task.id,
    title: `Nobody can do "${task.title}"`,
    detail: reason,
    ruleId: "assignment.nobody-left",
    choices: [
      { id: "human", label: "Let a person do it", needs: "nothing" },
      { id: "anyone", label: "Try again with all performers", needs: "nothing" },
      { id: "cancel", label: "Cancel the task", needs: "reason" },
    ],
    risk: task.spec.risk,
  });
  return step.draft.change(taskKind, task, { blockedBy: "assignment" });
}

interface NewAttempt {
  readonly performer: Performer;
  readonly executor: ExecutorKind;
  /** Absent: a person does it. */
  readonly serving?: Serving;
}

/** A fresh attempt of a task; work of a person begins with its claim, everything else with its job. */
export function createAttempt({ draft, context }: Step, task: Task, by: NewAttempt): Attempt {
  const human = by.executor === "human";
  const attempt = draft.create(attemptKind, {
    id: context.newId(),
    taskId: asId(task.id),
    requestId: task.requestId,
    number: task.attemptNumber + 1,
    state: human ? "running" : "leased",
    performer: by.performer,
    executor: by.executor,
    epoch: human ? 0 : 1,
    handOvers: 0,
    startedAtMs: human ? context.nowMs : null,
    endedAtMs: null,
    interpretation: "",
    reworkPoints: task.reworkPoints,
    pointAnswers: {},
    outputs: [],
    checks: [],
    costMicro: 0,
    failure: null,
    notes: [],
    ...(by.serving === undefined ? {} : servedBy(by.serving)),
  });
  draft.change(taskKind, task, {
    attemptId: asId(attempt.id),
    attemptNumber: attempt.number,
    performer: by.performer,
    executor: by.executor,
  });
  return attempt;
}

const servedBy = ({ personaVersion, provisional, provenModels }: Serving): Partial<Attempt> => ({
  personaVersion,
  ...(provisional ? { provisional } : {}),
  ...(provenModels.length === 0 ? {} : { provenModels }),
});

/** Opens the next attempt of a ready task and enqueues its job. */
function leaseAttempt(step: Step, task: Task, by: NewAttempt): Task {
  const attempt = createAttempt(step, task, by);
  const told = {
    requestId: task.requestId,
    taskId: task.id,
    taskKey: task.key,
    number: attempt.number,
    performer: by.performer.id,
    executor: by.executor,
    personaVersion: attempt.personaVersion ?? null,
    provisional: attempt.provisional === true,
  };
  step.draft.record(attemptKind, attempt, "attempt.leased", told);
  step.draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch: attempt.epoch });
  return moveTask(step, task, { to: "assigned", event: "task.assigned", data: { performer: by.performer.id, executor: by.executor } });
}

/**
 * Ends an attempt whose work is no longer wanted; its epoch is dead with it. `clocks`: those that would end it, which have
 * nothing left to end, and to which a rehearsal's time would go on.
 */
export function cancelAttempt(
  { draft, context }: Step,
  attempt: Attempt,
  { reason, clocks }: { readonly reason: string; readonly clocks: readonly Clock[] },
): void {
  for (const clock of clocks) if (clock.subjectId === attempt.id) draft.change(clockKind, clock, { state: "withdrawn" });
  draft.change(attemptKind, attempt, { state: "cancelled", endedAtMs: context.nowMs });
  draft.record(attemptKind, attempt, "run.ended", { requestId: attempt.requestId, outcome: "cancelled", reason });
}
