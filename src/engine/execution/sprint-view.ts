import { isDone, hoursOf, sumHours } from "../../core/execution/decide-sprint.ts";
import { type Sprint, type SprintClosing, type SprintState, sprintKind, sprintLabel, sprintLimits } from "../../core/execution/sprint.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { type Person, projectKindOf } from "../../core/oversight/person.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import { type NamedPerformer, namedPerformer, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface SprintRowView {
  readonly id: string;
  readonly label: string;
  readonly project: string;
  readonly state: SprintState;
  readonly title: string;
  readonly goal: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly capacityHours: number;
  /** Likely hours of its tasks, and of those that were accepted. */
  readonly plannedHours: number;
  readonly doneHours: number;
  readonly tasks: number;
  readonly doneTasks: number;
  readonly version: number;
}

export interface SprintsView {
  readonly schema: "xvc.sprints/1";
  readonly items: readonly SprintRowView[];
  readonly nextCursor: string | null;
  readonly mayCreate: boolean;
}

export interface SprintTaskView {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly state: Task["state"];
  readonly performer: NamedPerformer | null;
  /** Likely hours of its estimate. */
  readonly hours: number;
  readonly acceptedAtMs: number | null;
}

export interface SprintDetailView extends SprintRowView {
  readonly schema: "xvc.sprint/1";
  readonly nowMs: number;
  readonly closing: SprintClosing | null;
  readonly taskRows: readonly SprintTaskView[];
  /** Hours left after each acceptance, from the start on; the present tasks alone. */
  readonly burndown: readonly { readonly atMs: number; readonly hours: number }[];
  readonly mayChange: boolean;
}

export interface SprintsQuery {
  readonly states?: readonly SprintState[] | undefined;
  readonly cursor?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
  readonly viewer: Person;
}

const mayPlan = (viewer: Person): boolean =>
  viewer.state === "active" && viewer.roles.some((role) => role !== "auditor" && role !== "agent");

/** Tasks of all sprints of one page. */
const maxTasks = 10_000;

/** A page of sprints, newest first, with hours planned and done. */
export async function sprintsView(reader: Reader, { states, cursor, limit, viewer }: SprintsQuery): Promise<SprintsView> {
  const rows = await reader.find(sprintKind, {
    newestFirst: true,
    limit: limit + 1,
    ...(states === undefined ? {} : { where: { state: states } }),
    ...(cursor === undefined ? {} : { afterId: cursor }),
  });
  const shown = rows.slice(0, limit);
  const ids = shown.map(({ id }) => id);
  const [tasks, projects] = await Promise.all([
    ids.length === 0 ? [] : reader.find(taskKind, { where: { sprintId: ids }, limit: maxTasks }),
    reader.getMany(projectKindOf, [...new Set(shown.map(({ projectId }) => projectId))]),
  ]);
  const keys = new Map(projects.map(({ id, key }) => [id, key]));
  const bySprint = Map.groupBy(tasks, ({ sprintId }) => sprintId ?? "");
  return {
    schema: "xvc.sprints/1",
    items: shown.map((sprint) => rowView(sprint, keys.get(sprint.projectId) ?? "?", bySprint.get(sprint.id) ?? [])),
    nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    mayCreate: mayPlan(viewer),
  };
}

/** A sprint that ended shows what was written down then: its tasks went on. */
function rowView(sprint: Sprint, project: string, tasks: readonly Task[]): SprintRowView {
  const { id, number, state, title, goal, startsAtMs, endsAtMs, capacityHours, version, closing } = sprint;
  const live = tasks.filter((task) => task.state !== "cancelled");
  const done = live.filter(isDone);
  return {
    id,
    label: sprintLabel(project, number),
    project,
    state,
    title,
    goal,
    startsAtMs,
    endsAtMs,
    capacityHours,
    plannedHours: closing?.plannedHours ?? sumHours(live),
    doneHours: closing?.doneHours ?? sumHours(done),
    tasks: closing?.tasks ?? live.length,
    doneTasks: closing?.doneTasks ?? done.length,
    version,
  };
}

/** One sprint with its tasks and what is left over time; undefined: there is none here. */
export async function sprintDetailView(
  reader: Reader,
  id: string,
  { viewer, nowMs }: { readonly viewer: Person; readonly nowMs: number },
): Promise<SprintDetailView | undefined> {
  const sprint = await reader.get(sprintKind, id);
  if (sprint === undefined) return undefined;
  const tasks = await reader.find(taskKind, { where: { sprintId: id }, limit: sprintLimits.tasks });
  const [project, requests, people] = await Promise.all([
    reader.get(projectKindOf, sprint.projectId),
    reader.getMany(requestKind, [...new Set(tasks.map(({ requestId }) => requestId))]),
    readPeople(reader),
  ]);
  const key = project?.key ?? "?";
  const numbers = new Map<string, number>(requests.map((request) => [request.id, request.number]));
  return {
    ...rowView(sprint, key, tasks),
    schema: "xvc.sprint/1",
    nowMs,
    closing: sprint.closing,
    taskRows: tasks.map((task) => ({
      id: task.id,
      label: `${requestLabel(key, numbers.get(task.requestId) ?? 0)}/${task.key}`,
      title: task.title,
      state: task.state,
      performer: namedPerformer(people, task.performer),
      hours: hoursOf(task),
      acceptedAtMs: task.acceptedAtMs,
    })),
    burndown: burndownOf(sprint, tasks),
    mayChange: mayPlan(viewer),
  };
}

function burndownOf(sprint: Sprint, tasks: readonly Task[]): SprintDetailView["burndown"] {
  const live = tasks.filter((task) => task.state !== "cancelled");
  let left = sumHours(live);
  const accepted = live
    .filter(isDone)
    .map((task) => ({ atMs: Math.max(sprint.startsAtMs, task.acceptedAtMs ?? sprint.startsAtMs), hours: hoursOf(task) }))
    .toSorted((one, other) => one.atMs - other.atMs);
  const points = accepted.map(({ atMs, hours }) => {
    left = Math.max(0, Math.round((left - hours) * 100) / 100);
    return { atMs, hours: left };
  });
  return [{ atMs: sprint.startsAtMs, hours: sumHours(live) }, ...points];
}
