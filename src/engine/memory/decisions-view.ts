import {
  type Decision,
  type DecisionOption,
  type DecisionOutcome,
  type DecisionState,
  decisionKind,
} from "../../core/oversight/decision.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { type NamedPerformer, type People, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface DecisionRowView {
  readonly id: string;
  readonly state: DecisionState;
  readonly question: string;
  readonly choice: string | null;
  readonly decider: NamedPerformer | null;
  readonly authority: string;
  readonly soloWaiver: boolean;
  readonly madeAtMs: number | null;
  readonly topic: string | null;
  readonly validFromMs: number | null;
  readonly validToMs: number | null;
  readonly verdict: DecisionOutcome["verdict"] | null;
  readonly requestLabel: string | null;
  readonly requestTitle: string | null;
  readonly rehearsal: boolean;
}

export interface DecisionPageView {
  readonly schema: "xvc.decisions/1";
  readonly items: readonly DecisionRowView[];
  readonly nextCursor: string | null;
}

export interface DecisionDetailView extends DecisionRowView {
  readonly schema: "xvc.decision/1";
  readonly version: number;
  readonly origin: Decision["origin"];
  readonly projectKey: string | null;
  readonly options: readonly Required<DecisionOption>[];
  readonly confidence: Decision["confidence"];
  readonly links: Decision["links"];
  readonly rationale: string;
  readonly evidence: JsonObject;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly reviewAtMs: number | null;
  readonly outcome: {
    readonly verdict: DecisionOutcome["verdict"];
    readonly text: string;
    readonly by: NamedPerformer | null;
    readonly atMs: number;
  } | null;
  readonly supersedesId: string | null;
  readonly supersededById: string | null;
  readonly related: readonly DecisionRowView[];
}

/** Rows around decisions, read once for a whole page. */
interface Around {
  readonly people: People;
  readonly requests: ReadonlyMap<string, WorkRequest>;
  readonly projects: ReadonlyMap<string, Project>;
}

const maxLine = 1_000;

async function readAround(reader: Reader, decisions: readonly Decision[]): Promise<Around> {
  const requests = await reader.getMany(
    requestKind,
    decisions.flatMap(({ requestId }) => requestId ?? []),
  );
  const projects = await reader.getMany(projectKindOf, [
    ...new Set([...requests.map((request) => request.projectId), ...decisions.flatMap(({ projectId }) => projectId ?? [])]),
  ]);
  return {
    people: await readPeople(reader),
    requests: new Map(requests.map((request) => [request.id, request])),
    projects: new Map(projects.map((project) => [project.id, project])),
  };
}

function decisionRowView(decision: Decision, around: Around): DecisionRowView {
  return {
    id: decision.id,
    state: decision.state,
    question: decision.question.slice(0, maxLine),
    choice: decision.choice,
    decider: decision.deciderId === null ? null : namedPerson(around.people, decision.deciderId),
    authority: decision.authority.slice(0, maxLine),
    soloWaiver: decision.soloWaiver,
    madeAtMs: decision.madeAtMs,
    topic: decision.topic,
    validFromMs: decision.validFromMs,
    validToMs: decision.validToMs,
    verdict: decision.outcome?.verdict ?? null,
    ...placePart(decision, around),
  };
}

function placePart(
  { requestId, projectId }: Decision,
  { requests, projects }: Around,
): Pick<DecisionRowView, "requestLabel" | "requestTitle" | "rehearsal"> {
  const request = requests.get(requestId ?? "");
  if (request === undefined)
    return { requestLabel: null, requestTitle: null, rehearsal: projects.get(projectId ?? "")?.mode === "rehearsal" };
  const key = projects.get(request.projectId)?.key ?? "?";
  return { requestLabel: requestLabel(key, request.number), requestTitle: request.title, rehearsal: request.rehearsal };
}

/** Rows of decisions with the names around them. */
export async function decisionRows(reader: Reader, decisions: readonly Decision[]): Promise<readonly DecisionRowView[]> {
  const around = await readAround(reader, decisions);
  return decisions.map((decision) => decisionRowView(decision, around));
}

/** A page of decisions, the newest first: four queries, whatever the page's length. */
export async function decisionPageView(
  reader: Reader,
  asked: { readonly state?: DecisionState; readonly requestId?: string; readonly cursor?: string; readonly limit: number },
): Promise<DecisionPageView> {
  const rows = await reader.find(decisionKind, {
    where: {
      ...(asked.state === undefined ? {} : { state: asked.state }),
      ...(asked.requestId === undefined ? {} : { requestId: asked.requestId }),
    },
    newestFirst: true,
    limit: asked.limit + 1,
    ...(asked.cursor === undefined ? {} : { afterId: asked.cursor }),
  });
  const shown = rows.slice(0, asked.limit);
  return {
    schema: "xvc.decisions/1",
    items: await decisionRows(reader, shown),
    nextCursor: rows.length > asked.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** Decisions about the same subject shown beside one, and looked at for it. */
const maxRelated = 20;
const maxLookedAt = 500;

/** One decision whole: question, options, choice, who, by which authority, on what evidence. @throws {Failure} `decision.not-found` */
export async function decisionDetailView(reader: Reader, id: string): Promise<DecisionDetailView> {
  const decision = await reader.get(decisionKind, id);
  if (decision === undefined)
    throw new Failure("not-found", "decision.not-found", {
      message: "There is no such decision, or it is not yours to see. xvc memory decisions lists those that are.",
    });
  const related = await readRelated(reader, decision);
  const around = await readAround(reader, [decision, ...related]);
  const { outcome } = decision;
  const project = around.projects.get(decision.projectId ?? around.requests.get(decision.requestId ?? "")?.projectId ?? "");
  return {
    schema: "xvc.decision/1",
    ...decisionRowView(decision, around),
    version: decision.version,
    origin: decision.origin,
    projectKey: project?.key ?? null,
    options: decision.options.map(({ pros = [], cons = [], ...option }) => ({ ...option, pros, cons })),
    confidence: decision.confidence,
    links: decision.links,
    rationale: decision.rationale,
    evidence: decision.evidence,
    subjectKind: decision.subjectKind,
    subjectId: decision.subjectId,
    reviewAtMs: decision.reviewAtMs,
    outcome: outcome === null ? null : { ...outcome, by: namedPerson(around.people, outcome.byId) },
    supersedesId: decision.supersedesId,
    supersededById: decision.supersededById,
    related: related.map((other) => decisionRowView(other, around)),
  };
}

/** Others about the same subject, the newest first. A project is the subject of many, so there the topic has to be the same. */
async function readRelated(reader: Reader, decision: Decision): Promise<readonly Decision[]> {
  const ofProject = decision.subjectKind === "project";
  const about = await reader.find(decisionKind, {
    where: { subjectId: decision.subjectId },
    newestFirst: true,
    limit: ofProject ? maxLookedAt : maxRelated + 1,
  });
  const chain = [decision.supersedesId, decision.supersededById];
  return about
    .filter((other) => other.id !== decision.id && (!ofProject || other.topic === decision.topic || chain.includes(other.id)))
    .slice(0, maxRelated);
}
