import { type Task, taskKind } from "../../core/execution/task.ts";
import { alwaysReviewClasses } from "../../core/oversight/always-review.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import type { ExecutorKind } from "../../core/personas/persona.ts";
import { provisionalTasks } from "../personas/provisional-tasks.ts";
import { type PlanProblem, planProblems } from "../../core/planning/check-plan.ts";
import type { PlanDocument } from "../../core/planning/plan-document.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import { confirmationOf } from "../oversight/inbox-view.ts";
import { type Looking, type Viewer, authorityOver, readViewer } from "../oversight/viewer.ts";
import { type NamedPerformer, type People, namedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface PlanSummaryView {
  readonly id: string;
  readonly requestId: string;
  readonly number: number;
  readonly state: Plan["state"];
  readonly title: string;
  readonly origin: {
    readonly kind: Plan["origin"]["kind"];
    readonly name: string;
    readonly edited: boolean;
    readonly proven: boolean;
    readonly author: NamedPerformer | null;
  };
  /** Classes of its work that a person always reviews. */
  readonly alwaysReview: readonly string[];
  readonly taskCount: number;
  readonly costMicro: number;
  readonly currency: string;
  readonly forecast: Plan["forecast"];
  readonly documentSha256: string;
  readonly proposedAtMs: number;
  readonly decidedAtMs: number | null;
}

export interface PlannedTaskView {
  readonly taskId: string;
  readonly task: string;
  readonly state: Task["state"];
  readonly stateSinceMs: number;
  readonly blockedBy: string | null;
  readonly performer: NamedPerformer | null;
  readonly executor: ExecutorKind | null;
  readonly attemptCount: number;
  readonly round: number;
  readonly costMicro: number;
}

export interface PlanDetailView {
  readonly schema: "xvc.plan-view/1";
  readonly plan: PlanSummaryView;
  readonly document: PlanDocument;
  readonly tasks: readonly PlannedTaskView[];
  readonly problems: readonly PlanProblem[];
  readonly approvalItemId: string | null;
  readonly mayDecide: boolean;
  readonly whyNot: string | null;
  readonly confirm: string | null;
  /** Tasks whose persona has not passed a suite with what would do them: all of their results are judged. */
  readonly provisional: readonly string[];
}

/** Tasks of one plan read at once; plans are bounded below this. */
export const maxPlanTasks = 10_000;

export function planSummaryView(plan: Plan, people: People): PlanSummaryView {
  const { id, requestId, number, state, title, taskCount, costMicro, currency, forecast, documentSha256, proposedAtMs, decidedAtMs } = plan;
  const { kind, edited, authorId, proven = false } = plan.origin;
  // A person is named by id in the record, so that nothing but their own row has the name.
  const name = kind === "person" ? namedPerson(people, authorId ?? plan.origin.name).name : plan.origin.name;
  return {
    id,
    requestId,
    number,
    state,
    title,
    origin: { kind, name, edited, proven, author: authorId === null ? null : namedPerson(people, authorId) },
    alwaysReview: [...(plan.alwaysReview ?? alwaysReviewClasses)],
    taskCount,
    costMicro,
    currency,
    forecast,
    documentSha256,
    proposedAtMs,
    decidedAtMs,
  };
}

/** The plan as the document that was proposed, rebuilt from its rows. */
export const planDocumentOf = (plan: Plan, tasks: readonly Task[]): PlanDocument => ({
  schema: "xvc.plan/1",
  request: plan.title,
  version: plan.number,
  decomposition: tasks.map((task) => task.spec),
  estimated_timeline: plan.estimatedTimeline,
  resource_requirements: plan.resourceRequirements,
  currency: plan.currency,
  ...(plan.deliverable.length === 0 ? {} : { deliverable: plan.deliverable }),
  ...(plan.forecast === null ? {} : { forecast: plan.forecast }),
});

/** The tasks of a plan in its order. */
export async function readPlanTasks(reader: Reader, planId: string): Promise<readonly Task[]> {
  const tasks = await reader.find(taskKind, { where: { planId }, limit: maxPlanTasks });
  return tasks.toSorted((left, right) => left.ordinal - right.ordinal);
}

/** Why a task waits, in words; null: nothing holds it. */
export function blockedReason(task: Task): string | null {
  if (task.state !== "blocked") return null;
  return task.blockers.length > 0
    ? `waits for ${task.blockers.join(", ")}, which will not be done`
    : task.blockedBy === "question"
      ? "waits for an answer"
      : "nobody is left to do it";
}

const plannedTask = (task: Task, people: People): PlannedTaskView => ({
  taskId: task.id,
  task: task.key,
  state: task.state,
  stateSinceMs: task.stateSinceMs,
  blockedBy: blockedReason(task),
  performer: namedPerformer(people, task.performer),
  executor: task.executor,
  attemptCount: task.attemptCount,
  round: task.round,
  costMicro: task.costMicro,
});

/** A plan with its document, where each task stands, and whether the viewer may decide it. @throws {Failure} `plan.not-found` */
export async function planDetailView(reader: Reader, planId: string, looking: Looking): Promise<PlanDetailView> {
  const plan = await reader.get(planKind, planId);
  if (plan === undefined)
    throw new Failure("not-found", "plan.not-found", { message: "There is no such plan, or it is not yours to see." });
  const [tasks, viewer, place, items] = await Promise.all([
    readPlanTasks(reader, planId),
    readViewer(reader, looking),
    placeOf(reader, plan.requestId),
    reader.find(inboxItemKind, { where: { subjectId: planId, kind: "approval", state: ["open", "delegated"] }, limit: 10 }),
  ]);
  const document = planDocumentOf(plan, tasks);
  const { people } = viewer;
  return {
    schema: "xvc.plan-view/1",
    plan: planSummaryView(plan, people),
    document,
    tasks: tasks.map((task) => plannedTask(task, people)),
    problems: planProblems(document).slice(0, 500),
    provisional: await provisionalTasks(reader, tasks),
    ...decisionOf(items[0], plan, { viewer, ...place }),
  };
}

async function placeOf(reader: Reader, requestId: string): Promise<{ readonly label: string; readonly project: Project | undefined }> {
  const request = await reader.get(requestKind, requestId);
  const project = request === undefined ? undefined : await reader.get(projectKindOf, request.projectId);
  return { label: request === undefined ? "" : requestLabel(project?.key ?? "?", request.number), project };
}

function decisionOf(
  item: InboxItem | undefined,
  plan: Plan,
  around: { readonly viewer: Viewer; readonly label: string; readonly project: Project | undefined },
): Pick<PlanDetailView, "approvalItemId" | "mayDecide" | "whyNot" | "confirm"> {
  if (item === undefined)
    return {
      approvalItemId: null,
      mayDecide: false,
      whyNot: plan.state === "proposed" ? "Nobody is asked about this plan now." : `This plan was already ${plan.state}.`,
      confirm: null,
    };
  const authority = authorityOver(item, around.project, around.viewer);
  if (authority.kind === "denied") return { approvalItemId: item.id, mayDecide: false, whyNot: authority.message, confirm: null };
  return {
    approvalItemId: item.id,
    mayDecide: true,
    whyNot: null,
    confirm: authority.soloWaiver ? confirmationOf(item, around.label) : null,
  };
}

export interface PlanListView {
  readonly schema: "xvc.plans/1";
  readonly items: readonly PlanSummaryView[];
}

/** Every version of a request's plan, the latest first. */
export async function planListView(reader: Reader, requestId: string): Promise<PlanListView> {
  const [plans, people] = await Promise.all([
    reader.find(planKind, { where: { requestId }, newestFirst: true, limit: 500 }),
    readPeople(reader),
  ]);
  return { schema: "xvc.plans/1", items: plans.map((plan) => planSummaryView(plan, people)) };
}
