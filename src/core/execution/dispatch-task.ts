import { type Bench, choosePerformer } from "../assignment/choose-performer.ts";
import { openItem } from "../oversight/open-item.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { invariant } from "../shared/failure.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { mayMove } from "../shared/moves.ts";
import type { TransitionDraft } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { type Task, type TaskState, taskKind, taskMoves } from "./task.ts";

/** Moves a task along its machine and records it under `event`. */
export function moveTask(draft: TransitionDraft, context: DecideContext, task: Task, to: TaskState, event: string, data: JsonObject = {}): Task {
  const now = draft.current(taskKind, task);
  invariant(mayMove(taskMoves, now.state, to), `task ${now.state} -> ${to}`);
  draft.change(taskKind, now, { state: to, stateSinceMs: context.nowMs });
  return draft.record(taskKind, now, event, { requestId: now.requestId, taskKey: now.key, from: now.state, ...data });
}

/**
 * Makes a task ready and, unless its request is paused, gives it to a performer. Work of a person stays ready
 * until somebody claims it; everything else becomes a leased attempt with a job. Cost does not depend on the plan.
 */
export function makeReady(draft: TransitionDraft, context: DecideContext, task: Task, bench: Bench, paused: boolean): Task {
  moveTask(draft, context, task, "ready", "task.ready");
  const ready = draft.change(taskKind, task, { readyAtMs: context.nowMs, blockedBy: null });
  return paused ? ready : assignReady(draft, context, ready, bench);
}

/** Gives a ready task to the best performer; nobody left means a person decides. */
export function assignReady(draft: TransitionDraft, context: DecideContext, task: Task, bench: Bench): Task {
  const now = draft.current(taskKind, task);
  const choice = choosePerformer(now.spec, bench, now.excludedPerformers);
  if (choice.kind === "nobody") return escalateUnassignable(draft, context, now, choice.reason);
  if (choice.executor === "human") {
    draft.change(taskKind, now, { executor: "human", performer: choice.performer, assignment: choice.reason });
    return draft.record(taskKind, now, "task.offered", { requestId: now.requestId, taskKey: now.key, persona: choice.performer.id });
  }
  return leaseAttempt(draft, context, draft.change(taskKind, now, { performer: choice.performer, executor: choice.executor, assignment: choice.reason }));
}

function escalateUnassignable(draft: TransitionDraft, context: DecideContext, task: Task, reason: string): Task {
  moveTask(draft, context, task, "blocked", "task.blocked", { reason });
  openItem(draft, context, {
    kind: "escalation",
    requestId: task.requestId,
    subjectKind: "task",
    subjectId: task.id,
    title: `Nobody can do "${task.title}"`,
    detail: reason,
    ruleId: "assignment.nobody-left",
    choices: [
      { id: "human", label: "Let a person do it", needs: "nothing" },
      { id: "anyone", label: "Try again with all performers", needs: "nothing" },
      { id: "cancel", label: "Cancel the task", needs: "reason" },
    ],
    risk: task.spec.risk,
  });
  return draft.change(taskKind, task, { blockedBy: "assignment" });
}

/** Opens the next attempt of an assigned task and enqueues its job. */
function leaseAttempt(draft: TransitionDraft, context: DecideContext, task: Task): Task {
  invariant(task.performer !== null && task.executor !== null, "an assigned task has a performer and an executor");
  const attempt: Attempt = draft.create(attemptKind, {
    id: context.newId(),
    taskId: asId(task.id),
    requestId: task.requestId,
    number: task.attemptNumber + 1,
    state: "leased",
    performer: task.performer,
    executor: task.executor,
    epoch: 1,
    handOvers: 0,
    startedAtMs: null,
    endedAtMs: null,
    interpretation: "",
    reworkPoints: task.reworkPoints,
    pointAnswers: {},
    outputs: [],
    checks: [],
    costMicro: 0,
    failure: null,
    notes: [],
  });
  draft.record(attemptKind, attempt, "attempt.leased", { requestId: task.requestId, taskId: task.id, taskKey: task.key, number: attempt.number, performer: task.performer.id, executor: task.executor });
  draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch: 1 });
  draft.change(taskKind, task, { attemptId: asId(attempt.id), attemptNumber: attempt.number });
  return moveTask(draft, context, task, "assigned", "task.assigned", { performer: task.performer.id, executor: task.executor });
}
