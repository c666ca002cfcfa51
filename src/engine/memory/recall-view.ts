import { taskKind } from "../../core/execution/task.ts";
import { decisionKind } from "../../core/oversight/decision.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import { personaName, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface RecalledView {
  readonly kind: "request" | "task" | "decision" | "persona" | "person";
  readonly address: string;
  readonly label: string;
  readonly title: string;
  readonly found: string;
  readonly state: string | null;
  readonly rehearsal: boolean;
}

export interface RecallView {
  readonly schema: "xvc.recall/1";
  readonly query: string;
  readonly items: readonly RecalledView[];
  readonly searched: readonly string[];
}

/** Hits shown of each kind. */
const maxHits = 20;
/** The newest rows whose whole text is looked through; titles of requests are searched all. */
const newest = { requests: 500, tasks: 1_000, decisions: 1_000, personas: 1_000 } as const;

/** Text before and after the words found. */
const around = 60;

/** The words with some text around them; null: not in it. */
export function excerpt(text: string, wanted: string): string | null {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return null;
  const from = Math.max(0, at - around);
  const to = Math.min(text.length, at + wanted.length + around);
  const piece = text.slice(from, to).replaceAll(/\s+/gu, " ").trim();
  return `${from > 0 ? "… " : ""}${piece}${to < text.length ? " …" : ""}`;
}

const firstExcerpt = (texts: readonly string[], wanted: string): string | null => {
  for (const text of texts) {
    const found = excerpt(text, wanted);
    if (found !== null) return found;
  }
  return null;
};

/** Searches what is cheap to search: a bounded number of rows of each kind, in any case, as one piece of text. */
export async function recallView(reader: Reader, wanted: string): Promise<RecallView> {
  const projects = new Map<string, string>(
    (await reader.find(projectKindOf, { limit: 1_000 })).map((project) => [project.id, project.key]),
  );
  const labelOf = (request: WorkRequest): string => requestLabel(projects.get(request.projectId) ?? "?", request.number);
  const requests = await findRequests(reader, wanted, labelOf);
  const rest = [
    await findTasks(reader, wanted, labelOf),
    await findDecisions(reader, wanted, labelOf),
    await findPerformers(reader, wanted),
  ];
  return {
    schema: "xvc.recall/1",
    query: wanted,
    items: [...requests, ...rest.flat()],
    searched: [
      "the titles of all requests",
      `the texts of the newest ${newest.requests} requests`,
      `the newest ${newest.tasks} tasks`,
      `the newest ${newest.decisions} decisions`,
      "people and personas",
    ],
  };
}

type LabelOf = (request: WorkRequest) => string;

async function findRequests(reader: Reader, wanted: string, labelOf: LabelOf): Promise<readonly RecalledView[]> {
  const titled = await reader.find(requestKind, { contains: { field: "title", text: wanted }, newestFirst: true, limit: maxHits });
  const recent = await reader.find(requestKind, { newestFirst: true, limit: newest.requests });
  const byId = new Map(titled.map((request) => [request.id, request]));
  for (const request of recent) if (isIn(request, wanted, labelOf)) byId.set(request.id, request);
  return [...byId.values()].slice(0, maxHits).map((request) => ({
    kind: "request" as const,
    address: `/requests/${labelOf(request)}`,
    label: labelOf(request),
    title: request.title,
    found: firstExcerpt([request.title, request.text, request.brief?.interpretation ?? ""], wanted) ?? labelOf(request),
    state: request.state,
    rehearsal: request.rehearsal,
  }));
}

const isIn = (request: WorkRequest, wanted: string, labelOf: LabelOf): boolean =>
  firstExcerpt([labelOf(request), request.title, request.text, request.brief?.interpretation ?? ""], wanted) !== null;

async function requestsOf(reader: Reader, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, WorkRequest>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  return new Map((await reader.getMany(requestKind, wanted)).map((request) => [request.id, request]));
}

async function findTasks(reader: Reader, wanted: string, labelOf: LabelOf): Promise<readonly RecalledView[]> {
  const tasks = await reader.find(taskKind, { newestFirst: true, limit: newest.tasks });
  const hits = tasks
    .flatMap((task) => {
      const found = firstExcerpt([task.title, task.key, ...task.spec.acceptance.map((criterion) => criterion.statement)], wanted);
      return found === null ? [] : [{ task, found }];
    })
    .slice(0, maxHits);
  const requests = await requestsOf(
    reader,
    hits.map(({ task }) => task.requestId),
  );
  return hits.map(({ task, found }) => {
    const request = requests.get(task.requestId);
    const label = `${request === undefined ? "?" : labelOf(request)}/${task.key}`;
    return {
      kind: "task",
      address: `/task/${label}`,
      label,
      title: task.title,
      found,
      state: task.state,
      rehearsal: request?.rehearsal ?? false,
    };
  });
}

async function findDecisions(reader: Reader, wanted: string, labelOf: LabelOf): Promise<readonly RecalledView[]> {
  const decisions = await reader.find(decisionKind, { newestFirst: true, limit: newest.decisions });
  const hits = decisions
    .flatMap((decision) => {
      const found = firstExcerpt([decision.question, decision.rationale, decision.authority], wanted);
      return found === null ? [] : [{ decision, found }];
    })
    .slice(0, maxHits);
  const requests = await requestsOf(
    reader,
    hits.map(({ decision }) => decision.requestId),
  );
  return hits.map(({ decision, found }) => {
    const request = requests.get(decision.requestId ?? "");
    return {
      kind: "decision",
      address: `/memory/decisions/${decision.id}`,
      label: request === undefined ? "" : labelOf(request),
      title: decision.question.slice(0, 1_000),
      found,
      state: decision.choice,
      rehearsal: request?.rehearsal ?? false,
    };
  });
}

async function findPerformers(reader: Reader, wanted: string): Promise<readonly RecalledView[]> {
  const hit = { label: "", state: null, rehearsal: false } as const;
  const people = [...(await readPeople(reader)).values()].flatMap((person) => {
    const found = person.state === "active" ? firstExcerpt([person.name], wanted) : null;
    return found === null
      ? []
      : [{ ...hit, kind: "person" as const, address: "/people", title: person.name, found: person.roles.join(", ") }];
  });
  const personas = (await reader.find(personaKind, { limit: newest.personas })).flatMap((persona) => {
    const texts = [persona.key, personaName(persona.key), persona.worldview, ...persona.specializations, ...persona.skills];
    const found = firstExcerpt(texts, wanted);
    return found === null
      ? []
      : [{ ...hit, kind: "persona" as const, address: `/personas/${persona.key}`, title: personaName(persona.key), found }];
  });
  return [...people.slice(0, maxHits), ...personas.slice(0, maxHits)];
}
