import type { Bench } from "../assignment/choose-performer.ts";
import type { CheckResult } from "../execution/attempt.ts";
import { makeReady, moveTask } from "../execution/dispatch-task.ts";
import { type Task, taskKind, taskMoves } from "../execution/task.ts";
import { type InboxItem } from "../oversight/inbox-item.ts";
import { type Authority, answerProblem } from "../oversight/authority.ts";
import { closeItem, openItem, withdrawItems } from "../oversight/open-item.ts";
import { planKind, type Plan } from "../planning/plan.ts";
import type { AnswerItem } from "../requests/decide-request-answer.ts";
import { moveRequest, staleRequestReport, startRequestJob } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import type { Artifact } from "../shared/content.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { mayMove } from "../shared/moves.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { type Deliverable, deliverableKind } from "./deliverable.ts";

/** The report of an integrate job: the assembled deliverable and the checks on the whole. */
export interface FinishIntegration {
  readonly kind: "finish-integration";
  readonly requestId: string;
  readonly epoch: number;
  readonly files: readonly Artifact[];
  readonly checks: readonly CheckResult[];
}

/** Sends delivered work back: the named tasks are done again. */
export interface ReopenRequest {
  readonly kind: "reopen-request";
  readonly requestId: string;
  /** Keys of the tasks to do again; at least one. */
  readonly taskKeys: readonly string[];
  readonly reason: string;
}

export interface IntegrationSlice {
  readonly request: WorkRequest;
  readonly plan: Plan;
  /** Every task of the plan, locked. */
  readonly tasks: readonly Task[];
  readonly items: readonly InboxItem[];
}

/** Delivers what passed as a whole; a deliverable that does not hold goes to a person with the failed checks. */
export function decideIntegration(slice: IntegrationSlice, command: FinishIntegration, context: DecideContext): Decided {
  const { request, plan } = slice;
  const stale = staleRequestReport(request, "integrating", command.epoch);
  if (stale !== null) return refuse("conflict", "request.stale-report", `This deliverable came too late: ${stale}.`);
  const draft = beginTransition();
  const failed = command.checks.filter((check) => check.verdict !== "pass");
  if (failed.length > 0 || command.checks.length === 0) {
    openItem(draft, context, {
      kind: "escalation",
      requestId: asId(request.id),
      subjectKind: "request",
      subjectId: request.id,
      title: `The deliverable of "${request.title}" does not hold as a whole`,
      detail: failed.map((check) => check.detail).join(" ") || "No check ran on it.",
      ruleId: "integration.whole-not-verified",
      choices: [
        { id: "retry", label: "Assemble and check again", needs: "nothing" },
        { id: "cancel", label: "Cancel the request", needs: "reason" },
      ],
      risk: "medium",
      roles: ["administrator", "director", "lead"],
    });
    draft.record(requestKind, request, "integration.failed", { requestId: request.id, failed: failed.map((check) => check.criterionId) });
    return draft.accept({ id: request.id, state: request.state, delivered: false });
  }
  const deliverable: Deliverable = draft.create(deliverableKind, {
    id: context.newId(),
    requestId: asId(request.id),
    planId: asId(plan.id),
    state: "delivered",
    rehearsal: request.rehearsal,
    files: command.files,
    checks: command.checks,
    deliveredAtMs: context.nowMs,
  });
  draft.record(deliverableKind, deliverable, "deliverable.delivered", { requestId: request.id, files: command.files.map((file) => file.name) });
  for (const task of slice.tasks) if (task.state === "passed") moveTask(draft, context, task, "integrated", "task.integrated", {});
  withdrawItems(draft, slice.items, "the request was delivered");
  moveRequest(draft, context, request, "delivered", { deliverableId: deliverable.id });
  draft.change(requestKind, request, { deliverableId: asId(deliverable.id), deliveredAtMs: context.nowMs });
  return draft.accept({ id: request.id, state: "delivered", deliverableId: deliverable.id });
}

/** Reopens delivered work at the named tasks; what they feed is done again as well. */
export function decideReopening(
  slice: IntegrationSlice & { readonly deliverable: Deliverable; readonly again: readonly Task[]; readonly bench: Bench },
  command: ReopenRequest,
  context: DecideContext,
): Decided {
  const { request, plan, again } = slice;
  if (request.state !== "delivered" && request.state !== "closed") return refuse("conflict", "request.not-delivered", `The request is ${request.state}; only delivered work can be reopened.`);
  if (again.length === 0) return refuse("invalid", "request.nothing-to-reopen", "Name at least one task that is to be done again.");
  if (command.reason.trim() === "") return refuse("invalid", "request.reason-missing", "Say what is wrong; the performer needs it.");
  const draft = beginTransition();
  const keys = new Set(again.map((task) => task.id));
  draft.change(deliverableKind, slice.deliverable, { state: "reopened" });
  draft.record(deliverableKind, slice.deliverable, "deliverable.reopened", { requestId: request.id, reason: command.reason });
  moveRequest(draft, context, request, "active", { reason: command.reason });
  for (const task of again) {
    const waitingOn = task.dependsOn.filter((id) => keys.has(id)).length;
    moveTask(draft, context, task, "rework", "task.reopened", { reason: command.reason });
    const named = command.taskKeys.includes(task.key);
    if (waitingOn > 0) moveTask(draft, context, task, "waiting", "task.waiting", { reason: command.reason });
    draft.change(taskKind, task, { waitingOn, attemptCount: 0, outputs: [], acceptedAtMs: null, reworkPoints: named ? [{ id: "reopened", from: "requester", text: command.reason }] : [] });
    if (waitingOn === 0) makeReady(draft, context, draft.current(taskKind, task), slice.bench, false);
  }
  draft.change(planKind, plan, { openSinks: plan.openSinks + again.filter((task) => task.dependents.length === 0).length });
  return draft.accept({ id: request.id, state: "active", again: again.map((task) => task.key) });
}

/** A person's word on a deliverable that did not hold: assemble again, or end the request. */
export function decideIntegrationAnswer(slice: IntegrationSlice & { readonly item: InboxItem; readonly authority: Authority }, command: AnswerItem, context: DecideContext): Decided {
  const { request, item, authority } = slice;
  const problem = answerProblem(item, command.choice);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  if (request.state !== "integrating") return refuse("conflict", "inbox.moved-on", `The request is ${request.state} by now; this answer no longer applies.`);
  const draft = beginTransition();
  closeItem(draft, context, item, { choice: command.choice, value: command.value, reason: command.reason, soloWaiver: authority.soloWaiver });
  if (command.choice === "retry") startRequestJob(draft, request, "integrate");
  else {
    for (const task of slice.tasks) if (mayMove(taskMoves, task.state, "cancelled")) moveTask(draft, context, task, "cancelled", "task.cancelled", { reason: command.reason });
    moveRequest(draft, context, request, "cancelled", { reason: command.reason });
  }
  return draft.accept({ id: item.id, state: "answered", requestState: draft.current(requestKind, request).state });
}
