import {
  type KeyResult,
  type Objective,
  keyResultProgress,
  objectiveKind,
  objectiveLabel,
  objectiveProgress,
} from "../../core/oversight/objective.ts";
import { type Person, projectKindOf } from "../../core/oversight/person.ts";
import { type RequestState, requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Reader, StoredEvent } from "../ports/store.ts";
import { type Stage, stageOf } from "../requests/request-view.ts";
import { type NamedPerformer, type People, namedActor, namedPerson, readPeople } from "./people-view.ts";

export interface ObjectiveView {
  readonly id: string;
  readonly label: string;
  readonly state: Objective["state"];
  readonly title: string;
  readonly owner: NamedPerformer;
  readonly dueAtMs: number | null;
  /** `progress`: from start to target, 0 to 1. */
  readonly keyResults: readonly (KeyResult & { readonly progress: number })[];
  /** Mean over its key results, 0 to 1; null: it has none. */
  readonly progress: number | null;
  readonly mayChange: boolean;
}

export interface ObjectivesView {
  readonly schema: "xvc.objectives/1";
  readonly items: readonly ObjectiveView[];
  readonly mayCreate: boolean;
}

export interface LinkedRequestView {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly state: RequestState;
  readonly stage: Stage;
  readonly stateSinceMs: number;
}

export interface ObjectiveDetailView extends ObjectiveView {
  readonly schema: "xvc.objective/1";
  /** Requests that serve it and that the reader may see, newest first. */
  readonly requests: readonly LinkedRequestView[];
  /** What was recorded about it, newest first. */
  readonly changes: readonly {
    readonly kind: string;
    readonly atMs: number;
    readonly by: string;
    readonly keyResultId: string | null;
    readonly from: number | null;
    readonly to: number | null;
    readonly reason: string;
  }[];
}

/** Objectives, requests and changes shown. */
const maxShown = 500;
const maxRequests = 200;
const maxChanges = 50;

const leads = (viewer: Person): boolean =>
  viewer.state === "active" && viewer.roles.some((role) => role === "administrator" || role === "director" || role === "lead");

function objectiveView(objective: Objective, people: People, viewer: Person): ObjectiveView {
  const { id, number, state, title, ownerId, dueAtMs, keyResults } = objective;
  return {
    id,
    state,
    title,
    dueAtMs,
    label: objectiveLabel(number),
    owner: namedPerson(people, ownerId),
    keyResults: keyResults.map((one) => ({
      ...one,
      progress: keyResultProgress(one),
    })),
    progress: objectiveProgress(objective),
    mayChange: state === "open" && (leads(viewer) || viewer.id === ownerId),
  };
}

/** Every objective, newest first. */
export async function objectivesView(reader: Reader, viewer: Person): Promise<ObjectivesView> {
  const [rows, people] = await Promise.all([reader.find(objectiveKind, { newestFirst: true, limit: maxShown }), readPeople(reader)]);
  return { schema: "xvc.objectives/1", items: rows.map((row) => objectiveView(row, people, viewer)), mayCreate: leads(viewer) };
}

/** One objective with what serves it. */
export async function objectiveDetailView(reader: Reader, objective: Objective, viewer: Person): Promise<ObjectiveDetailView> {
  const [people, requests, events] = await Promise.all([
    readPeople(reader),
    reader.find(requestKind, { where: { objectiveId: objective.id }, newestFirst: true, limit: maxRequests }),
    reader.events({ subjectId: objective.id, newestFirst: true, limit: maxChanges }),
  ]);
  const projects = await reader.getMany(projectKindOf, [...new Set(requests.map((request) => request.projectId))]);
  const keys = new Map<string, string>(projects.map((project) => [project.id, project.key]));
  return {
    ...objectiveView(objective, people, viewer),
    schema: "xvc.objective/1",
    requests: requests.map((request) => ({
      id: request.id,
      label: requestLabel(keys.get(request.projectId) ?? "?", request.number),
      title: request.title,
      state: request.state,
      stage: stageOf(request),
      stateSinceMs: request.stateSinceMs,
    })),
    changes: events.map((event) => changeView(event, people)),
  };
}

const numberAt = (event: StoredEvent, name: string): number | null => {
  const value = event.data[name];
  return typeof value === "number" ? value : null;
};
const textAt = (event: StoredEvent, name: string): string | null => {
  const value = event.data[name];
  return typeof value === "string" ? value : null;
};

const changeView = (event: StoredEvent, people: People): ObjectiveDetailView["changes"][number] => ({
  kind: event.kind,
  atMs: event.atMs,
  by: namedActor(people, event.actor).name,
  keyResultId: textAt(event, "keyResultId"),
  from: numberAt(event, "from"),
  to: numberAt(event, "to"),
  reason: textAt(event, "reason") ?? "",
});
