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
import type { Reader } from "../ports/store.ts";
import { maxPersonaVersions } from "./persona-handlers.ts";
import { type ProposalView, findPersona, proposalsView } from "./proposal-view.ts";
import { type PersonaStaffView, type StaffMeasures, personaStaffView } from "./staff-view.ts";

export interface PersonaVersionView {
  readonly version: number;
  readonly atMs: number;
  readonly by: string;
  readonly changed: readonly string[];
  /** Why, as the person said; empty: nobody had to say. */
  readonly reason: string;
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

/** Every version with what it changed and why, the newest first; what is kept about a persona beside its document is no version. */
async function readVersions(reader: Reader, persona: Persona): Promise<readonly PersonaVersionView[]> {
  const [people, stored, events] = await Promise.all([
    readPeople(reader),
    reader.versions(personaKind, persona.id, { limit: maxPersonaVersions }),
    reader.events({ subjectId: persona.id, newestFirst: true, limit: maxPersonaVersions }),
  ]);
  return stored
    .flatMap(({ row, recordedAtMs, actor, cause }, at) => {
      const before = stored[at + 1]?.row;
      const changed = before === undefined ? [] : differences(before, row);
      if (before !== undefined && changed.length === 0) return [];
      const reason = events.find((event) => event.cause === cause)?.data["reason"];
      return [
        {
          version: row.personaVersion,
          atMs: recordedAtMs,
          by: namedActor(people, actor).name,
          changed,
          reason: typeof reason === "string" ? reason : "",
        },
      ];
    })
    .slice(0, maxVersions);
}

const differences = (before: Persona, after: Persona): readonly string[] => [
  ...diffPersonas(before, after).map(({ field }) => field),
  ...((before.retired === true) === (after.retired === true) ? [] : [after.retired === true ? "retired" : "restored"]),
];

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
