import type { Bench } from "../assignment/choose-performer.ts";
import { type Authority } from "../oversight/authority.ts";
import { closeItem, withdrawItems } from "../oversight/open-item.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { type Plan, planKind } from "../planning/plan.ts";
import { moveRequest, startRequestJob } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
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
  if (plan.state !== "proposed" || request.state !== "awaiting-approval" || request.planId !== plan.id) {
    return refuse("conflict", "plan.not-open", `This plan is ${plan.state} and its request ${request.state}; there is nothing to decide.`);
  }
  if (command.documentSha256 !== null && command.documentSha256 !== plan.documentSha256) {
    return refuse("conflict", "plan.changed", "The plan has changed since you saw it; look at it again.");
  }
  const draft = beginTransition();
  recordDecision(draft, context, {
    requestId: asId(request.id),
    subjectKind: "plan",
    subjectId: plan.id,
    question: `Approve plan ${plan.number}: ${plan.title}?`,
    options: [{ id: "approve", label: "Approve and start" }, { id: "changes", label: "Ask for another plan" }, { id: "reject", label: "Reject" }],
    choice: command.choice,
    rationale: command.beforehand ? "Decided with the submission: an unmodified playbook within budget." : command.reason,
    evidence: { documentSha256: plan.documentSha256, costMicro: plan.costMicro },
    authority: authority.rule,
    soloWaiver: authority.soloWaiver,
  });
  closeItems(draft, context, slice, command, authority.soloWaiver);
  draft.change(planKind, plan, { state: command.choice === "approve" ? "approved" : "rejected", decidedAtMs: context.nowMs });
  draft.record(planKind, plan, "plan.decided", { requestId: request.id, choice: command.choice, by: context.actor.id, documentSha256: plan.documentSha256 });
  if (command.choice === "approve") approve(draft, context, slice);
  else sendBack(draft, context, slice, command);
  return draft.accept({ id: plan.id, state: draft.current(planKind, plan).state, requestState: draft.current(requestKind, request).state });
}

function approve(draft: TransitionDraft, context: DecideContext, slice: PlanSlice): void {
  moveRequest(draft, context, slice.request, "active", { planId: slice.plan.id });
  for (const task of slice.tasks) {
    const { lowHours, likelyHours, highHours } = task.spec.estimate;
    if (task.waitingOn === 0) {
      makeReady(draft, context, task, slice.bench, false);
      draft.record(taskKind, task, "estimate.set", { requestId: task.requestId, taskKey: task.key, lowHours, likelyHours, highHours });
    } else moveTask(draft, context, task, "waiting", "estimate.set", { lowHours, likelyHours, highHours });
  }
}

function sendBack(draft: TransitionDraft, context: DecideContext, slice: PlanSlice, command: DecidePlan): void {
  for (const task of slice.tasks) moveTask(draft, context, task, "cancelled", "task.cancelled", { reason: "plan rejected" });
  if (command.choice === "reject") moveRequest(draft, context, slice.request, "rejected", { reason: command.reason });
  else startRequestJob(draft, moveRequest(draft, context, slice.request, "planning", { reason: command.reason }), "plan");
}

function closeItems(draft: TransitionDraft, context: DecideContext, slice: PlanSlice, command: DecidePlan, soloWaiver: boolean): void {
  const [asked, ...others] = slice.items.filter((item) => item.subjectId === slice.plan.id);
  if (asked !== undefined) closeItem(draft, context, asked, { choice: command.choice, value: null, reason: command.reason, soloWaiver });
  withdrawItems(draft, others, "the plan was decided");
}
