import { alwaysReviewClasses, alwaysReviewOf } from "../oversight/always-review.ts";
import { isActive } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { openItem, withdrawItems } from "../oversight/open-item.ts";
import type { Person, Project } from "../oversight/person.ts";
import { checkPlan } from "../planning/check-plan.ts";
import type { PlanDocument } from "../planning/plan-document.ts";
import { type Plan, type PlanOrigin, planKind } from "../planning/plan.ts";
import { askRequester, type BriefQuestion } from "../requests/decide-brief.ts";
import { moveRequest, staleRequestReport } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId, type PersonId, type PlanId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { moveTask } from "./dispatch-task.ts";
import { createTask, wireTasks } from "./new-task.ts";
import type { Task } from "./task.ts";

/** A plan for a request: the report of a plan job, or what a person wrote. */
export interface ProposePlan {
  readonly kind: "propose-plan";
  readonly requestId: string;
  /** Epoch of the plan job; null when a person proposes. */
  readonly epoch: number | null;
  readonly document: PlanDocument;
  /** SHA-256 over the canonical document, computed where the document was made. */
  readonly documentSha256: string;
  readonly origin: PlanOrigin;
  readonly forecast: Plan["forecast"];
  /** Hash of the plan that its author changed; another one by now means that somebody was faster. Null: written afresh. */
  readonly seenSha256?: string | null;
}

/** No plan could be made: the ways on become a question. */
export interface ReportNoPlan {
  readonly kind: "report-no-plan";
  readonly requestId: string;
  readonly epoch: number;
  readonly question: BriefQuestion;
}

export interface ProposalSlice {
  readonly request: WorkRequest;
  readonly project: Project;
  /** The proposing person, when it is one. */
  readonly person: Person | undefined;
  readonly previous: Plan | undefined;
  /** Tasks of the previous plan, while that was still only proposed. */
  readonly previousTasks: readonly Task[];
  readonly items: readonly InboxItem[];
}

/** Stores a sound plan with its tasks and asks for approval. Unsound plans are refused with every problem found. */
export function decideProposal(slice: ProposalSlice, command: ProposePlan, context: DecideContext): Decided {
  const { request, project } = slice;
  const refused = proposalProblem(slice, command);
  if (refused !== null) return refused;
  const step = beginStep(context);
  const { draft } = step;
  supersede(step, slice);
  withdrawItems(step, slice.items, "a plan was proposed");
  const plan = createPlan(step, request, { ...command, origin: originOf(command, context) });
  draft.change(requestKind, request, { planId: asId(plan.id), planCount: request.planCount + 1 });
  if (request.state === "needs-input") moveRequest(step, request, { to: "planning" });
  if (request.state !== "awaiting-approval")
    moveRequest(step, request, { to: "awaiting-approval", data: { planId: plan.id, planNumber: plan.number } });
  askForApproval(step, request, { plan, project, divisions: divisionsOf(command.document) });
  return draft.accept({ id: plan.id, number: plan.number, state: plan.state, taskCount: plan.taskCount });
}

function proposalProblem({ request, person, previous }: ProposalSlice, command: ProposePlan): Refusal | null {
  if (command.epoch === null && !isActive(person))
    return refuse("forbidden", "plan.not-a-member", "Only an active member can propose a plan.");
  const stale = command.epoch === null ? null : staleRequestReport(request, "planning", command.epoch);
  if (stale !== null) return refuse("conflict", "request.stale-report", `This plan came too late: ${stale}.`);
  if (!["planning", "needs-input", "awaiting-approval"].includes(request.state)) {
    return refuse(
      "conflict",
      "plan.not-open",
      `The request is ${request.state}; a plan can be proposed while it is being planned or waits for approval.`,
    );
  }
  const lost = lostRace(previous, command.seenSha256);
  if (lost !== null) return lost;
  return unsound(command.document);
}

/** Refuses an unsound document with every problem found; null when it is sound. */
export function unsound(document: PlanDocument): Refusal | null {
  const problems = checkPlan(document);
  if (problems.length === 0) return null;
  const shown = problems.slice(0, 5).map((one) => one.message);
  return refuse("invalid", "plan.unsound", `The plan has ${problems.length} problem(s): ${shown.join(" ")}`, {
    problems: problems.slice(0, 200).map((one) => ({ ...one })),
  });
}

/** A person's plan is the person's own work, whatever the command says about where it came from. */
const originOf = (command: ProposePlan, { actor }: DecideContext): PlanOrigin =>
  command.epoch === null
    ? { kind: "person", name: command.origin.name, edited: true, authorId: asId<"person">(actor.id) satisfies PersonId }
    : command.origin;

/** Somebody changed the plan after this author had read it: writing over it would lose what they wrote. */
export function lostRace(plan: Plan | undefined, seenSha256: string | null | undefined): Refusal | null {
  if (seenSha256 === undefined || seenSha256 === null || plan?.documentSha256 === seenSha256) return null;
  return refuse("conflict", "plan.changed", "The plan has changed since you saw it; look at both before you write over it.", {
    planNumber: plan?.number ?? 0,
  });
}

function supersede(step: Step, { request, previous, previousTasks }: ProposalSlice): void {
  if (previous?.state !== "proposed") return;
  step.draft.change(planKind, previous, { state: "superseded", decidedAtMs: step.context.nowMs });
  step.draft.record(planKind, previous, "plan.superseded", { requestId: request.id });
  for (const task of previousTasks) moveTask(step, task, { to: "cancelled", event: "task.cancelled", data: { reason: "plan superseded" } });
}

function createPlan(step: Step, request: WorkRequest, { document, documentSha256, origin, forecast }: ProposePlan): Plan {
  const { draft, context } = step;
  const planId: PlanId = asId(context.newId());
  const tasks = wireTasks(document.decomposition, () => asId(context.newId())).map((wired) =>
    createTask(step, { ...wired, requestId: asId(request.id), planId, waitingOn: wired.dependsOn.length }),
  );
  const plan = draft.create(planKind, {
    id: planId,
    requestId: asId(request.id),
    number: request.planCount + 1,
    state: "proposed",
    origin,
    title: document.request,
    estimatedTimeline: document.estimated_timeline,
    resourceRequirements: document.resource_requirements,
    currency: document.currency,
    forecast,
    deliverable: document.deliverable ?? [],
    taskCount: tasks.length,
    alwaysReview: alwaysReviewOf(document.decomposition),
    costMicro: statedCost(document),
    documentSha256,
    openSinks: tasks.filter((task) => task.dependents.length === 0).length,
    proposedAtMs: context.nowMs,
    decidedAtMs: null,
  });
  return draft.record(planKind, plan, "plan.proposed", {
    requestId: request.id,
    number: plan.number,
    taskCount: plan.taskCount,
    documentSha256: plan.documentSha256,
    originKind: origin.kind,
    originName: origin.name,
    forecast: forecast === null ? null : { ...forecast, criticalPath: [...forecast.criticalPath], costMicro: { ...forecast.costMicro } },
  });
}

/** Sum of the tasks' stated costs, micro-units. */
export const statedCost = (document: PlanDocument): number => document.decomposition.reduce((sum, task) => sum + task.costMicro, 0);

/** Divisions that a plan's tasks name, sorted. */
export const divisionsOf = (document: PlanDocument): readonly string[] =>
  [...new Set(document.decomposition.flatMap((task) => task.division ?? []))].sort();

/** What a plan may cost: the dearer of stated and forecast. */
export const amountOf = (plan: Pick<Plan, "costMicro" | "forecast">): number => Math.max(plan.costMicro, plan.forecast?.costMicro.p90 ?? 0);

function askForApproval(
  step: Step,
  request: WorkRequest,
  { plan, project, divisions }: { readonly plan: Plan; readonly project: Project; readonly divisions: readonly string[] },
): void {
  const { authorId } = plan.origin;
  openItem(step, {
    kind: "approval",
    requestId: asId(request.id),
    subjectKind: "plan",
    subjectId: plan.id,
    title: `Approve plan ${plan.number} of "${request.title}" (${plan.taskCount === 1 ? "1 task" : `${plan.taskCount} tasks`})`,
    detail:
      "Nothing starts before this plan is approved. Approving starts the work; asking for changes makes a new plan; rejecting ends the request.",
    ruleId: "plan.approval-required",
    choices: [
      { id: "approve", label: "Approve and start", needs: "nothing" },
      { id: "changes", label: "Ask for another plan", needs: "reason" },
      { id: "reject", label: "Reject and end the request", needs: "reason" },
    ],
    risk: request.brief?.riskClass ?? "medium",
    roles: project.planApproverRoles,
    excludedPersonIds: authorId === null ? [] : [authorId],
    divisions,
    amountMicro: amountOf(plan),
    alwaysReview: plan.alwaysReview ?? alwaysReviewClasses,
    evidence: { planId: plan.id, documentSha256: plan.documentSha256, costMicro: plan.costMicro, currency: plan.currency },
  });
}

/** Turns a request that cannot be planned into a question with the ways on. */
export function decideNoPlan(
  slice: { readonly request: WorkRequest; readonly items: readonly InboxItem[] },
  command: ReportNoPlan,
  context: DecideContext,
): Decided {
  const stale = staleRequestReport(slice.request, "planning", command.epoch);
  if (stale !== null) return refuse("conflict", "request.stale-report", `This report came too late: ${stale}.`);
  const step = beginStep(context);
  const request = moveRequest(step, slice.request, { to: "needs-input", data: { reason: command.question.ruleId } });
  withdrawItems(step, slice.items, "planning has ended");
  askRequester(step, request, command.question);
  return step.draft.accept({ id: request.id, state: request.state });
}
