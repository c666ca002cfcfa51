import type { CheckResult } from "../execution/attempt.ts";
import { moveTask } from "../execution/dispatch-task.ts";
import type { Task } from "../execution/task.ts";
import { type Authority, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem, openItem, withdrawItems } from "../oversight/open-item.ts";
import { recordAnswer } from "../oversight/record-decision.ts";
import type { Plan } from "../planning/plan.ts";
import type { AnswerItem } from "../requests/decide-request-answer.ts";
import { moveRequest, requestJobs, staleRequestReport, startRequestJob } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import { type LiveWork, cancelWork } from "../review/decide-request-control.ts";
import type { Artifact } from "../shared/content.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Deliverable, deliverableKind } from "./deliverable.ts";

/** The report of an integrate job: the assembled deliverable and the checks on the whole. */
export interface FinishIntegration {
  readonly kind: "finish-integration";
  readonly requestId: string;
  readonly epoch: number;
  readonly files: readonly Artifact[];
  readonly checks: readonly CheckResult[];
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
  const { request } = slice;
  const stale = staleRequestReport(request, "integrating", command.epoch);
  if (stale !== null) return refuse("conflict", "request.stale-report", `This deliverable came too late: ${stale}.`);
  const step = beginStep(context);
  const failed = command.checks.filter((check) => check.verdict !== "pass" || Object.keys(check.evidence).length === 0);
  if (failed.length > 0 || command.checks.length === 0) {
    escalate(step, slice, { command, failed });
    return step.draft.accept({ id: request.id, state: request.state, delivered: false });
  }
  const deliverable = deliver(step, slice, command);
  return step.draft.accept({ id: request.id, state: "delivered", deliverableId: deliverable.id });
}

/** What is there may be handed over without what was given up; damaged parts and open work may not. */
const isLackingOnly = ({ files }: FinishIntegration, failed: readonly CheckResult[]): boolean =>
  files.length > 0 && failed.length > 0 && failed.every((check) => check.criterionId === "complete");

interface NotWhole {
  readonly command: FinishIntegration;
  readonly failed: readonly CheckResult[];
}

function escalate(step: Step, { request, items }: IntegrationSlice, { command, failed }: NotWhole): void {
  const mayDeliver = isLackingOnly(command, failed);
  // Only what was asked about the job itself; nothing else is settled by it.
  withdrawItems(
    step,
    items.filter((item) => item.kind === "escalation" && item.subjectKind === "request"),
    "the deliverable was assembled again",
  );
  openItem(step, {
    kind: "escalation",
    requestId: asId(request.id),
    subjectKind: "request",
    subjectId: request.id,
    title: `The deliverable of "${request.title}" does not hold as a whole`,
    detail: failed.map((check) => check.detail).join(" ") || "No check ran on it.",
    ruleId: "integration.whole-not-verified",
    choices: [
      { id: "retry", label: "Assemble and check again", needs: "nothing" },
      ...(mayDeliver ? [{ id: "accept", label: "Deliver it as it is", needs: "reason" } as const] : []),
      { id: "cancel", label: "Cancel the request", needs: "reason" },
    ],
    risk: "medium",
    roles: ["administrator", "director", "lead"],
    evidence: { failed: failed.map((check) => check.criterionId), files: command.files.map((file) => file.name).slice(0, maxNamed) },
    ...(mayDeliver ? { proposed: { files: command.files, checks: command.checks } as unknown as JsonObject } : {}), // a report of a job is plain JSON
  });
  // The report has ended the job: a second one under this epoch must not ask twice.
  step.draft.change(requestKind, request, { epoch: request.epoch + 1 });
  step.draft.record(requestKind, request, "integration.failed", {
    requestId: request.id,
    failed: failed.map((check) => check.criterionId),
  });
}

/** Parts named in the evidence. */
const maxNamed = 100;

type Assembled = Pick<FinishIntegration, "files" | "checks">;

function deliver(step: Step, { request, plan, tasks, items }: IntegrationSlice, command: Assembled): Deliverable {
  const { draft, context } = step;
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
  draft.record(deliverableKind, deliverable, "deliverable.delivered", {
    requestId: request.id,
    files: command.files.map((file) => file.name),
  });
  for (const task of tasks) if (task.state === "passed") moveTask(step, task, { to: "integrated", event: "task.integrated" });
  withdrawItems(step, items, "the request was delivered");
  moveRequest(step, request, { to: "delivered", data: { deliverableId: deliverable.id } });
  draft.change(requestKind, request, { deliverableId: asId(deliverable.id), deliveredAtMs: context.nowMs });
  return deliverable;
}

/** A person's word on a request whose own job needs one: a deliverable that did not hold, or a job that brings workers down. */
export function decideIntegrationAnswer(
  slice: LiveWork & { readonly item: InboxItem; readonly authority: Authority },
  command: AnswerItem,
  context: DecideContext,
): Decided {
  const { request, item, authority } = slice;
  const problem = answerProblem(item, command);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  if (requestJobs[request.state] === undefined)
    return refuse("conflict", "inbox.moved-on", `The request is ${request.state} by now; this answer no longer applies.`);
  const step = beginStep(context);
  closeItem(step, item, { ...command, soloWaiver: authority.soloWaiver });
  recordAnswer(step, item, { ...command, authority });
  const { plan } = slice;
  const assembled = item.proposed as unknown as Assembled | undefined; // written by `escalate`
  if (command.choice === "retry") startRequestJob(step, request);
  else if (command.choice === "accept" && assembled !== undefined && plan !== undefined) deliver(step, { ...slice, plan }, assembled);
  else {
    cancelWork(step, slice, command.reason);
    moveRequest(step, request, { to: "cancelled", data: { reason: command.reason } });
  }
  return step.draft.accept({ id: item.id, state: "answered", requestState: step.draft.current(requestKind, request).state });
}
