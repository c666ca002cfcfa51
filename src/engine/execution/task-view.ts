import { type Task, taskKind } from "../../core/execution/task.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { type ExecutorKind, performerKey } from "../../core/personas/persona.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Filter, Reader } from "../ports/store.ts";
import { taggedRows } from "../memory/tagged-rows.ts";
import type { Tag } from "../../core/memory/tag.ts";
import { type NamedPerformer, type People, namedPerformer, readPeople } from "../oversight/people-view.ts";
import { blockedReason } from "../planning/plan-view.ts";

/** One row of the task list as its reader sees it. */
export interface TaskRowView {
  readonly id: string;
  readonly label: string;
  readonly task: string;
  readonly title: string;
  readonly requestId: string;
  readonly requestLabel: string;
  readonly requestTitle: string;
  readonly projectId: string;
  readonly state: Task["state"];
  readonly stateSinceMs: number;
  readonly blockedBy: string | null;
  readonly performer: NamedPerformer | null;
  readonly executor: ExecutorKind | null;
  readonly risk: "low" | "medium" | "high";
  readonly attemptCount: number;
  readonly round: number;
  readonly estimateHours: number;
  readonly costMicro: number;
  readonly mayClaim: boolean;
  readonly mine: boolean;
  readonly rehearsal: boolean;
}

export interface TaskPageView {
  readonly schema: "xvc.tasks/1";
  readonly items: readonly TaskRowView[];
  readonly nextCursor: string | null;
}

/** What a task row is shown with. */
export interface TaskSurroundings {
  readonly viewerId: string;
  readonly people: People;
  readonly request: WorkRequest | undefined;
  readonly project: Project | undefined;
}

/** Ready, meant for people, of running work, and never taken away from this viewer. */
const mayClaim = (task: Task, request: WorkRequest | undefined, viewerId: string): boolean =>
  task.state === "ready" &&
  task.executor === "human" &&
  request?.state === "active" &&
  !task.excludedPerformers.includes(performerKey({ kind: "person", id: viewerId }));

const isMine = (task: Task, viewerId: string): boolean =>
  task.performer?.kind === "person" && task.performer.id === viewerId && ["assigned", "running"].includes(task.state);

export function taskRowView(task: Task, around: TaskSurroundings): TaskRowView {
  const { request, project, people, viewerId } = around;
  const label = request === undefined ? "" : requestLabel(project?.key ?? "?", request.number);
  return {
    id: task.id,
    label: `${label}/${task.key}`,
    task: task.key,
    title: task.title,
    requestId: task.requestId,
    requestLabel: label,
    requestTitle: request?.title ?? "",
    projectId: request?.projectId ?? "",
    state: task.state,
    stateSinceMs: task.stateSinceMs,
    blockedBy: blockedReason(task),
    performer: namedPerformer(people, task.performer),
    executor: task.executor,
    risk: task.spec.risk,
    attemptCount: task.attemptCount,
    round: task.round,
    estimateHours: task.spec.estimate.likelyHours,
    costMicro: task.costMicro,
    mayClaim: mayClaim(task, request, viewerId),
    mine: isMine(task, viewerId),
    rehearsal: request?.rehearsal ?? false,
  };
}

export interface TaskQuery {
  readonly states?: readonly Task["state"][];
  readonly requestId?: string;
  /** `person:<id>` or `persona:<key>`. */
  readonly performer?: string;
  /** Only those that have this tag. */
  readonly tag?: Pick<Tag, "key" | "value">;
  /** Only what the viewer works on or could claim. */
  readonly mine?: boolean;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

const taggedOf = ({ tag }: Pick<TaskQuery, "tag">): Pick<Filter, "namedBy"> =>
  tag === undefined ? {} : { namedBy: [taggedRows(taskKind.name, tag)] };

const heldStates = ["assigned", "running"] as const;

/** A person's own work: what they hold and what is offered, each from its own index, as one list. */
async function readMine(reader: Reader, query: TaskQuery, viewerId: string): Promise<readonly Task[]> {
  const within = (states: readonly Task["state"][]) => states.filter((state) => query.states?.includes(state) ?? true);
  const page = {
    ...taggedOf(query),
    newestFirst: true,
    limit: query.limit + 1,
    ...(query.cursor === undefined ? {} : { afterId: query.cursor }),
  };
  const place = query.requestId === undefined ? {} : { requestId: query.requestId };
  const held = { ...place, performerKey: performerKey({ kind: "person", id: viewerId }), state: within(heldStates) };
  const [mine, offered] = await Promise.all([
    reader.find(taskKind, { where: held, ...page }),
    within(["ready"]).length === 0 ? [] : reader.find(taskKind, { where: { ...place, state: "ready", executor: "human" }, ...page }),
  ]);
  return [...mine, ...offered].toSorted((left, right) => (left.id < right.id ? 1 : -1));
}

function readPage(reader: Reader, query: TaskQuery, viewerId: string): Promise<readonly Task[]> {
  if (query.mine === true) return readMine(reader, query, viewerId);
  return reader.find(taskKind, {
    ...taggedOf(query),
    where: {
      ...(query.states === undefined ? {} : { state: query.states }),
      ...(query.requestId === undefined ? {} : { requestId: query.requestId }),
      ...(query.performer === undefined ? {} : { performerKey: query.performer }),
    },
    newestFirst: true,
    limit: query.limit + 1,
    ...(query.cursor === undefined ? {} : { afterId: query.cursor }),
  });
}

/** Tasks as rows, with what they are shown with: three queries, whatever their number. */
export async function taskRows(reader: Reader, tasks: readonly Task[], viewerId: string): Promise<readonly TaskRowView[]> {
  const [people, requests] = await Promise.all([
    readPeople(reader),
    reader.getMany(requestKind, [...new Set(tasks.map((task) => task.requestId))]),
  ]);
  const requestOf = new Map<string, WorkRequest>(requests.map((request) => [request.id, request]));
  const found = await reader.getMany(projectKindOf, [...new Set(requests.map((request) => request.projectId))]);
  const projects = new Map<string, Project>(found.map((project) => [project.id, project]));
  return tasks.map((task) => {
    const request = requestOf.get(task.requestId);
    return taskRowView(task, { viewerId, people, request, project: request === undefined ? undefined : projects.get(request.projectId) });
  });
}

/** A page of tasks, newest first. */
export async function taskPageView(reader: Reader, query: TaskQuery, viewerId: string): Promise<TaskPageView> {
  const rows = await readPage(reader, query, viewerId);
  const read = rows.slice(0, query.limit);
  const shown = await taskRows(reader, read, viewerId);
  return {
    schema: "xvc.tasks/1",
    // Offered work may belong to a request that rests, or to somebody from whom it was taken.
    items: query.mine === true ? shown.filter((row) => row.mine || row.mayClaim) : shown,
    nextCursor: rows.length > query.limit ? (read.at(-1)?.id ?? null) : null,
  };
}
