import type { Project } from "../../core/oversight/person.ts";
import { type RequestState, type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, type People, namedPerson } from "../oversight/people-view.ts";

export const stages = ["request", "analysis", "decomposition", "assignment", "execution", "review", "integration"] as const;
export type Stage = (typeof stages)[number];

const stageOfState: { readonly [state in RequestState]: Stage } = {
  submitted: "request",
  analysing: "analysis",
  "needs-input": "analysis",
  planning: "decomposition",
  "awaiting-approval": "decomposition",
  active: "execution",
  integrating: "integration",
  delivered: "integration",
  closed: "integration",
  rejected: "decomposition",
  cancelled: "request",
  paused: "request",
};

/** The pipeline's stage by the request alone; a paused one is where it was. */
export const stageOf = (request: Pick<WorkRequest, "state" | "pausedFrom">): Stage =>
  stageOfState[request.state === "paused" && request.pausedFrom !== null ? request.pausedFrom : request.state];

export interface RequestRowView {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly projectId: string;
  readonly projectKey: string;
  readonly state: RequestState;
  readonly stage: Stage;
  readonly stateSinceMs: number;
  readonly requester: NamedPerformer;
  readonly urgency: WorkRequest["urgency"];
  readonly riskClass: "low" | "medium" | "high" | null;
  readonly playbook: string | null;
  readonly openedAtMs: number;
  readonly deadlineAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly rehearsal: boolean;
}

export function requestRowView(request: WorkRequest, project: Project | undefined, people: People): RequestRowView {
  const projectKey = project?.key ?? "?";
  return {
    id: request.id,
    label: requestLabel(projectKey, request.number),
    title: request.title,
    projectId: request.projectId,
    projectKey,
    state: request.state,
    stage: stageOf(request),
    stateSinceMs: request.stateSinceMs,
    requester: namedPerson(people, request.requesterId),
    urgency: request.urgency,
    riskClass: request.brief?.riskClass ?? null,
    playbook: request.brief?.playbook ?? request.playbook,
    openedAtMs: request.openedAtMs,
    deadlineAtMs: request.deadlineAtMs,
    deliveredAtMs: request.deliveredAtMs,
    rehearsal: request.rehearsal,
  };
}

/** @throws {Failure} `request.not-found` */
export async function requireRequest(reader: Reader, id: string): Promise<WorkRequest> {
  const request = await reader.get(requestKind, id);
  if (request === undefined)
    throw new Failure("not-found", "request.not-found", {
      message: "There is no such request, or it is not yours to see. xvc request list shows those that are.",
    });
  return request;
}
