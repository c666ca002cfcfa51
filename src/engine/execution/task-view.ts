import { type Task, taskKind } from "../../core/execution/task.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { type ExecutorKind, performerKey } from "../../core/personas/persona.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Reader } from "../ports/store.ts";
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
  readonly state?: Task["state"];
  readonly requestId?: string;
  /** Only what the viewer works on or could claim. */
  readonly mine?: boolean;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** Rows looked at for one page of `mine`: performer is no column, so the states that can be mine are filtered here. */
const maxScanned = 2_000;

const workStates = ["ready", "assigned", "running"] as const;

function readPage(reader: Reader, query: TaskQuery): Promise<readonly Task[]> {
  const states = query.state !== undefined ? [query.state] : query.mine === true ? workStates : undefined;
  return reader.find(taskKind, {
    where: { ...(states === undefined ? {} : { state: states }), ...(query.requestId === undefined ? {} : { requestId: query.requestId }) },
    newestFirst: true,
    limit: query.mine === true ? maxScanned : query.limit + 1,
    ...(query.cursor === undefined ? {} : { afterId: query.cursor }),
  });
}

/** A page of tasks, newest first. */
export async function taskPageView(reader: Reader, query: TaskQuery, viewerId: string): Promise<TaskPageView> {
  const rows = await readPage(reader, query);
  const [people, requests] = await Promise.all([
    readPeople(reader),
    reader.getMany(requestKind, [...new Set(rows.map((task) => task.requestId))]),
  ]);
  const requestOf = new Map<string, WorkRequest>(requests.map((request) => [request.id, request]));
  const projects = new Map(
    (await reader.getMany(projectKindOf, [...new Set(requests.map((request) => request.projectId))])).map((project) => [
      project.id as string,
      project,
    ]),
  );
  const all = rows.map((task) => {
    const request = requestOf.get(task.requestId);
    return taskRowView(task, { viewerId, people, request, project: request === undefined ? undefined : projects.get(request.projectId) });
  });
  const matching = query.mine === true ? all.filter((row) => row.mine || row.mayClaim) : all;
  const shown = matching.slice(0, query.limit);
  return { schema: "xvc.tasks/1", items: shown, nextCursor: matching.length > query.limit ? (shown.at(-1)?.id ?? null) : null };
}
