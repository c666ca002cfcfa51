import { type Task, taskKind } from "../../core/execution/task.ts";
import { personKind, type Project, projectKindOf } from "../../core/oversight/person.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { playbookKind } from "../../core/planning/plan.ts";
import { requestKind, requestLabel, type WorkRequest } from "../../core/requests/request.ts";
import { personaName } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface SearchHitView {
  readonly kind: "request" | "task" | "person" | "persona" | "playbook";
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly state: string | null;
  readonly rehearsal: boolean;
}

/** Found of one kind. */
const maxOfKind = 6;
/** Tasks whose titles are looked at, the latest first. */
const maxTasksRead = 100;
/** Requests under way whose tasks are looked at, besides those that were found: their tasks are read by index, whatever else there is. */
const maxActive = 20;
/** Projects whose keys are known to one search. */
const maxProjects = 1_000;

const holds = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};

/** What a text names: a request by label or number, a task as `ENG-42/backend`, or words. */
interface Asked {
  readonly text: string;
  readonly words: readonly string[];
  readonly projectKey: string | undefined;
  readonly number: number | undefined;
  readonly taskPart: string | undefined;
}

function askedBy(text: string): Asked {
  const [, projectKey, number, taskPart] = /^(?:([A-Za-z][A-Za-z0-9]{0,19})-)?(\d{1,9})(?:\/([\w.-]*))?$/u.exec(text) ?? [];
  return {
    text,
    words: text.toLowerCase().split(/\s+/u),
    projectKey: projectKey?.toUpperCase(),
    number: number === undefined ? undefined : Number(number),
    taskPart: taskPart?.toLowerCase(),
  };
}

/**
 * Things by their label, name or title, a few of each kind: for a palette, not a full-text search. Requests are found by any part of
 * their title; tasks by the request's label, or by title within the latest active requests and those found. Costs a fixed number of queries.
 */
export async function searchView(reader: Reader, text: string): Promise<readonly SearchHitView[]> {
  const asked = askedBy(text);
  const projects = new Map((await reader.find(projectKindOf, { limit: maxProjects })).map((project) => [project.id, project]));
  const requests = await requestsFound(reader, asked, projects);
  const tasks = await tasksFound(reader, asked, { requests, projects });
  const hits = asked.taskPart === undefined ? [...requests.map((request) => requestHit(request, projects)), ...tasks] : tasks;
  return asked.number === undefined ? [...hits, ...(await namesFound(reader, asked))] : hits;
}

const labelOf = (request: WorkRequest, projects: ReadonlyMap<string, Project>): string =>
  requestLabel(projects.get(request.projectId)?.key ?? "?", request.number);

const requestHit = (request: WorkRequest, projects: ReadonlyMap<string, Project>): SearchHitView => ({
  kind: "request",
  id: request.id,
  label: labelOf(request, projects),
  title: request.title,
  state: request.state,
  rehearsal: request.rehearsal,
});

async function requestsFound(reader: Reader, asked: Asked, projects: ReadonlyMap<string, Project>): Promise<readonly WorkRequest[]> {
  if (asked.number === undefined)
    return reader.find(requestKind, { contains: { field: "title", text: asked.text }, newestFirst: true, limit: maxOfKind });
  // A number is one request of each project; a key leaves one.
  const limit = asked.projectKey === undefined ? maxOfKind : maxProjects;
  const numbered = await reader.find(requestKind, { where: { number: asked.number }, newestFirst: true, limit });
  return numbered.filter((request) => asked.projectKey === undefined || projects.get(request.projectId)?.key === asked.projectKey);
}

interface Around {
  readonly requests: readonly WorkRequest[];
  readonly projects: ReadonlyMap<string, Project>;
}

async function tasksFound(reader: Reader, asked: Asked, { requests, projects }: Around): Promise<readonly SearchHitView[]> {
  const named = asked.number !== undefined;
  if (named && (asked.taskPart === undefined || requests.length === 0)) return [];
  const active = named ? [] : await reader.find(requestKind, { where: { state: "active" }, newestFirst: true, limit: maxActive });
  const requestIds = [...new Set([...requests, ...active].map((request) => request.id))];
  const read = await reader.find(taskKind, { where: { requestId: requestIds }, newestFirst: true, limit: maxTasksRead });
  const found = read.filter((task) => isMeant(task, asked)).slice(0, maxOfKind);
  const byId = new Map([...requests, ...active].map((request) => [request.id as string, request]));
  return found.flatMap((task) => {
    const request = byId.get(task.requestId);
    if (request === undefined) return [];
    const label = `${labelOf(request, projects)}/${task.key}`;
    return [{ kind: "task" as const, id: task.id, label, title: task.spec.title, state: task.state, rehearsal: request.rehearsal }];
  });
}

const isMeant = (task: Task, asked: Asked): boolean =>
  asked.taskPart === undefined ? holds(`${task.key} ${task.spec.title}`, asked.words) : task.key.toLowerCase().startsWith(asked.taskPart);

/** People, personas and playbooks by name; of a playbook and a persona the latest version. */
async function namesFound(reader: Reader, { text }: Asked): Promise<readonly SearchHitView[]> {
  const key = text.replaceAll(/\s+/gu, "_");
  const [people, personas, playbooks] = await Promise.all([
    reader.find(personKind, { contains: { field: "name", text }, where: { state: "active" }, limit: maxOfKind }),
    reader.find(personaKind, { contains: { field: "key", text: key }, newestFirst: true, limit: maxOfKind }),
    reader.find(playbookKind, { contains: { field: "name", text: key.replaceAll("_", "-") }, newestFirst: true, limit: maxOfKind }),
  ]);
  const plain = { state: null, rehearsal: false } as const;
  return [
    ...people.map((one) => ({ kind: "person" as const, id: one.id, label: one.name, title: one.email ?? "", ...plain })),
    ...oneOfEach(personas.map((one) => ({ kind: "persona" as const, id: one.id, label: one.key, title: personaName(one.key), ...plain }))),
    ...oneOfEach(
      playbooks.map((one) => ({ kind: "playbook" as const, id: one.id, label: one.name, title: personaName(one.name), ...plain })),
    ),
  ];
}

const oneOfEach = (hits: readonly SearchHitView[]): readonly SearchHitView[] => [...new Map(hits.map((hit) => [hit.label, hit])).values()];
