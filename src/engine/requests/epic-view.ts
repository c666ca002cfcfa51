import { taskKind } from "../../core/execution/task.ts";
import { type Person, type Project, projectKindOf } from "../../core/oversight/person.ts";
import { type Epic, type EpicState, epicKind, epicLabel, epicLimits } from "../../core/requests/epic.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import { type NamedPerformer, type People, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

/** How far its requests have come; cancelled and rejected ones count for nothing. */
export interface EpicProgressView {
  readonly requests: number;
  readonly delivered: number;
  readonly tasks: number;
  readonly doneTasks: number;
}

export interface EpicRowView {
  readonly id: string;
  readonly label: string;
  readonly project: string;
  readonly state: EpicState;
  readonly title: string;
  readonly goal: string;
  readonly owner: NamedPerformer;
  readonly dueAtMs: number | null;
  readonly openedAtMs: number;
  readonly version: number;
  readonly progress: EpicProgressView;
}

export interface EpicsView {
  readonly schema: "xvc.epics/1";
  readonly items: readonly EpicRowView[];
  readonly nextCursor: string | null;
  readonly mayCreate: boolean;
}

export interface EpicDetailView extends EpicRowView {
  readonly schema: "xvc.epic/1";
  readonly reason: string;
  readonly requests: readonly {
    readonly id: string;
    readonly label: string;
    readonly title: string;
    readonly state: WorkRequest["state"];
    readonly tasks: number;
    readonly doneTasks: number;
  }[];
  readonly mayChange: boolean;
}

export interface EpicsQuery {
  readonly states?: readonly EpicState[] | undefined;
  readonly cursor?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
  readonly viewer: Person;
}

/** Work is planned by whoever may file requests. */
const mayPlan = (viewer: Person): boolean =>
  viewer.state === "active" && viewer.roles.some((role) => role !== "auditor" && role !== "agent");

/** A page of epics, newest first, with how far each has come. */
export async function epicsView(reader: Reader, { states, cursor, limit, viewer }: EpicsQuery): Promise<EpicsView> {
  const rows = await reader.find(epicKind, {
    newestFirst: true,
    limit: limit + 1,
    ...(states === undefined ? {} : { where: { state: states } }),
    ...(cursor === undefined ? {} : { afterId: cursor }),
  });
  const shown = rows.slice(0, limit);
  const around = await readAround(reader, shown);
  return {
    schema: "xvc.epics/1",
    items: shown.map((epic) => rowView(epic, around)),
    nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    mayCreate: mayPlan(viewer),
  };
}

/** One epic with its requests; undefined: there is none here. */
export async function epicDetailView(reader: Reader, id: string, viewer: Person): Promise<EpicDetailView | undefined> {
  const epic = await reader.get(epicKind, id);
  if (epic === undefined) return undefined;
  const around = await readAround(reader, [epic]);
  const row = rowView(epic, around);
  return {
    ...row,
    schema: "xvc.epic/1",
    reason: epic.reason,
    requests: (around.requests.get(epic.id) ?? []).map((request) => {
      const { tasks, doneTasks } = around.work(request.id);
      return {
        id: request.id,
        label: requestLabel(row.project, request.number),
        title: request.title,
        state: request.state,
        tasks,
        doneTasks,
      };
    }),
    mayChange: mayPlan(viewer),
  };
}

interface Around {
  readonly people: People;
  readonly projects: ReadonlyMap<string, Project>;
  readonly requests: ReadonlyMap<string, readonly WorkRequest[]>;
  readonly work: (requestId: string) => { readonly tasks: number; readonly doneTasks: number };
}

/** Requests of all epics of one page. */
const maxRequests = 10_000;

async function readAround(reader: Reader, epics: readonly Epic[]): Promise<Around> {
  const ids = epics.map(({ id }) => id);
  const limit = Math.min(maxRequests, Math.max(1, ids.length * epicLimits.requests));
  const requests = ids.length === 0 ? [] : await reader.find(requestKind, { where: { epicId: ids }, limit });
  const [people, projects, tasks] = await Promise.all([
    readPeople(reader),
    reader.getMany(projectKindOf, [...new Set(epics.map(({ projectId }) => projectId))]),
    requests.length === 0 ? [] : reader.tally(taskKind, ["requestId", "state"], { where: { requestId: requests.map(({ id }) => id) } }),
  ]);
  const byRequest = Map.groupBy(tasks, ({ values: [requestId = ""] }) => requestId);
  return {
    people,
    projects: new Map(projects.map((project) => [project.id, project])),
    requests: Map.groupBy(requests, ({ epicId }) => epicId ?? ""),
    work(requestId) {
      const counted = (byRequest.get(requestId) ?? []).map(({ values: [, state = ""], count }) => ({ state, count }));
      const sum = (of: ReadonlySet<string>, has: boolean) =>
        counted.filter(({ state }) => of.has(state) === has).reduce((total, { count }) => total + count, 0);
      return { tasks: sum(dropped, false), doneTasks: sum(done, true) };
    },
  };
}

const dropped: ReadonlySet<string> = new Set(["cancelled", "proposed"]);
const done: ReadonlySet<string> = new Set(["passed", "integrated"]);
const gone: ReadonlySet<string> = new Set(["cancelled", "rejected"]);

function rowView(epic: Epic, around: Around): EpicRowView {
  const project = around.projects.get(epic.projectId)?.key ?? "?";
  const { id, number, state, title, goal, dueAtMs, openedAtMs, version } = epic;
  const live = (around.requests.get(id) ?? []).filter((request) => !gone.has(request.state));
  const work = live.map((request) => around.work(request.id));
  return {
    id,
    label: epicLabel(project, number),
    project,
    state,
    title,
    goal,
    owner: namedPerson(around.people, epic.ownerId),
    dueAtMs,
    openedAtMs,
    version,
    progress: {
      requests: live.length,
      delivered: live.filter((request) => request.state === "delivered" || request.state === "closed").length,
      tasks: work.reduce((sum, one) => sum + one.tasks, 0),
      doneTasks: work.reduce((sum, one) => sum + one.doneTasks, 0),
    },
  };
}
