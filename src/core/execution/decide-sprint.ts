import type { DecideContext } from "../shared/decide-context.ts";
import type { ProjectId } from "../shared/ids.ts";
import { isTerminal, mayMove } from "../shared/moves.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { type Sprint, type SprintClosing, type SprintState, sprintKind, sprintLimits, sprintMoves } from "./sprint.ts";
import { type Task, taskKind, taskMoves } from "./task.ts";

export interface CreateSprint {
  readonly kind: "create-sprint";
  readonly title: string;
  readonly goal: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly capacityHours: number;
}

/** Changes named fields; absent ones stay. */
export interface ChangeSprint {
  readonly kind: "change-sprint";
  readonly sprintId: string;
  readonly expectedVersion: number;
  readonly title?: string;
  readonly goal?: string;
  readonly startsAtMs?: number;
  readonly endsAtMs?: number;
  readonly capacityHours?: number;
}

export interface MoveSprint {
  readonly kind: "start-sprint" | "complete-sprint" | "cancel-sprint";
  readonly sprintId: string;
  readonly expectedVersion: number;
  /** May be empty, except to cancel. */
  readonly reason: string;
  /** The sprint that takes the tasks that are not done; null: none. */
  readonly moveToId: string | null;
}

/** Plans a task for a sprint; null: for none. */
export interface SetSprint {
  readonly kind: "set-sprint";
  readonly taskId: string;
  readonly sprintId: string | null;
}

export interface SprintMoveSlice {
  readonly sprint: Sprint;
  /** Its tasks; read when it ends. */
  readonly tasks: readonly Task[];
  /** The sprint that takes what is left. */
  readonly next: Sprint | undefined;
  /** Tasks that `next` has already. */
  readonly nextCount: number;
}

/** Plans a box of time. */
export function decideNewSprint(
  slice: { readonly projectId: ProjectId; readonly open: number; readonly nextNumber: number },
  command: CreateSprint,
  context: DecideContext,
): Decided {
  const problem = fieldsProblem(command);
  if (problem !== null) return problem;
  if (slice.open >= sprintLimits.open)
    return refuse("exhausted", "sprint.too-many", `${sprintLimits.open} sprints have not ended, the most there can be; end one first.`);
  const { draft } = beginStep(context);
  const { title, goal, startsAtMs, endsAtMs, capacityHours } = command;
  const sprint = draft.create(sprintKind, {
    id: context.newId(),
    projectId: slice.projectId,
    number: slice.nextNumber,
    state: "planning",
    title: title.trim(),
    goal: goal.trim(),
    startsAtMs,
    endsAtMs,
    capacityHours,
    closing: null,
  });
  draft.record(sprintKind, sprint, "sprint.created", { number: sprint.number, title: sprint.title, capacityHours, startsAtMs, endsAtMs });
  return draft.accept({ id: sprint.id, number: sprint.number, state: sprint.state, version: sprint.version });
}

/** Changes a sprint that has not ended, by somebody who read its latest version. */
export function decideSprintChange({ sprint }: { readonly sprint: Sprint }, command: ChangeSprint, context: DecideContext): Decided {
  const fields = {
    title: command.title ?? sprint.title,
    goal: command.goal ?? sprint.goal,
    startsAtMs: command.startsAtMs ?? sprint.startsAtMs,
    endsAtMs: command.endsAtMs ?? sprint.endsAtMs,
    capacityHours: command.capacityHours ?? sprint.capacityHours,
  };
  const problem = raceProblem(sprint, command) ?? openProblem(sprint) ?? fieldsProblem(fields);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const changed = draft.change(sprintKind, sprint, { ...fields, title: fields.title.trim(), goal: fields.goal.trim() });
  const { startsAtMs, endsAtMs, capacityHours } = fields;
  draft.record(sprintKind, sprint, "sprint.changed", { number: sprint.number, title: changed.title, capacityHours, startsAtMs, endsAtMs });
  return draft.accept({ id: sprint.id, number: sprint.number, state: sprint.state, version: changed.version });
}

const targets: { readonly [kind in MoveSprint["kind"]]: SprintState } = {
  "start-sprint": "active",
  "complete-sprint": "completed",
  "cancel-sprint": "cancelled",
};

/** Starts, completes or cancels. With its end its figures are written down, and what is not done moves on or goes back. */
export function decideSprintMove(slice: SprintMoveSlice, command: MoveSprint, context: DecideContext): Decided {
  const { sprint } = slice;
  const to = targets[command.kind];
  const problem = raceProblem(sprint, command) ?? moveProblem(sprint, to) ?? endProblem(slice, command);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const closing = to === "active" ? null : closingOf(slice, command, context.nowMs);
  const moved = draft.change(sprintKind, sprint, { state: to, closing });
  if (to !== "active") for (const task of slice.tasks.filter(isLeft)) draft.change(taskKind, task, { sprintId: command.moveToId });
  draft.record(sprintKind, sprint, "sprint.moved", {
    number: sprint.number,
    from: sprint.state,
    to,
    reason: command.reason.trim(),
    ...(closing === null ? {} : { plannedHours: closing.plannedHours, doneHours: closing.doneHours, movedToId: closing.movedToId }),
  });
  return draft.accept({ id: sprint.id, number: sprint.number, state: to, version: moved.version });
}

/** Work that was accepted. */
export const isDone = (task: Pick<Task, "state">): boolean => task.state === "passed" || task.state === "integrated";

/** Work that is still to be done. */
const isLeft = (task: Pick<Task, "state">): boolean => !isDone(task) && !isTerminal(taskMoves, task.state);

/** Likely hours of a task's estimate. */
export const hoursOf = ({ spec }: Pick<Task, "spec">): number => spec.estimate.likelyHours;

/** Sum of likely hours, to a hundredth: halves of minutes are no plan. */
export const sumHours = (tasks: readonly Pick<Task, "spec">[]): number =>
  Math.round(tasks.reduce((sum, task) => sum + hoursOf(task), 0) * 100) / 100;

function closingOf(slice: SprintMoveSlice, command: MoveSprint, atMs: number): SprintClosing {
  const tasks = slice.tasks.filter(({ state }) => state !== "cancelled");
  const done = tasks.filter(isDone);
  return {
    atMs,
    tasks: tasks.length,
    doneTasks: done.length,
    plannedHours: sumHours(tasks),
    doneHours: sumHours(done),
    movedToId: command.moveToId,
    reason: command.reason.trim(),
  };
}

/** Plans a task for a sprint of its project, or takes it out. Saying what is so already changes nothing. */
export function decideSprintOfTask(
  slice: { readonly task: Task; readonly sprint: Sprint | undefined; readonly count: number },
  command: SetSprint,
  context: DecideContext,
): Decided {
  const { task, sprint } = slice;
  const { sprintId } = command;
  const { draft } = beginStep(context);
  const said = (): Decided => draft.accept({ id: task.id, state: task.state, sprintId });
  if ((task.sprintId ?? null) === sprintId) return said();
  const problem = sprintId === null ? null : (noSprint(sprint, sprintId) ?? takeProblem(slice));
  if (problem !== null) return problem;
  draft.change(taskKind, task, { sprintId });
  draft.record(taskKind, task, "task.sprint", {
    requestId: task.requestId,
    taskKey: task.key,
    sprintId,
    number: sprint?.number ?? null,
    title: sprint?.title ?? null,
  });
  return said();
}

const noSprint = (sprint: Sprint | undefined, id: string): Refusal | null =>
  sprint === undefined
    ? refuse("not-found", "sprint.not-found", `There is no sprint with the id ${id.slice(0, 60)} here.`)
    : openProblem(sprint);

function takeProblem({ task, count }: { readonly task: Task; readonly count: number }): Refusal | null {
  if (!isLeft(task)) return refuse("conflict", "sprint.task-ended", `The task is ${task.state}; a sprint takes what is still to be done.`);
  return count >= sprintLimits.tasks ? tooMany() : null;
}

const tooMany = (): Refusal =>
  refuse("exhausted", "sprint.too-many-tasks", `A sprint has at most ${sprintLimits.tasks} tasks; plan what is left for the next one.`);

function raceProblem(sprint: Sprint, { expectedVersion }: { readonly expectedVersion: number }): Refusal | null {
  if (sprint.version === expectedVersion) return null;
  return refuse("conflict", "sprint.changed-since", "This sprint was changed since you read it. Compare the two and send again.", {
    current: { title: sprint.title, goal: sprint.goal, state: sprint.state, version: sprint.version },
    yourVersion: expectedVersion,
  });
}

const openProblem = (sprint: Sprint): Refusal | null =>
  isTerminal(sprintMoves, sprint.state) ? refuse("conflict", "sprint.not-open", `The sprint is ${sprint.state}; plan the next one.`) : null;

const moveProblem = (sprint: Sprint, to: SprintState): Refusal | null =>
  mayMove(sprintMoves, sprint.state, to)
    ? null
    : refuse("conflict", "sprint.wrong-state", `The sprint is ${sprint.state} and cannot become ${to} from there.`);

function endProblem({ sprint, tasks, next, nextCount }: SprintMoveSlice, command: MoveSprint): Refusal | null {
  const { kind, reason, moveToId } = command;
  if (reason.length > sprintLimits.reasonLength || (kind === "cancel-sprint" && reason.trim() === ""))
    return refuse(
      "invalid",
      "sprint.reason-missing",
      `Say why, in at most ${sprintLimits.reasonLength} characters; it is kept with the sprint.`,
    );
  if (kind === "start-sprint" || moveToId === null) return null;
  if (next === undefined || next.id === sprint.id)
    return refuse("not-found", "sprint.not-found", "There is no other sprint with this id that could take what is left.");
  return openProblem(next) ?? (nextCount + tasks.filter(isLeft).length > sprintLimits.tasks ? tooMany() : null);
}

function fieldsProblem(fields: Pick<Sprint, "title" | "goal" | "startsAtMs" | "endsAtMs" | "capacityHours">): Refusal | null {
  const { title, goal, startsAtMs, endsAtMs, capacityHours } = fields;
  const { titleLength, goalLength } = sprintLimits;
  if (title.trim() === "" || title.length > titleLength || goal.length > goalLength)
    return refuse(
      "invalid",
      "sprint.bad-title",
      `A sprint has a title of at most ${titleLength} characters and a goal of at most ${goalLength}.`,
    );
  if (!Number.isSafeInteger(startsAtMs) || !Number.isSafeInteger(endsAtMs) || endsAtMs <= startsAtMs)
    return refuse("invalid", "sprint.bad-dates", "A sprint ends after it starts; give both days.");
  return Number.isFinite(capacityHours) && capacityHours >= 0 && capacityHours <= sprintLimits.capacityHours
    ? null
    : refuse("invalid", "sprint.bad-hours", `The capacity is 0 to ${sprintLimits.capacityHours} hours.`);
}
