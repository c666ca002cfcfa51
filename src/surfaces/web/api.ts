/** The typed client of the HTTP contract. Every answer is a document of `src/contract`; every refusal is a `Failure` with a sentence. */
import type { ContextDocument } from "../../contract/context-contract.ts";
import type { AuditPage } from "../../contract/audit-contract.ts";
import type { RequestInputDocument, TakenInput } from "../../contract/content-contract.ts";
import type {
  AskBackBody,
  InboxItemDetail,
  InboxPage,
  ItemAnswerBody,
  ItemAnswersBody,
  ItemAnswersDocument,
  ItemDelegateBody,
} from "../../contract/inbox-contract.ts";
import type { PersonaLibrary } from "../../contract/persona-contract.ts";
import type {
  PlanCheckAnswer,
  PlanDecisionBody,
  PlanList,
  PlanPatchBody,
  PlanProposalBody,
  PlanView,
} from "../../contract/plan-contract.ts";
import type { PlaybooksDocument } from "../../contract/playbook-contract.ts";
import type { ProblemDocument } from "../../contract/problem-contract.ts";
import type { ProgressDocument } from "../../contract/progress-contract.ts";
import type { RequestAction, RequestDraftBody, RequestOpened, RequestPage } from "../../contract/request-contract.ts";
import type { SearchDocument } from "../../contract/search-contract.ts";
import type { MeDocument, PeopleDocument } from "../../contract/session-contract.ts";
import type { SavedViewBody, SavedViewsDocument } from "../../contract/view-contract.ts";
import type { StatusDocument } from "../../contract/status-contract.ts";
import type {
  BoardDocument,
  MyWorkDocument,
  TaskAction,
  TaskDetail,
  TaskPage,
  TaskReassignBody,
  TaskSubmitBody,
} from "../../contract/task-contract.ts";
import type { CommandAnswer } from "../../contract/fields.ts";
import type { TimelinePage } from "../../contract/event-contract.ts";
import { Failure, type FailureKind } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { inMoment } from "./moment.ts";

/** A request that takes longer is given up; nothing here waits for work to be done. */
const patienceMs = 30_000;
/** A large file over a slow line. */
const uploadPatienceMs = 600_000;

/** Given by `GET /api/me`; every write carries it. */
let csrfToken: string | null = null;

/** The sentence, the id that finds the log, and what was wrong with which field. */
export interface Refusal {
  readonly message: string;
  readonly instance: string | null;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** One call of the contract; pages keep their own calls beside themselves, so that the first load stays small. */
export async function call<Answer>(method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> {
  const response = await reach(method, path, body);
  if (!response.ok) throw await failureOf(response);
  if (response.status === 204) return undefined as Answer; // only asked for by calls that expect nothing
  return (await response.json()) as Answer; // the server builds its answers with the same schemas; a second check here would only cost bytes
}

async function reach(method: "GET" | "POST", path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  const isFile = body instanceof File;
  if (method === "POST") {
    headers["content-type"] = isFile ? body.type || "application/octet-stream" : "application/json";
    // One key per act: a retry of the same call by the browser or a proxy is answered, not done twice.
    headers["idempotency-key"] = crypto.randomUUID();
    if (csrfToken !== null) headers["x-csrf-token"] = csrfToken;
  }
  try {
    const content = method === "POST" ? { body: isFile ? body : JSON.stringify(body ?? {}) } : {};
    const signal = AbortSignal.timeout(isFile ? uploadPatienceMs : patienceMs);
    return await fetch(inMoment(method, path), { method, headers, credentials: "same-origin", signal, ...content });
  } catch (cause) {
    throw new Failure(
      "unavailable",
      "web.server-unreachable",
      { message: "The server does not answer. It may be stopped: start it with xvc up, then try again.", instance: null, problems: [] },
      { cause },
    );
  }
}

async function failureOf(response: Response): Promise<Failure> {
  const problem = await readProblem(response);
  const kind: FailureKind = response.status === 401 ? "forbidden" : (problem?.kind ?? "unavailable");
  const code = response.status === 401 ? "session.missing" : (problem?.code ?? "web.unexpected-answer");
  return new Failure(kind, code, problem === undefined ? unexplained(response.status) : explained(problem));
}

const unexplained = (status: number): JsonObject => ({
  message: `The server answered with status ${status} and no explanation. xvc logs shows what happened.`,
  instance: null,
  problems: [],
});

const explained = (problem: ProblemDocument): JsonObject => ({
  message: problem.detail,
  instance: problem.instance,
  problems: (problem.problems ?? []).map((one) => ({ path: one.path, message: one.message })),
});

async function readProblem(response: Response): Promise<ProblemDocument | undefined> {
  if (!(response.headers.get("content-type") ?? "").includes("json")) return undefined;
  try {
    return (await response.json()) as ProblemDocument; // built by the same contract
  } catch {
    // Cut off or not JSON after all: the caller says so with the status.
    return undefined;
  }
}

/** What a failure of `api` tells a person. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Failure && isRefusal(error.details)) return error.details;
  return { message: error instanceof Error ? error.message : String(error), instance: null, problems: [] };
}

const isRefusal = (details: unknown): details is Refusal =>
  typeof details === "object" && details !== null && "message" in details && "problems" in details;

/** Whether the reader has to sign in (again). */
export const isSignedOut = (error: unknown): boolean => error instanceof Failure && error.code === "session.missing";

/** `?name=value` of the fields that are given; empty without one. */
export const query = (fields: { readonly [name: string]: string | undefined }): string => {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined && field[1] !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
};

/** As `requestListQuery` of the contract has it, in texts. */
export interface RequestFilter {
  readonly state?: string;
  readonly project?: string;
  readonly requester?: string;
  readonly urgency?: string;
  readonly waits?: string;
  readonly text?: string;
  readonly sort?: string;
  readonly cursor?: string;
  readonly limit?: string;
}

/** As `auditQuery` of the contract has it, in texts. */
export interface AuditFields {
  readonly kinds?: string;
  readonly fromMs?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** A label such as `ENG-42/backend` is one path segment. */
const segment = encodeURIComponent;

/** What the list of requests is narrowed and ordered by; the names are those of the address. */
export interface RequestSearch {
  readonly state?: string | undefined;
  readonly project?: string | undefined;
  readonly requester?: string | undefined;
  readonly urgency?: string | undefined;
  readonly waits?: string | undefined;
  readonly text?: string | undefined;
  readonly sort?: string | undefined;
  readonly tag?: string | undefined;
}

export interface BoardSearch {
  readonly project?: string | undefined;
  readonly request?: string | undefined;
  readonly performer?: string | undefined;
  readonly tag?: string | undefined;
  readonly column?: string | undefined;
  readonly cursor?: string | undefined;
}

export const api = {
  signIn: (token: string) => call<unknown>("POST", "/sign-in/link", { token }),
  signOut: () => call<unknown>("POST", "/sign-out"),
  me: async (): Promise<MeDocument> => {
    const me = await call<MeDocument>("GET", "/api/me");
    csrfToken = me.csrfToken;
    return me;
  },
  requests: (filter: RequestFilter) => call<RequestPage>("GET", `/api/requests${query({ limit: "50", ...filter })}`),
  /** The log, the newest first. */
  audit: (filter: AuditFields) => call<AuditPage>("GET", `/api/audit${query({ ...filter })}`),
  /** `search` as the page's address has it, plus the cursor. */
  requestList: (search: RequestSearch, cursor: string) =>
    call<RequestPage>("GET", `/api/requests${query({ ...search, cursor, limit: "50" })}`),
  views: (page: string) => call<SavedViewsDocument>("GET", `/api/views${query({ page })}`),
  saveView: (view: SavedViewBody) => call<CommandAnswer>("POST", "/api/views", view),
  removeView: (id: string) => call<CommandAnswer>("POST", `/api/views/${segment(id)}/remove`),
  board: (search: BoardSearch) => call<BoardDocument>("GET", `/api/board${query({ ...search })}`),
  myWork: (tag?: string) => call<MyWorkDocument>("GET", `/api/my-work${query({ tag })}`),
  taskContext: (reference: string) => call<ContextDocument>("GET", `/api/tasks/${segment(reference)}/context`),
  taskTimeline: (reference: string) => call<TimelinePage>("GET", `/api/tasks/${segment(reference)}/events`),
  planVersion: (reference: string, version: string) =>
    call<PlanView>("GET", `/api/requests/${segment(reference)}/plan${query({ version })}`),
  plans: (reference: string) => call<PlanList>("GET", `/api/requests/${segment(reference)}/plans`),
  patchPlan: (planId: string, body: PlanPatchBody) => call<CommandAnswer>("POST", `/api/plans/${segment(planId)}/patch`, body),
  request: (reference: string) => call<ProgressDocument>("GET", `/api/requests/${segment(reference)}`),
  submitRequest: (draft: RequestDraftBody) => call<RequestOpened>("POST", "/api/requests", draft),
  upload: async (file: File): Promise<RequestInputDocument> =>
    (await call<TakenInput>("POST", `/api/uploads${query({ name: file.name })}`, file)).input,
  actOnRequest: (reference: string, action: RequestAction, reason: string) =>
    call<CommandAnswer>("POST", `/api/requests/${segment(reference)}/${action}`, reason === "" ? {} : { reason }),
  timeline: (reference: string, after: string | undefined) =>
    call<TimelinePage>("GET", `/api/requests/${segment(reference)}/events${query({ after })}`),
  plan: (reference: string) => call<PlanView>("GET", `/api/requests/${segment(reference)}/plan`),
  proposePlan: (reference: string, proposal: PlanProposalBody) =>
    call<CommandAnswer>("POST", `/api/requests/${segment(reference)}/plan`, proposal),
  checkPlan: (document: JsonObject) => call<PlanCheckAnswer>("POST", "/api/plan-check", { document }),
  decidePlan: (planId: string, decision: "approve" | "reject", body: PlanDecisionBody) =>
    call<CommandAnswer>("POST", `/api/plans/${segment(planId)}/${decision}`, body),
  inbox: (state: string) => call<InboxPage>("GET", `/api/inbox${query({ state, limit: "200" })}`),
  item: (id: string) => call<InboxItemDetail>("GET", `/api/inbox/${segment(id)}`),
  answerItem: (id: string, body: ItemAnswerBody) => call<CommandAnswer>("POST", `/api/inbox/${segment(id)}/answer`, body),
  answerItems: (body: ItemAnswersBody) => call<ItemAnswersDocument>("POST", "/api/inbox/answers", body),
  delegateItem: (id: string, body: ItemDelegateBody) => call<CommandAnswer>("POST", `/api/inbox/${segment(id)}/delegate`, body),
  askBack: (id: string, body: AskBackBody) => call<CommandAnswer>("POST", `/api/inbox/${segment(id)}/ask-back`, body),
  replyToItem: (id: string, reply: string) => call<CommandAnswer>("POST", `/api/inbox/${segment(id)}/reply`, { reply }),
  putOffItem: (id: string, untilMs: number | null) => call<CommandAnswer>("POST", `/api/inbox/${segment(id)}/later`, { untilMs }),
  tasks: (filter: { readonly state?: string; readonly request?: string; readonly mine?: string }) =>
    call<TaskPage>("GET", `/api/tasks${query({ ...filter, limit: "200" })}`),
  task: (reference: string) => call<TaskDetail>("GET", `/api/tasks/${segment(reference)}`),
  actOnTask: (reference: string, action: Exclude<TaskAction, "submit" | "reassign">, reason: string) =>
    call<CommandAnswer>("POST", `/api/tasks/${segment(reference)}/${action}`, reason === "" ? {} : { reason }),
  reassignTask: (reference: string, body: TaskReassignBody) =>
    call<CommandAnswer>("POST", `/api/tasks/${segment(reference)}/reassign`, body),
  submitTask: (reference: string, body: TaskSubmitBody) => call<CommandAnswer>("POST", `/api/tasks/${segment(reference)}/submit`, body),
  personas: () => call<PersonaLibrary>("GET", "/api/personas"),
  playbooks: () => call<PlaybooksDocument>("GET", "/api/playbooks"),
  people: () => call<PeopleDocument>("GET", "/api/people"),
  search: (q: string) => call<SearchDocument>("GET", `/api/search${query({ q })}`),
  status: () => call<StatusDocument>("GET", "/api/status"),
} as const;

/** Where a piece of content opens or downloads. */
export const contentUrl = (sha256: string): string => `/api/content/${sha256}`;

/** The text of a piece of content, for reading in the page. @throws {Failure} as every call here */
export async function contentText(sha256: string): Promise<string> {
  const response = await reach("GET", contentUrl(sha256), undefined);
  if (!response.ok) throw await failureOf(response);
  return response.text();
}
