import { attemptKind } from "../../core/execution/attempt.ts";
import type { Task } from "../../core/execution/task.ts";
import { type Deliverable, deliverableKind } from "../../core/integration/deliverable.ts";
import { holdsUp } from "../../core/oversight/addressed.ts";
import { type Decision, decisionKind } from "../../core/oversight/decision.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { organizationKindOf, projectKindOf } from "../../core/oversight/person.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import type { Brief, RequestInput, RequestState, WorkRequest } from "../../core/requests/request.ts";
import { bookedFor } from "../gate/spend-view.ts";
import { type DeliverableView, deliverableView } from "../integration/deliverable-view.ts";
import { type InboxItemView, itemView } from "../oversight/inbox-view.ts";
import { type NamedPerformer, type People, namedPerson } from "../oversight/people-view.ts";
import { type Looking, readViewer } from "../oversight/viewer.ts";
import { type PlanSummaryView, planSummaryView, readPlanTasks } from "../planning/plan-view.ts";
import type { Reader } from "../ports/store.ts";
import { type ProgressTaskView, progressTasks } from "./progress-tasks.ts";
import { type RailStopView, presentStage, railView } from "./rail-view.ts";
import { type RequestRowView, type Stage, requestRowView, requireRequest } from "./request-view.ts";

export interface DecisionView {
  readonly id: string;
  readonly question: string;
  readonly choice: string | null;
  readonly rationale: string;
  readonly decider: NamedPerformer | null;
  readonly authority: string;
  readonly soloWaiver: boolean;
  readonly madeAtMs: number | null;
  readonly evidence: Decision["evidence"];
}

/** `xvc.progress/1`: the vision's progress tracking plus the request itself. */
export interface ProgressView {
  readonly schema: "xvc.progress/1";
  readonly request: string;
  readonly stage: Stage;
  readonly state: RequestState;
  readonly tasks: readonly ProgressTaskView[];
  readonly escalations: readonly {
    readonly item_id: string;
    readonly kind: string;
    readonly title: string;
    readonly risk: InboxItem["risk"];
    readonly asked: number;
    readonly due: number | null;
  }[];
  readonly as_of: number;
  readonly position: string | null;
  readonly headline: string;
  readonly summary: RequestRowView & {
    readonly text: string;
    readonly budgetMicro: number | null;
    readonly pausedFrom: RequestState | null;
    readonly approveBeforehand: boolean;
    readonly version: number;
  };
  readonly inputs: readonly RequestInput[];
  readonly brief: Brief | null;
  readonly plan: PlanSummaryView | null;
  readonly rail: readonly RailStopView[];
  readonly deliverable: DeliverableView | null;
  readonly inbox: readonly InboxItemView[];
  readonly decisions: readonly DecisionView[];
  readonly costMicro: number;
  readonly currency: string;
}

/** Open items and decisions shown with a request; the inbox and the timeline page through the rest. */
const maxShown = 200;
/** Events of the request's own stream that the rail looks at: its moves, never those of its tasks. */
const maxMoves = 2_000;

export interface ProgressQuery {
  readonly organizationId: string;
  readonly requestId: string;
  readonly looking: Looking;
  /** Time of the request's project, epoch milliseconds. */
  readonly nowMs: number;
}

/** Where a request stands, at one snapshot. `O(tasks + edges)` of its present plan. @throws {Failure} `request.not-found` */
export async function progressView(reader: Reader, query: ProgressQuery): Promise<ProgressView> {
  const request = await requireRequest(reader, query.requestId);
  const [viewer, project, organization, { plan, deliverable, tasks }, items, decisions, moves, bookedMicro] = await Promise.all([
    readViewer(reader, query.looking),
    reader.get(projectKindOf, request.projectId),
    reader.get(organizationKindOf, query.organizationId),
    readWork(reader, request),
    readWaiting(reader, request),
    reader.find(decisionKind, { where: { requestId: request.id }, limit: maxShown }),
    reader.events({ subjectId: request.id, limit: maxMoves }),
    bookedFor(reader, request),
  ]);
  const { people } = viewer;
  const attempts = await reader.getMany(
    attemptKind,
    tasks.flatMap((task) => task.attemptId ?? []),
  );
  const row = requestRowView(request, project, people);
  const around = {
    viewer,
    requests: new Map<string, WorkRequest>([[request.id, request]]),
    projects: new Map(project === undefined ? [] : [[project.id, project]]),
  };
  const inbox = items.map((item) => itemView(item, around));
  const stage = presentStage(request, tasks);
  const listed = progressTasks({ request, tasks, attempts, people, nowMs: query.nowMs });
  return {
    schema: "xvc.progress/1",
    request: row.label,
    stage,
    state: request.state,
    tasks: listed,
    escalations: items.filter((item) => item.kind === "escalation" || item.kind === "unknown-effect").map(escalation),
    as_of: query.nowMs,
    position: moves.at(-1)?.cursor ?? null,
    headline: headlineOf(request, listed, inbox),
    summary: summaryOf(request, { ...row, stage }),
    inputs: request.inputs,
    brief: request.brief,
    plan: plan && planSummaryView(plan, people),
    rail: railView({ request, events: moves, tasks, attempts, nowMs: query.nowMs }),
    deliverable: deliverable && deliverableView(deliverable, row.label),
    inbox,
    decisions: decisions.map((decision) => decisionView(decision, people)),
    // Of what goes on the purse knows more than the tasks, which are told when an attempt ends.
    costMicro: Math.max(
      tasks.reduce((sum, task) => sum + task.costMicro, 0),
      bookedMicro,
    ),
    currency: plan?.currency ?? organization?.currency ?? "EUR",
  };
}

/** What the request waits for; a mention holds nothing up. */
const readWaiting = async (reader: Reader, request: WorkRequest): Promise<readonly InboxItem[]> =>
  (await reader.find(inboxItemKind, { where: { requestId: request.id, state: ["open", "delegated"] }, limit: maxShown })).filter(holdsUp);

/** What the request has come to: its present plan with its tasks, and what it returned. */
async function readWork(
  reader: Reader,
  request: WorkRequest,
): Promise<{ readonly plan: Plan | null; readonly deliverable: Deliverable | null; readonly tasks: readonly Task[] }> {
  const [plan, deliverable] = await Promise.all([
    request.planId === null ? undefined : reader.get(planKind, request.planId),
    request.deliverableId === null ? undefined : reader.get(deliverableKind, request.deliverableId),
  ]);
  return { plan: plan ?? null, deliverable: deliverable ?? null, tasks: plan === undefined ? [] : await readPlanTasks(reader, plan.id) };
}

const escalation = (item: InboxItem): ProgressView["escalations"][number] => ({
  item_id: item.id,
  kind: item.kind,
  title: item.title,
  risk: item.risk,
  asked: item.askedAtMs,
  due: item.clock?.dueAtMs ?? null,
});

const summaryOf = (request: WorkRequest, row: RequestRowView): ProgressView["summary"] => {
  const { text, budgetMicro, pausedFrom, approveBeforehand, version } = request;
  return { ...row, text, budgetMicro, pausedFrom, approveBeforehand, version };
};

function decisionView(decision: Decision, people: People): DecisionView {
  const { id, question, choice, rationale, deciderId, authority, soloWaiver, madeAtMs, evidence } = decision;
  return {
    id,
    question,
    choice,
    rationale,
    decider: deciderId === null ? null : namedPerson(people, deciderId),
    authority,
    soloWaiver,
    madeAtMs,
    evidence,
  };
}

const settled: { readonly [state in RequestState]?: string } = {
  delivered: "Delivered.",
  closed: "Closed.",
  rejected: "Rejected.",
  cancelled: "Cancelled.",
  paused: "Paused.",
};

/** One sentence: where it is and what it waits for. */
function headlineOf(request: WorkRequest, tasks: readonly ProgressTaskView[], inbox: readonly InboxItemView[]): string {
  const over = settled[request.state];
  if (over !== undefined) return over;
  const [first] = inbox;
  if (first !== undefined)
    return inbox.length === 1
      ? `Waits for a person: ${first.title}`
      : `Waits for people in ${inbox.length} things, the first: ${first.title}`;
  if (request.state === "active") return workLine(tasks);
  return request.state === "integrating" ? "The deliverable is put together and checked as a whole." : "xVC is working out what to do.";
}

function workLine(tasks: readonly ProgressTaskView[]): string {
  const done = tasks.filter((task) => task.status === "passed" || task.status === "integrated").length;
  const [offered, ...others] = tasks.filter((task) => task.status === "ready" && task.executor === "human");
  const checked = tasks.filter((task) => task.checking).length;
  const running = [
    `${tasks.filter((task) => task.status === "running").length - checked} running`,
    ...(checked === 0 ? [] : [`${checked} handed in and being checked`]),
  ].join(", ");
  const waiting =
    offered === undefined
      ? running
      : others.length === 0
        ? `"${offered.title}" waits for somebody to claim it`
        : `${others.length + 1} tasks wait for somebody to claim them`;
  return `${done} of ${tasks.length} tasks passed; ${waiting}.`;
}
