import { z } from "zod";
import { asId } from "../../core/shared/ids.ts";
import { readTagText } from "../../core/memory/tag.ts";
import type { RequestDraft } from "../../core/requests/decide-submission.ts";
import type { RequestInput, WorkRequest } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import { requireDeliverable } from "../../engine/integration/deliverable-view.ts";
import { timelineView } from "../../engine/memory/timeline-view.ts";
import { readPlanTasks } from "../../engine/planning/plan-view.ts";
import { progressView } from "../../engine/requests/progress-view.ts";
import { type RequestQuery, requestPageView } from "../../engine/requests/request-list.ts";
import { timelinePage } from "../../contract/event-contract.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { deliverableDocument, progressDocument } from "../../contract/progress-contract.ts";
import {
  type RequestDraftBody,
  type RequestListQuery,
  type RequestOpened,
  type RequestReopenBody,
  requestDraftBody,
  requestListQuery,
  requestOpened,
  requestPage,
  requestReopenBody,
  requestStateField,
} from "../../contract/request-contract.ts";
import { requireOwnContent } from "./content-routes.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { objectiveOf } from "./objective-routes.ts";
import { answerOf, carryOut, command, labelOf, lookingOf, projectOf, reading, requestOf } from "./references.ts";

const defaultPage = 50;

/** Requests: filing, following and steering them. */
export const requestRoutes = (): readonly Endpoint[] => [...readingRoutes(), ...steeringRoutes()];

function listRequests(use: HttpDependencies, member: Member, query: RequestListQuery) {
  const { state, requester, urgency, text, sort, tag, cursor, limit = defaultPage } = query;
  const [, key, number] = /^(?:([A-Za-z][A-Za-z0-9]{0,19})-)?(\d{1,9})$/u.exec(text ?? "") ?? [];
  const project = query.project ?? key;
  const seen: Member =
    project === undefined ? member : { ...member, projects: [projectOf(member, { reference: project, rehearsal: false })] };
  const asked: RequestQuery = {
    limit,
    waitsForViewer: query.waits === "me",
    states: state,
    requesterId: requester === "me" ? member.person.id : requester,
    urgencies: urgency,
    text: number === undefined && text !== "" ? text : undefined,
    number: number === undefined ? undefined : Number(number),
    sort,
    tag: readTag(tag),
    cursor,
  };
  return reading(use, seen, (reader) => requestPageView(reader, asked, lookingOf(use, member)));
}

const readTag = (text: string | undefined): RequestQuery["tag"] => (text === undefined || text === "" ? undefined : readTagText(text));

const steeringRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/requests",
    summary: "File a request",
    body: requestDraftBody,
    answer: requestOpened,
    status: 201,
    run: (use, call) => submit(use, call, call.body),
  }),
  ...(["cancel", "pause", "resume", "close"] as const).map((act) =>
    endpoint({
      method: "post",
      path: `/api/requests/{reference}/${act}`,
      summary: `${act.charAt(0).toUpperCase()}${act.slice(1)} a request`,
      body: reasonBody,
      answer: commandAnswer,
      run: async (use, call) => {
        const request = await requestOf(use, call.member, call.reference);
        const answer = await command(use, call, {
          projectId: request.projectId,
          command: { kind: `${act}-request`, requestId: request.id, reason: call.body.reason ?? "" },
        });
        return answerOf(answer, { label: labelOf(call.member, request) });
      },
    }),
  ),
  endpoint({
    method: "post",
    path: "/api/requests/{reference}/reopen",
    summary: "Send delivered work back",
    body: requestReopenBody,
    answer: commandAnswer,
    run: reopen,
  }),
  endpoint({
    method: "post",
    path: "/api/requests/{reference}/repeat",
    summary: "File the same request again",
    body: reasonBody,
    answer: requestOpened,
    status: 201,
    run: repeat,
  }),
];

const readingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/requests",
    summary: "List requests, newest first",
    past: true,
    query: requestListQuery,
    answer: requestPage,
    run: (use, { member, query }) => listRequests(use, member, query),
  }),
  endpoint({
    method: "get",
    path: "/api/requests/{reference}",
    summary: "Where a request stands",
    past: true,
    answer: progressDocument,
    run: async (use, { member, reference }) => {
      const request = await requestOf(use, member, reference);
      const nowMs = await use.engine.projectTime.nowMs({ organizationId: asId(member.organization.id), projectId: request.projectId });
      return reading(use, member, (reader) =>
        progressView(reader, { organizationId: member.organization.id, requestId: request.id, looking: lookingOf(use, member), nowMs }),
      );
    },
  }),
  endpoint({
    method: "get",
    path: "/api/requests/{reference}/events",
    summary: "The story of a request, oldest first",
    past: true,
    query: z.object({
      after: z
        .string()
        .regex(/^\d{1,19}-\d{1,19}$/u, "is no cursor")
        .optional(),
      limit: z.coerce.number().int().min(1).max(1_000).optional(),
    }),
    answer: timelinePage,
    run: async (use, { member, reference, query }) => {
      const request = await requestOf(use, member, reference);
      return reading(use, member, (reader) =>
        timelineView(reader, request.id, { limit: query.limit ?? 200, ...(query.after === undefined ? {} : { after: query.after }) }),
      );
    },
  }),
  endpoint({
    method: "get",
    path: "/api/requests/{reference}/deliverable",
    summary: "What a request returned",
    past: true,
    answer: deliverableDocument,
    run: async (use, { member, reference }) => {
      const request = await requestOf(use, member, reference);
      return reading(use, member, (reader) => requireDeliverable(reader, request, labelOf(member, request)));
    },
  }),
];

/** A title made of the first line, when nobody gave one. */
function titleOf(text: string): string {
  const line = (text.trim().split("\n", 1)[0] ?? "").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

async function submit(use: HttpDependencies, call: Call<unknown, RequestDraftBody>, body: RequestDraftBody): Promise<RequestOpened> {
  const project = projectOf(call.member, { reference: body.project, rehearsal: body.rehearsal === true });
  const inputs = await takeInputs(use, call.member, body);
  return file(use, call, {
    projectId: project.id,
    draft: {
      title: body.title ?? titleOf(body.text),
      text: body.text,
      urgency: body.urgency ?? "normal",
      budgetMicro: body.budgetMicro ?? null,
      deadlineAtMs: body.deadlineAtMs ?? null,
      playbook: body.playbook ?? null,
      inputs,
      approveBeforehand: body.approve === true,
      script: body.script ?? null,
      ...(body.sample === true ? { sample: true } : {}),
      objectiveId: body.objective === undefined ? null : (await objectiveOf(use, call.member, body.objective)).id,
    },
  });
}

async function file(
  use: HttpDependencies,
  call: Call<unknown, unknown>,
  filed: { readonly projectId: string; readonly draft: RequestDraft },
): Promise<RequestOpened> {
  const { answer, position } = await carryOut(use, call, {
    projectId: filed.projectId,
    command: { kind: "submit-request", id: null, draft: filed.draft },
  });
  const id = typeof answer["id"] === "string" ? answer["id"] : "";
  return {
    schema: "xvc.request-opened/1",
    id,
    label: typeof answer["label"] === "string" ? answer["label"] : "",
    state: requestStateField.parse(answer["state"]),
    position: position ?? (await lastPosition(use, call.member, id)),
  };
}

/** For an answer that is given again: where the request's story stands now. */
async function lastPosition(use: HttpDependencies, member: Member, id: string): Promise<string> {
  const [last] = await reading(use, member, (reader) => reader.events({ subjectId: id, limit: 1, newestFirst: true }));
  return last?.cursor ?? "0-0";
}

/** A UUID of version 8 (free form) from a hash. */
export const idFromKey = (sha256: string): string =>
  `${sha256.slice(0, 8)}-${sha256.slice(8, 12)}-8${sha256.slice(13, 16)}-a${sha256.slice(17, 20)}-${sha256.slice(20, 32)}`;

async function takeInputs(use: HttpDependencies, member: Member, body: RequestDraftBody): Promise<readonly RequestInput[]> {
  const paths = body.inputPaths ?? [];
  if (paths.length > 0 && !mayNamePaths(use, member)) throw pathsAreLocal();
  const taken: RequestInput[] = [...(body.inputs ?? [])].map((input) => ({
    ...input,
    artifacts: input.artifacts.map((artifact) => ({ ...artifact, sha256: asId<"sha256">(artifact.sha256) })),
  }));
  await requireOwnContent(
    use,
    member,
    taken.flatMap((input) => input.artifacts.map(({ sha256 }) => ({ name: input.name, sha256 }))),
  );
  for (const one of paths) taken.push(await use.intake.takePath(one.path, { includeWorktree: one.includeWorktree === true, name: null }));
  return taken;
}

/**
 * Who may name paths of the server's machine: its own programs, and administrators while it is reached from itself alone,
 * since their browser is on this machine as well. Once an address for others is declared, its own programs only.
 */
export const mayNamePaths = (use: Pick<HttpDependencies, "signIn">, member: Member): boolean =>
  member.local || ((use.signIn?.publicUrl ?? null) === null && member.person.roles.includes("administrator"));

export const pathsAreLocal = (): Failure =>
  new Failure("forbidden", "input.path-not-local", {
    message: "Paths of the server's machine can be named only by programs on it, such as the xvc command. Upload the file instead.",
  });

async function reopen(use: HttpDependencies, call: Call<unknown, RequestReopenBody>) {
  const request = await requestOf(use, call.member, call.reference);
  const named = call.body.taskKeys ?? [];
  const taskKeys = named.length > 0 ? named : await lastTasks(use, call.member, request);
  const answer = await command(use, call, {
    projectId: request.projectId,
    command: { kind: "reopen-request", requestId: request.id, taskKeys, reason: call.body.reason ?? "" },
  });
  return answerOf(answer, { label: labelOf(call.member, request) });
}

async function lastTasks(use: HttpDependencies, member: Member, request: WorkRequest): Promise<readonly string[]> {
  const { planId } = request;
  if (planId === null) return [];
  const tasks = await reading(use, member, (reader) => readPlanTasks(reader, planId));
  return tasks.filter((task) => task.dependents.length === 0).map((task) => task.key);
}

async function repeat(use: HttpDependencies, call: Call<unknown, unknown>): Promise<RequestOpened> {
  const {
    title,
    text,
    urgency,
    budgetMicro,
    playbook,
    inputs,
    projectId,
    script,
    objectiveId = null,
  } = await requestOf(use, call.member, call.reference);
  return file(use, call, {
    projectId,
    draft: { title, text, urgency, budgetMicro, deadlineAtMs: null, playbook, inputs, approveBeforehand: false, script, objectiveId },
  });
}
