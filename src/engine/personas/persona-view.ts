import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { diffPersonas } from "../../core/personas/persona-diff.ts";
import { personaDocumentOf } from "../../core/personas/persona-document.ts";
import { type OnetElement, skillElements } from "../../core/personas/skill-vocabulary.ts";
import { type Persona, performerKey, personaKind } from "../../core/personas/persona.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { namedActor, readPeople } from "../oversight/people-view.ts";
import type { Reader, StoredEvent } from "../ports/store.ts";
import { type ProposalView, findPersona, proposalsView } from "./proposal-view.ts";
import { type PersonaStaffView, type StaffMeasures, personaStaffView } from "./staff-view.ts";

export interface PersonaVersionView {
  readonly version: number;
  readonly atMs: number;
  readonly by: string;
  readonly changed: readonly string[];
}

export interface WorkView {
  readonly attemptId: string;
  readonly taskLabel: string;
  readonly title: string;
  readonly number: number;
  readonly state: Attempt["state"];
  readonly executor: Attempt["executor"];
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly rehearsal: boolean;
}

export interface PersonaDetailView extends PersonaStaffView {
  readonly schema: "xvc.persona/1";
  readonly document: JsonObject;
  readonly meanings: readonly { readonly skill: string; readonly elements: readonly OnetElement[] }[];
  readonly retired: boolean;
  readonly libraryVersion: number | null;
  readonly proposals: readonly ProposalView[];
  readonly tools: readonly string[];
  readonly costPerHourMicro: number;
  readonly currency: string;
  readonly versions: readonly PersonaVersionView[];
  readonly work: readonly WorkView[];
}

const maxVersions = 20;
const maxWork = 30;

/** One persona whole: what it is, every version it had, what it did lately. @throws {Failure} `persona.not-found` */
export async function personaView(
  reader: Reader,
  key: string,
  around: { readonly measures: StaffMeasures; readonly currency: string },
): Promise<PersonaDetailView> {
  const persona = await findPersona(reader, key);
  return {
    schema: "xvc.persona/1",
    ...personaStaffView(persona, around.measures),
    document: personaDocumentOf(persona),
    meanings: persona.skills.map((skill) => ({ skill, elements: skillElements(skill) })),
    retired: persona.retired === true,
    libraryVersion: persona.libraryVersion ?? null,
    proposals: await proposalsView(reader, key),
    tools: persona.tools,
    costPerHourMicro: persona.costPerHourMicro,
    currency: around.currency,
    versions: await readVersions(reader, persona),
    work: await readWork(reader, performerKey({ kind: "persona", id: persona.key })),
  };
}

/** Every version with what it changed, the newest first: rows as they were right after each. */
async function readVersions(reader: Reader, persona: Persona): Promise<readonly PersonaVersionView[]> {
  const people = await readPeople(reader);
  const events = await reader.events({ subjectId: persona.id, newestFirst: true, limit: maxVersions });
  const rows: (Persona | undefined)[] = [];
  for (const event of events) rows.push(await reader.asOf(personaKind, persona.id, event.recordedAtMs));
  const versionOf = (event: StoredEvent, row: Persona | undefined): number =>
    typeof event.data["personaVersion"] === "number" ? event.data["personaVersion"] : (row?.personaVersion ?? 0);
  return events.map((event, at) => ({
    version: versionOf(event, rows[at]),
    atMs: event.atMs,
    by: namedActor(people, event.actor).name,
    changed: differences(rows[at + 1], rows[at]),
  }));
}

const differences = (before: Persona | undefined, after: Persona | undefined): readonly string[] =>
  before === undefined || after === undefined ? [] : diffPersonas(before, after).map(({ field }) => field);

/** The latest attempts of a performer, with their tasks. */
export async function readWork(reader: Reader, performer: string): Promise<readonly WorkView[]> {
  const attempts = await reader.find(attemptKind, { where: { performerKey: performer }, newestFirst: true, limit: maxWork });
  const tasks = new Map<string, Task>(
    (
      await reader.getMany(
        taskKind,
        attempts.map((attempt) => attempt.taskId),
      )
    ).map((task) => [task.id, task]),
  );
  const requests = new Map<string, WorkRequest>(
    (
      await reader.getMany(
        requestKind,
        attempts.map((attempt) => attempt.requestId),
      )
    ).map((request) => [request.id, request]),
  );
  const projects = await reader.getMany(
    projectKindOf,
    [...requests.values()].map((request) => request.projectId),
  );
  const keyOf = new Map<string, string>(projects.map((project) => [project.id, project.key]));
  return attempts.map((attempt) => {
    const request = requests.get(attempt.requestId);
    const task = tasks.get(attempt.taskId);
    const label = request === undefined ? "?" : requestLabel(keyOf.get(request.projectId) ?? "?", request.number);
    return {
      attemptId: attempt.id,
      taskLabel: `${label}/${task?.key ?? "?"}`,
      title: task?.title ?? "",
      number: attempt.number,
      state: attempt.state,
      executor: attempt.executor,
      startedAtMs: attempt.startedAtMs,
      endedAtMs: attempt.endedAtMs,
      rehearsal: request?.rehearsal ?? false,
    };
  });
}
