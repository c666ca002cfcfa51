import type { InboxItem } from "../oversight/inbox-item.ts";
import { openItem, withdrawItems } from "../oversight/open-item.ts";
import type { Project } from "../oversight/person.ts";
import type { BriefQuestion } from "../requests/decide-brief.ts";
import { moveRequest, staleRequestReport } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import type { PlanDocument } from "../planning/plan-document.ts";
import { checkPlan } from "../planning/check-plan.ts";
import { type Plan, type PlanOrigin, planKind } from "../planning/plan.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { type Task, taskKind } from "./task.ts";

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
}

/** No plan could be made: the ways on become a question. */
export interface ReportNoPlan {
  readonly kind: "report-no-plan";
  readonly requestId: string;
  readonly epoch: number;
  readonly question: BriefQuestion;
}

/** Stores a sound plan with its tasks and asks for approval. Unsound plans are refused with every problem found. */
export function decideProposal(
  slice: { readonly request: WorkRequest; readonly project: Project; readonly previous: Plan | undefined; readonly items: readonly InboxItem[] },
  command: ProposePlan,
  context: DecideContext,
): Decided {
  const { request, project } = slice;
  const stale = command.epoch === null ? null : staleRequestReport(request, "planning", command.epoch);
  if (stale !== null) return refuse("conflict", "request.stale-report", `This plan came too late: ${stale}.`);
  if (!["planning", "needs-input", "awaiting-approval"].includes(request.state)) {
    return refuse("conflict", "plan.not-open", `The request is ${request.state}; a plan can be proposed while it is being planned or waits for approval.`);
  }
  const problems = checkPlan(command.document);
  if (problems.length > 0) {
    return refuse("invalid", "plan.unsound", `The plan has ${problems.length} problem(s): ${problems.slice(0, 5).map((one) => one.message).join(" ")}`, { problems: problems.map((one) => ({ ...one })) });
  }
  const draft = beginTransition();
  if (slice.previous?.state === "proposed") {
    draft.change(planKind, slice.previous, { state: "superseded", decidedAtMs: context.nowMs });
    draft.record(planKind, slice.previous, "plan.superseded", { requestId: request.id });
  }
  withdrawItems(draft, slice.items, "a plan was proposed");
  const plan = createPlan(draft, context, request, command);
  draft.change(requestKind, request, { planId: asId(plan.id), planCount: request.planCount + 1 });
  if (request.state !== "awaiting-approval") {
    if (request.state === "needs-input") moveRequest(draft, context, request, "planning");
    moveRequest(draft, context, request, "awaiting-approval", { planId: plan.id, planNumber: plan.number });
  }
  askForApproval(draft, context, request, plan, project);
  return draft.accept({ id: plan.id, number: plan.number, state: plan.state, taskCount: plan.taskCount });
}

function createPlan(draft: TransitionDraft, context: DecideContext, request: WorkRequest, command: ProposePlan): Plan {
  const { document } = command;
  const planId = context.newId();
  const tasks = createTasks(draft, context, request, planId, document);
  const plan = draft.create(planKind, {
    id: planId,
    requestId: asId(request.id),
    number: request.planCount + 1,
    state: "proposed",
    origin: command.origin,
    title: document.request,
    estimatedTimeline: document.estimated_timeline,
    resourceRequirements: document.resource_requirements,
    currency: document.currency,
    forecast: command.forecast,
    deliverable: document.deliverable ?? [],
    taskCount: tasks.length,
    costMicro: document.decomposition.reduce((sum, task) => sum + task.costMicro, 0),
    documentSha256: command.documentSha256,
    openSinks: tasks.filter((task) => task.dependents.length === 0).length,
    proposedAtMs: context.nowMs,
    decidedAtMs: null,
  });
  return draft.record(planKind, plan, "plan.proposed", {
    requestId: request.id,
    number: plan.number,
    taskCount: plan.taskCount,
    documentSha256: plan.documentSha256,
    originKind: command.origin.kind,
    originName: command.origin.name,
    forecast: command.forecast === null ? null : { ...command.forecast, criticalPath: [...command.forecast.criticalPath], costMicro: { ...command.forecast.costMicro } },
  });
}

function createTasks(draft: TransitionDraft, context: DecideContext, request: WorkRequest, planId: string, document: PlanDocument): readonly Task[] {
  const idOf = new Map(document.decomposition.map((spec) => [spec.task, asId<"task">(context.newId())]));
  const dependentsOf = new Map<string, (typeof idOf extends Map<string, infer Value> ? Value : never)[]>();
  for (const spec of document.decomposition) {
    const id = idOf.get(spec.task);
    for (const key of spec.dependencies) if (id !== undefined) dependentsOf.set(key, [...(dependentsOf.get(key) ?? []), id]);
  }
  return document.decomposition.map((spec, index) =>
    draft.create(taskKind, {
      id: idOf.get(spec.task) ?? asId<"task">(context.newId()),
      requestId: asId(request.id),
      planId: asId(planId),
      key: spec.task,
      ordinal: index + 1,
      title: spec.title,
      state: "proposed",
      stateSinceMs: context.nowMs,
      spec,
      dependsOn: spec.dependencies.flatMap((key) => idOf.get(key) ?? []),
      dependents: dependentsOf.get(spec.task) ?? [],
      waitingOn: spec.dependencies.length,
      blockedBy: null,
      blockers: [],
      performer: null,
      executor: null,
      assignment: null,
      attemptId: null,
      attemptNumber: 0,
      attemptCount: 0,
      round: 0,
      reworkPoints: [],
      answers: [],
      excludedPerformers: [],
      outputs: [],
      costMicro: 0,
      readyAtMs: null,
      startedAtMs: null,
      acceptedAtMs: null,
    }),
  );
}

function askForApproval(draft: TransitionDraft, context: DecideContext, request: WorkRequest, plan: Plan, project: Project): void {
  const { authorId } = plan.origin;
  openItem(draft, context, {
    kind: "approval",
    requestId: asId(request.id),
    subjectKind: "plan",
    subjectId: plan.id,
    title: `Approve plan ${plan.number} of "${request.title}" (${plan.taskCount} tasks)`,
    detail: "Nothing starts before this plan is approved. Approving starts the work; asking for changes makes a new plan; rejecting ends the request.",
    ruleId: "plan.approval-required",
    choices: [
      { id: "approve", label: "Approve and start", needs: "nothing" },
      { id: "changes", label: "Ask for another plan", needs: "plan" },
      { id: "reject", label: "Reject and end the request", needs: "reason" },
    ],
    risk: request.brief?.riskClass ?? "medium",
    roles: project.planApproverRoles,
    excludedPersonIds: authorId === null ? [] : [authorId],
    evidence: { planId: plan.id, documentSha256: plan.documentSha256, costMicro: plan.costMicro, currency: plan.currency },
  });
}

/** Turns a request that cannot be planned into a question with the ways on. */
export function decideNoPlan(slice: { readonly request: WorkRequest }, command: ReportNoPlan, context: DecideContext): Decided {
  const stale = staleRequestReport(slice.request, "planning", command.epoch);
  if (stale !== null) return refuse("conflict", "request.stale-report", `This report came too late: ${stale}.`);
  const draft = beginTransition();
  const request = moveRequest(draft, context, slice.request, "needs-input", { reason: command.question.ruleId });
  const { question } = command;
  openItem(draft, context, {
    kind: "question",
    requestId: asId(request.id),
    subjectKind: "request",
    subjectId: request.id,
    title: question.title,
    detail: question.detail,
    ruleId: question.ruleId,
    choices: question.choices,
    evidence: { questionId: question.id },
  });
  return draft.accept({ id: request.id, state: request.state });
}
