import type { Bench } from "../assignment/choose-performer.ts";
import { type Authority, isActive } from "../oversight/authority.ts";
import type { Clock } from "../oversight/clock.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { withdrawItems } from "../oversight/open-item.ts";
import type { Person } from "../oversight/person.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { type Plan, planKind } from "../planning/plan.ts";
import { moveRequest, startRequestJob } from "../requests/move-request.ts";
import { type WorkRequest, requestKind, requestMoves } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { isTerminal, mayMove } from "../shared/moves.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind, attemptMoves } from "../execution/attempt.ts";
import { assignReady, cancelAttempt, moveTask } from "../execution/dispatch-task.ts";
import { type Task, taskMoves } from "../execution/task.ts";
import { integrateWhenDone } from "../execution/unlock-dependents.ts";
import { type Review, reviewKind } from "./review.ts";

/** A person's word about a whole request. */
export interface ControlRequest {
  readonly kind: "cancel-request" | "pause-request" | "resume-request" | "close-request";
  readonly requestId: string;
  readonly reason: string;
}

/** The live work of a request: what ends with it, and what a pause holds back. */
export interface LiveWork {
  readonly request: WorkRequest;
  /** The present plan; absent before the first. */
  readonly plan: Plan | undefined;
  readonly tasks: readonly Task[];
  /** The attempts those tasks are at. */
  readonly attempts: readonly Attempt[];
  /** Clocks that would end those attempts. */
  readonly clocks: readonly Clock[];
  /** Open reviews of the request. */
  readonly reviews: readonly Review[];
  /** Open items of the request. */
  readonly items: readonly InboxItem[];
}

export interface ControlSlice extends LiveWork {
  readonly bench: Bench;
  readonly person: Person | undefined;
  /** What the policies in force say of this person and this word. */
  readonly authority: Authority;
}

/** Cancels, pauses, resumes or closes a request, wherever its machine allows it. The policies in force say who may; who did, and by which of them, is on record. */
export function decideRequestControl(slice: ControlSlice, command: ControlRequest, context: DecideContext): Decided {
  const { request, authority } = slice;
  if (!isActive(slice.person)) return refuse("forbidden", "request.not-a-member", "Only an active member can steer a request.");
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const to = targetState(request, command.kind);
  if (to === null || !mayMove(requestMoves, request.state, to)) {
    return refuse(
      "conflict",
      "request.illegal-move",
      `A request that is ${request.state} cannot be told to ${command.kind.replace("-request", "")}.`,
    );
  }
  const step = beginStep(context);
  recordDecision(step, {
    requestId: asId(request.id),
    subjectKind: "request",
    subjectId: request.id,
    question: `What should happen to "${request.title}"?`,
    options: [{ id: command.kind, label: command.kind.replace("-", " ") }],
    choice: command.kind,
    rationale: command.reason,
    evidence: { state: request.state },
    authority: authority.rule,
    soloWaiver: false,
    basis: authority.basis,
  });
  if (command.kind === "cancel-request") cancelWork(step, slice, command.reason);
  if (command.kind === "pause-request") step.draft.change(requestKind, request, { pausedFrom: request.state });
  const moved = moveRequest(step, request, { to, data: { reason: command.reason } });
  if (command.kind === "resume-request") resumeWork(step, slice, moved);
  return step.draft.accept({ id: request.id, state: step.draft.current(requestKind, request).state });
}

function targetState(request: WorkRequest, kind: ControlRequest["kind"]): WorkRequest["state"] | null {
  switch (kind) {
    case "cancel-request":
      return "cancelled";
    case "pause-request":
      return "paused";
    case "resume-request":
      return request.pausedFrom;
    case "close-request":
      return "closed";
  }
}

/** Ends everything that a cancelled request had going: tasks, attempts, reviews, questions, and a plan nobody has to decide any more. */
export function cancelWork(step: Step, work: LiveWork, reason: string): void {
  for (const task of work.tasks)
    if (mayMove(taskMoves, task.state, "cancelled")) moveTask(step, task, { to: "cancelled", event: "task.cancelled", data: { reason } });
  for (const attempt of work.attempts)
    if (!isTerminal(attemptMoves, attempt.state)) cancelAttempt(step, attempt, { reason, clocks: work.clocks });
  for (const review of work.reviews) withdrawReview(step, review, reason);
  withdrawItems(step, work.items, "the request was cancelled");
  const { plan } = work;
  if (plan?.state === "proposed") {
    step.draft.change(planKind, plan, { state: "superseded", decidedAtMs: step.context.nowMs });
    step.draft.record(planKind, plan, "plan.superseded", { requestId: work.request.id, reason });
  } else if (plan !== undefined && plan.openSinks > 0) step.draft.change(planKind, plan, { openSinks: 0 });
}

/** Closes a review that nobody needs any more; its job is refused from now on. */
export function withdrawReview({ draft, context }: Step, review: Review, reason: string): void {
  draft.change(reviewKind, review, { state: "withdrawn", decidedAtMs: context.nowMs });
  draft.record(reviewKind, review, "review.withdrawn", { requestId: review.requestId, reason });
}

/** Starts again what the pause held back: the request's own job, every ready task, or the integration. */
function resumeWork(step: Step, slice: ControlSlice, request: WorkRequest): void {
  const { draft } = step;
  draft.change(requestKind, request, { pausedFrom: null });
  startRequestJob(step, request);
  // The job that is started now will tell anew what it cannot do.
  withdrawItems(
    step,
    slice.items.filter((item) => item.kind === "escalation" && item.subjectKind === "request"),
    "the request was resumed",
  );
  for (const task of slice.tasks) {
    if (task.state === "ready" && task.executor === null) assignReady(step, task, slice.bench);
    // An assigned task whose start was refused while paused gets its job again, under a new epoch.
    const attempt = slice.attempts.find((one) => one.id === task.attemptId);
    if (task.state === "assigned" && attempt !== undefined) {
      const again = draft.change(attemptKind, attempt, { epoch: attempt.epoch + 1 });
      draft.record(attemptKind, attempt, "attempt.leased", { requestId: attempt.requestId, epoch: again.epoch, reason: "resumed" });
      draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch: again.epoch });
    }
  }
  if (slice.plan?.state === "approved") integrateWhenDone(step, request, slice.plan);
}
