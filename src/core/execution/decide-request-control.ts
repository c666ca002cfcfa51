import type { Bench } from "../assignment/choose-performer.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { withdrawItems } from "../oversight/open-item.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import type { WorkRequest } from "../requests/request.ts";
import { requestKind } from "../requests/request.ts";
import { moveRequest, startRequestJob } from "../requests/move-request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { isTerminal, mayMove } from "../shared/moves.ts";
import { type Decided, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { requestMoves } from "../requests/request.ts";
import { type Attempt, attemptKind, attemptMoves } from "./attempt.ts";
import { assignReady, moveTask } from "./dispatch-task.ts";
import { type Task, taskMoves } from "./task.ts";

/** A person's word about a whole request. */
export interface ControlRequest {
  readonly kind: "cancel-request" | "pause-request" | "resume-request" | "close-request";
  readonly requestId: string;
  readonly reason: string;
}

/** What the word touches: live tasks and attempts for cancelling, ready tasks for resuming, open items. */
export interface ControlSlice {
  readonly request: WorkRequest;
  readonly tasks: readonly Task[];
  readonly attempts: readonly Attempt[];
  readonly items: readonly InboxItem[];
  readonly bench: Bench;
}

/** Cancels, pauses, resumes or closes a request, wherever its machine allows it. */
export function decideRequestControl(slice: ControlSlice, command: ControlRequest, context: DecideContext): Decided {
  const { request } = slice;
  const to = targetState(request, command.kind);
  if (to === null || !mayMove(requestMoves, request.state, to)) {
    return refuse("conflict", "request.illegal-move", `A request that is ${request.state} cannot be told to ${command.kind.replace("-request", "")}.`);
  }
  const draft = beginTransition();
  recordDecision(draft, context, {
    requestId: asId(request.id),
    subjectKind: "request",
    subjectId: request.id,
    question: `What should happen to "${request.title}"?`,
    options: [{ id: command.kind, label: command.kind.replace("-", " ") }],
    choice: command.kind,
    rationale: command.reason,
    evidence: { state: request.state },
    authority: "any-member",
    soloWaiver: false,
  });
  if (command.kind === "pause-request") draft.change(requestKind, request, { pausedFrom: request.state });
  const moved = moveRequest(draft, context, request, to, { reason: command.reason });
  if (command.kind === "cancel-request") cancelWork(draft, context, slice, command.reason);
  if (command.kind === "resume-request") resumeWork(draft, context, slice, moved);
  return draft.accept({ id: request.id, state: to });
}

function targetState(request: WorkRequest, kind: ControlRequest["kind"]): WorkRequest["state"] | null {
  switch (kind) {
    case "cancel-request":
      return "cancelled";
    case "pause-request":
      return "paused";
    case "resume-request":
      return request.state === "paused" ? request.pausedFrom : null;
    case "close-request":
      return "closed";
  }
}

function cancelWork(draft: TransitionDraft, context: DecideContext, slice: ControlSlice, reason: string): void {
  for (const task of slice.tasks) if (mayMove(taskMoves, task.state, "cancelled")) moveTask(draft, context, task, "cancelled", "task.cancelled", { reason });
  for (const attempt of slice.attempts) {
    if (isTerminal(attemptMoves, attempt.state)) continue;
    draft.change(attemptKind, attempt, { state: "cancelled", endedAtMs: context.nowMs });
    draft.record(attemptKind, attempt, "run.ended", { requestId: attempt.requestId, outcome: "cancelled", reason });
  }
  withdrawItems(draft, slice.items, "the request was cancelled");
}

/** Starts again what the pause held back: the request's own job, or every ready task. */
function resumeWork(draft: TransitionDraft, context: DecideContext, slice: ControlSlice, request: WorkRequest): void {
  draft.change(requestKind, request, { pausedFrom: null });
  if (request.state === "analysing") startRequestJob(draft, request, "analyse");
  if (request.state === "planning") startRequestJob(draft, request, "plan");
  if (request.state === "integrating") startRequestJob(draft, request, "integrate");
  for (const task of slice.tasks) {
    if (task.state === "ready" && task.executor !== "human") assignReady(draft, context, task, slice.bench);
    // An assigned task whose start was refused while paused gets its job again, under a new epoch.
    const attempt = slice.attempts.find((one) => one.id === task.attemptId);
    if (task.state === "assigned" && attempt !== undefined) {
      const again = draft.change(attemptKind, attempt, { epoch: attempt.epoch + 1 });
      draft.record(attemptKind, attempt, "attempt.leased", { requestId: attempt.requestId, epoch: again.epoch, reason: "resumed" });
      draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch: again.epoch });
    }
  }
}
