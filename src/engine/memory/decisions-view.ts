import { type Decision, type DecisionState, decisionKind } from "../../core/oversight/decision.ts";
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
  readonly options: Decision["options"];
  readonly rationale: string;
  readonly evidence: JsonObject;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly reviewAtMs: number | null;
  readonly outcome: string | null;
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
  const projects = await reader.getMany(
    projectKindOf,
    requests.map((request) => request.projectId),
  );
  return {
    people: await readPeople(reader),
    requests: new Map(requests.map((request) => [request.id, request])),
    projects: new Map(projects.map((project) => [project.id, project])),
  };
}

function decisionRowView(decision: Decision, around: Around): DecisionRowView {
  const request = around.requests.get(decision.requestId ?? "");
  return {
    id: decision.id,
    state: decision.state,
    question: decision.question.slice(0, maxLine),
    choice: decision.choice,
    decider: decision.deciderId === null ? null : namedPerson(around.people, decision.deciderId),
    authority: decision.authority.slice(0, maxLine),
    soloWaiver: decision.soloWaiver,
    madeAtMs: decision.madeAtMs,
    requestLabel: request === undefined ? null : requestLabel(around.projects.get(request.projectId)?.key ?? "?", request.number),
    requestTitle: request?.title ?? null,
    rehearsal: request?.rehearsal ?? false,
  };
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

/** Decisions about the same subject shown beside one. */
const maxRelated = 20;

/** One decision whole: question, options, choice, who, by which authority, on what evidence. @throws {Failure} `decision.not-found` */
export async function decisionDetailView(reader: Reader, id: string): Promise<DecisionDetailView> {
  const decision = await reader.get(decisionKind, id);
  if (decision === undefined)
    throw new Failure("not-found", "decision.not-found", {
      message: "There is no such decision, or it is not yours to see. xvc memory decisions lists those that are.",
    });
  const about = await reader.find(decisionKind, { where: { subjectId: decision.subjectId }, newestFirst: true, limit: maxRelated });
  const related = about.filter((other) => other.id !== decision.id);
  const [row, ...others] = await decisionRows(reader, [decision, ...related]);
  if (row === undefined) throw new Failure("bug", "decision.not-shown", { message: "A decision that was read gave no row." });
  return {
    schema: "xvc.decision/1",
    ...row,
    options: decision.options,
    rationale: decision.rationale,
    evidence: decision.evidence,
    subjectKind: decision.subjectKind,
    subjectId: decision.subjectId,
    reviewAtMs: decision.reviewAtMs,
    outcome: decision.outcome,
    supersedesId: decision.supersedesId,
    supersededById: about.find((other) => other.supersedesId === decision.id)?.id ?? null,
    related: others,
  };
}
