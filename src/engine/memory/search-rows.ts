import { type Sprint, sprintKind, sprintLabel } from "../../core/execution/sprint.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { type Deliverable, deliverableKind } from "../../core/integration/deliverable.ts";
import { type EntityRecord, entityKindOf, entityLabel } from "../../core/memory/entity.ts";
import { type Fact, factKind } from "../../core/memory/fact.ts";
import { type Decision, decisionKind } from "../../core/oversight/decision.ts";
import { type Objective, objectiveKind, objectiveLabel } from "../../core/oversight/objective.ts";
import { type Person, personKind, projectKindOf } from "../../core/oversight/person.ts";
import { type Principle, principleKind, principleLabel } from "../../core/oversight/principle.ts";
import { type Persona, personaKind } from "../../core/personas/persona.ts";
import { type Playbook, playbookKind } from "../../core/planning/plan.ts";
import { type Comment, commentKind } from "../../core/requests/comment.ts";
import { type Epic, epicKind, epicLabel } from "../../core/requests/epic.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import type { Reader } from "../ports/store.ts";

export type SearchedKind =
  | "request"
  | "task"
  | "decision"
  | "comment"
  | "entity"
  | "epic"
  | "sprint"
  | "fact"
  | "deliverable"
  | "objective"
  | "principle"
  | "persona"
  | "playbook"
  | "person";

/** What people call a row that was found, and where it opens. */
export interface FoundRow {
  readonly label: string;
  /** Where the row's own text has none. */
  readonly title: string;
  readonly address: string;
  readonly state: string | null;
  readonly rehearsal: boolean;
}

/** What is known about the surroundings of the rows found. */
interface Around {
  readonly projectKey: (id: string | null) => string;
  readonly request: (id: string | null) => WorkRequest | undefined;
  readonly isLatest: (row: Persona | Playbook) => boolean;
}

type Describe<Row extends Entity> = (row: Row, around: Around, projectId: string | null) => FoundRow | null;

interface Describer {
  readonly kind: EntityKind<Entity>;
  readonly describe: Describe<Entity>;
  /** The request that the row belongs to. */
  readonly requestIdOf: (row: Entity) => string | null;
}

function describer<Row extends Entity>(
  kind: EntityKind<Row>,
  describe: Describe<Row>,
  requestIdOf: (row: Row) => string | null = () => null,
): Describer {
  return { kind, describe, requestIdOf } as unknown as Describer; // rows of a kind reach only the describer of that kind
}

const labelOf = (request: WorkRequest | undefined, { projectKey }: Around): string =>
  request === undefined ? "" : requestLabel(projectKey(request.projectId), request.number);

const plain = { state: null, rehearsal: false } as const;

/** A row that is shown at its request. */
const atRequest = (row: { readonly requestId: string; readonly state: string }, around: Around, what: string): FoundRow => {
  const request = around.request(row.requestId);
  const label = labelOf(request, around);
  const title = `${what} ${request?.title ?? label}`;
  return { label, title, address: `/requests/${label}`, state: row.state, rehearsal: request?.rehearsal ?? false };
};

const describers: Readonly<Record<SearchedKind, Describer>> = {
  request: describer<WorkRequest>(requestKind, (row, around) => {
    const label = labelOf(row, around);
    return { label, title: row.title, address: `/requests/${label}`, state: row.state, rehearsal: row.rehearsal };
  }),
  task: describer<Task>(
    taskKind,
    (row, around) => {
      const request = around.request(row.requestId);
      const label = `${labelOf(request, around)}/${row.key}`;
      return { label, title: row.title, address: `/task/${label}`, state: row.state, rehearsal: request?.rehearsal ?? false };
    },
    (row) => row.requestId,
  ),
  decision: describer<Decision>(
    decisionKind,
    (row, around) => {
      const request = around.request(row.requestId);
      const rehearsal = request?.rehearsal ?? false;
      return { label: labelOf(request, around), title: row.question, address: `/memory/decisions/${row.id}`, state: row.choice, rehearsal };
    },
    (row) => row.requestId,
  ),
  comment: describer<Comment>(
    commentKind,
    (row, around) => atRequest(row, around, "Comment on"),
    (row) => row.requestId,
  ),
  deliverable: describer<Deliverable>(
    deliverableKind,
    (row, around) => atRequest(row, around, "Deliverable of"),
    (row) => row.requestId,
  ),
  entity: describer<EntityRecord>(entityKindOf, (row) => ({
    label: entityLabel(row),
    title: row.title,
    address: `/entities/${row.id}`,
    state: row.state,
    rehearsal: false,
  })),
  epic: describer<Epic>(epicKind, (row, { projectKey }, projectId) => {
    const label = epicLabel(projectKey(projectId), row.number);
    return { ...plain, label, title: row.title, address: `/epics/${label}`, state: row.state };
  }),
  sprint: describer<Sprint>(sprintKind, (row, { projectKey }, projectId) => {
    const label = sprintLabel(projectKey(projectId), row.number);
    return { ...plain, label, title: row.title, address: `/sprints/${label}`, state: row.state };
  }),
  fact: describer<Fact>(factKind, (row) => ({
    ...plain,
    label: "",
    title: `${row.subjectName}: ${row.attribute}`,
    address: `/memory/facts/${row.id}`,
  })),
  objective: describer<Objective>(objectiveKind, (row) => {
    const label = objectiveLabel(row.number);
    return { ...plain, label, title: row.title, address: `/objectives/${label}`, state: row.state };
  }),
  principle: describer<Principle>(principleKind, (row) => ({
    ...plain,
    label: principleLabel(row.number),
    title: row.statement,
    address: "/objectives",
    state: row.state,
  })),
  persona: describer<Persona>(personaKind, (row, { isLatest }) =>
    isLatest(row) ? { ...plain, label: row.key, title: row.key.replaceAll("_", " "), address: `/personas/${row.key}` } : null,
  ),
  playbook: describer<Playbook>(playbookKind, (row, { isLatest }) =>
    isLatest(row) ? { ...plain, label: row.name, title: row.name.replaceAll("-", " "), address: "/playbooks" } : null,
  ),
  person: describer<Person>(personKind, (row) => ({ ...plain, label: row.name, title: row.name, address: "/people" })),
};

/** A row to be described. */
export interface RowPlace {
  readonly kind: string;
  readonly id: string;
  readonly projectId: string | null;
}

const maxProjects = 1_000;
/** Versions of the personas and playbooks found. */
const maxVersions = 1_000;

const isKnown = (kind: string): kind is SearchedKind => Object.hasOwn(describers, kind);

/**
 * The rows as people know them, by `kind id`, in a fixed number of queries. Left out: what the reader does not see, and versions
 * of personas and playbooks that are not the latest.
 */
export async function describeRows(reader: Reader, places: readonly RowPlace[]): Promise<ReadonlyMap<string, FoundRow>> {
  const kinds = [...new Set(places.map(({ kind }) => kind))].filter((kind) => isKnown(kind));
  const read = await Promise.all(
    kinds.map(async (kind) => {
      const ids = places.filter((place) => place.kind === kind).map(({ id }) => id);
      return (await reader.getMany(describers[kind].kind, ids)).map((row) => ({ kind, row }));
    }),
  );
  const rows = read.flat();
  const around = await surroundings(reader, rows);
  const projects = new Map(places.map(({ kind, id, projectId }) => [`${kind} ${id}`, projectId]));
  return new Map(
    rows.flatMap(({ kind, row }) => {
      const name = `${kind} ${row.id}`;
      const described = describers[kind].describe(row, around, projects.get(name) ?? null);
      return described === null ? [] : [[name, described] as const];
    }),
  );
}

async function surroundings(reader: Reader, rows: readonly { readonly kind: SearchedKind; readonly row: Entity }[]): Promise<Around> {
  const requestIds = rows.map(({ kind, row }) => describers[kind].requestIdOf(row)).filter((id) => id !== null);
  const namesOf = (kind: SearchedKind): readonly string[] =>
    rows.flatMap(({ kind: own, row }) => (own === kind ? [nameOf(row as Persona | Playbook)] : [])); // asked of these two kinds only
  const [personaNames, playbookNames] = [namesOf("persona"), namesOf("playbook")];
  const [projects, requests, personas, playbooks] = await Promise.all([
    reader.find(projectKindOf, { limit: maxProjects }),
    reader.getMany(requestKind, [...new Set(requestIds)]),
    personaNames.length === 0 ? [] : reader.find(personaKind, { where: { key: personaNames }, limit: maxVersions }),
    playbookNames.length === 0 ? [] : reader.find(playbookKind, { where: { name: playbookNames }, limit: maxVersions }),
  ]);
  const keys = new Map<string, string>(projects.map((project) => [project.id, project.key]));
  const byId = new Map<string, WorkRequest>(requests.map((request) => [request.id, request]));
  // In the order of ids, hence of their making: the last one of a name stays.
  const latest = new Map<string, string>([...personas, ...playbooks].map((row) => [versionsOf(row), row.id]));
  return {
    projectKey: (id) => keys.get(id ?? "") ?? "?",
    request: (id) => byId.get(id ?? ""),
    isLatest: (row) => latest.get(versionsOf(row)) === row.id,
  };
}

const nameOf = (row: Persona | Playbook): string => ("personaVersion" in row ? row.key : row.name);

/** What all versions of one have in common. */
const versionsOf = (row: Persona | Playbook): string => `${"personaVersion" in row ? "persona" : "playbook"} ${nameOf(row)}`;
