import type { Bench } from "../assignment/choose-performer.ts";
import type { Authority } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem, withdrawItems } from "../oversight/open-item.ts";
import { decideVote } from "../oversight/quorum.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { type Plan, planKind } from "../planning/plan.ts";
import { moveRequest, startRequestJob } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { amountOf } from "./decide-proposal.ts";
import { makeReady, moveTask } from "./dispatch-task.ts";
import { type Task, taskKind } from "./task.ts";

/** A person's decision about a proposed plan. `beforehand`: made with the submission, recorded now. */
export interface DecidePlan {
  readonly kind: "decide-plan";
  readonly planId: string;
  readonly choice: "approve" | "changes" | "reject";
  readonly reason: string;
  /** The hash the person saw; another one means that the plan has changed since. */
  readonly documentSha256: string | null;
  /** Typed short id, for a solo waiver. */
  readonly confirmation: string | null;
  readonly beforehand: boolean;
}

export interface PlanSlice {
  readonly request: WorkRequest;
  readonly plan: Plan;
  /** All tasks of the plan, locked; read for the approval only. */
  readonly tasks: readonly Task[];
  readonly items: readonly InboxItem[];
  readonly authority: Authority;
  readonly bench: Bench;
}

/** Approves, sends back or rejects a plan, with the decision on record. Only approval dispatches anything. */
export function decidePlan(slice: PlanSlice, command: DecidePlan, context: DecideContext): Decided {
  const { request, plan, authority } = slice;
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const refused = planProblem(slice, command, context);
  if (refused !== null) return refused;
  const voted = planVote(slice, command, context);
  if (voted !== null) return voted;
  const step = beginStep(context);
  const { draft } = step;
  recordDecision(step, {
    requestId: asId(request.id),
    subjectKind: "plan",
    subjectId: plan.id,
    question: `Approve plan ${plan.number}: ${plan.title}?`,
    options: [
      { id: "approve", label: "Approve and start" },
      { id: "changes", label: "Ask for another plan" },
      { id: "reject", label: "Reject" },
    ],
    choice: command.choice,
    rationale: command.beforehand ? "Decided with the submission: an unmodified playbook within budget." : command.reason,
    evidence: { documentSha256: plan.documentSha256, costMicro: plan.costMicro },
    authority: authority.rule,
    soloWaiver: authority.soloWaiver,
    basis: authority.basis,
  });
  closeItems(step, slice, { ...command, soloWaiver: authority.soloWaiver });
  draft.change(planKind, plan, { state: command.choice === "approve" ? "approved" : "rejected", decidedAtMs: context.nowMs });
  draft.record(planKind, plan, "plan.decided", {
    requestId: request.id,
    choice: command.choice,
    by: context.actor.id,
    documentSha256: plan.documentSha256,
  });
  if (command.choice === "approve") approve(step, slice);
  else sendBack(step, slice, command);
  return draft.accept({ id: plan.id, state: draft.current(planKind, plan).state, requestState: draft.current(requestKind, request).state });
}

/** Where several have to agree to the plan, an approval counts as one voice until the last one, whichever way it came in. */
function planVote({ items, plan, authority }: PlanSlice, command: DecidePlan, context: DecideContext): Decided | null {
  const asked = items.find((item) => item.subjectId === plan.id && (item.quorum ?? 1) > 1);
  const given = { choice: command.choice, reason: command.reason, value: null, inputs: [] };
  return asked === undefined ? null : decideVote({ item: asked, authority }, given, context);
}

function planProblem({ request, plan }: PlanSlice, command: DecidePlan, context: DecideContext): Refusal | null {
  if (plan.state !== "proposed" || request.state !== "awaiting-approval" || request.planId !== plan.id) {
    return refuse("conflict", "plan.not-open", `This plan is ${plan.state} and its request ${request.state}; there is nothing to decide.`);
  }
  if (command.documentSha256 !== null && command.documentSha256 !== plan.documentSha256) {
    return refuse("conflict", "plan.changed", "The plan has changed since you saw it; look at it again.");
  }
  if (command.choice !== "approve" && command.reason.trim() === "")
    return refuse("invalid", "plan.reason-missing", "Say why, so that the next plan is better; the reason is recorded.");
  if (!command.beforehand || decidedBeforehand(request, plan, context)) return null;
  return refuse(
    "forbidden",
    "plan.not-beforehand",
    "Only an unmodified playbook's plan within the budget and outside the classes that a person always reviews can be decided with the submission, by its requester; this one waits for a decision.",
  );
}

const decidedBeforehand = (request: WorkRequest, plan: Plan, context: DecideContext): boolean =>
  request.requesterId === context.actor.id && coversPlan(request, plan);

/** Whether the submission's own words decide this plan: an unmodified playbook's, within the budget. The dearer of stated and forecast cost counts. */
export function coversPlan(
  request: Pick<WorkRequest, "approveBeforehand" | "budgetMicro" | "rehearsal">,
  plan: { readonly origin: Pick<Plan["origin"], "kind" | "edited" | "proven"> } & Pick<Plan, "costMicro" | "forecast" | "alwaysReview">,
): boolean {
  const withinBudget = request.budgetMicro === null || amountOf(plan) <= request.budgetMicro;
  const unmodified = plan.origin.kind === "playbook" && !plan.origin.edited;
  return request.approveBeforehand && unmodified && withinBudget && !needsLook(request, plan);
}

/** Work of an always-review class is looked at before it starts, unless its playbook version has proven itself or nothing of it is real. */
const needsLook = (
  request: Pick<WorkRequest, "rehearsal">,
  plan: { readonly origin: Pick<Plan["origin"], "proven"> } & Pick<Plan, "alwaysReview">,
): boolean => !request.rehearsal && plan.origin.proven !== true && plan.alwaysReview?.length !== 0;

function approve(step: Step, slice: PlanSlice): void {
  const request = moveRequest(step, slice.request, { to: "active", data: { planId: slice.plan.id } });
  for (const task of slice.tasks) {
    const estimate = { ...task.spec.estimate };
    if (task.waitingOn > 0) {
      moveTask(step, task, { to: "waiting", event: "estimate.set", data: estimate });
      continue;
    }
    makeReady(step, task, { request, bench: slice.bench });
    step.draft.record(taskKind, task, "estimate.set", { requestId: task.requestId, taskKey: task.key, ...estimate });
  }
}

function sendBack(step: Step, slice: PlanSlice, command: DecidePlan): void {
  const { request } = slice;
  for (const task of slice.tasks) moveTask(step, task, { to: "cancelled", event: "task.cancelled", data: { reason: "plan rejected" } });
  if (command.choice === "reject") {
    moveRequest(step, request, { to: "rejected", data: { reason: command.reason } });
    return;
  }
  // What was said about how to do it led to the plan that was sent back: it is asked again.
  const { how: _how, ...answers } = request.answers;
  step.draft.change(requestKind, request, { answers });
  startRequestJob(step, moveRequest(step, request, { to: "planning", data: { reason: command.reason } }));
}

function closeItems(
  step: Step,
  slice: PlanSlice,
  answer: { readonly choice: string; readonly reason: string; readonly soloWaiver: boolean },
): void {
  const asked = slice.items.filter((item) => item.subjectId === slice.plan.id);
  for (const item of asked) closeItem(step, item, { ...answer, value: null });
  withdrawItems(
    step,
    slice.items.filter((item) => !asked.includes(item)),
    "the plan was decided",
  );
}
