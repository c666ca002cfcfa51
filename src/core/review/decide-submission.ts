import { attemptKind, type Attempt, type CheckResult } from "../execution/attempt.ts";
import { makeReady, moveTask } from "../execution/dispatch-task.ts";
import { staleAttemptReport } from "../execution/decide-start.ts";
import { type Task, taskKind } from "../execution/task.ts";
import type { Surroundings } from "../execution/unlock-dependents.ts";
import { openItem } from "../oversight/open-item.ts";
import { performerKey } from "../personas/persona.ts";
import type { Artifact } from "../shared/content.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { openEscalation, settleSubmission } from "./settle-submission.ts";

/** How an attempt ended, as its job reports it. */
export interface FinishAttempt {
  readonly kind: "finish-attempt";
  readonly attemptId: string;
  readonly epoch: number;
  readonly outcome:
    | { readonly kind: "submitted"; readonly outputs: readonly Artifact[]; readonly checks: readonly CheckResult[]; readonly interpretation: string; readonly notes: readonly string[]; readonly pointAnswers: JsonObject }
    | { readonly kind: "asked"; readonly question: string }
    | { readonly kind: "failed" | "timed-out"; readonly code: string; readonly message: string; readonly retryable: boolean };
  readonly costMicro: number;
}

/** Settles an attempt's end in one transition: review, rework, another performer, a question, or a person. */
export function decideSubmission(
  slice: { readonly task: Task; readonly attempt: Attempt; readonly around: Surroundings },
  command: FinishAttempt,
  context: DecideContext,
): Decided {
  const { task, attempt, around } = slice;
  const stale = staleAttemptReport(attempt, command.epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This report came too late: ${stale}.`);
  if (task.attemptId !== attempt.id || task.state !== "running") return refuse("conflict", "attempt.replaced", `The task is ${task.state} and no longer waits for this attempt.`);
  const draft = beginTransition();
  const { outcome } = command;
  const ended = draft.change(attemptKind, attempt, { endedAtMs: context.nowMs, costMicro: command.costMicro });
  draft.change(taskKind, task, { costMicro: task.costMicro + command.costMicro });
  recordEnd(draft, context, task, ended, outcome.kind);
  if (outcome.kind === "submitted") {
    const submitted = draft.change(attemptKind, attempt, { state: "submitted", outputs: outcome.outputs, checks: outcome.checks, interpretation: outcome.interpretation, notes: outcome.notes, pointAnswers: outcome.pointAnswers });
    draft.change(taskKind, task, { attemptCount: task.attemptCount + 1, round: task.round + 1 });
    moveTask(draft, context, task, "in-review", "task.submitted", { round: task.round + 1, outputs: outcome.outputs.map((output) => output.name) });
    settleSubmission(draft, context, { task, attempt: submitted, reviewed: false }, outcome.checks, around);
  } else if (outcome.kind === "asked") ask(draft, context, task, attempt, outcome.question);
  else fail(draft, context, task, attempt, { outcome, around });
  return draft.accept({ id: attempt.id, attemptState: outcome.kind, taskState: draft.current(taskKind, task).state });
}

function recordEnd(draft: TransitionDraft, context: DecideContext, task: Task, attempt: Attempt, outcome: string): void {
  draft.record(attemptKind, attempt, "run.ended", {
    requestId: task.requestId,
    taskKey: task.key,
    performer: performerKey(attempt.performer),
    executor: attempt.executor,
    startMs: attempt.startedAtMs,
    endMs: context.nowMs,
    costMicro: attempt.costMicro,
    outcome,
  });
}

function ask(draft: TransitionDraft, context: DecideContext, task: Task, attempt: Attempt, question: string): void {
  draft.change(attemptKind, attempt, { state: "asked" });
  moveTask(draft, context, task, "blocked", "task.blocked", { reason: "question" });
  draft.change(taskKind, task, { blockedBy: "question" });
  openItem(draft, context, {
    kind: "question",
    requestId: task.requestId,
    subjectKind: "task",
    subjectId: task.id,
    title: question,
    detail: `${performerKey(attempt.performer)} asks while doing "${task.title}". The work goes on with your answer.`,
    ruleId: "execution.performer-asks",
    choices: [
      { id: "answer", label: "Answer", needs: "text" },
      { id: "cancel", label: "Cancel the task", needs: "reason" },
    ],
    risk: task.spec.risk,
  });
}

function fail(draft: TransitionDraft, context: DecideContext, task: Task, attempt: Attempt, end: { readonly outcome: { readonly kind: "failed" | "timed-out"; readonly code: string; readonly message: string; readonly retryable: boolean }; readonly around: Surroundings }): void {
  const { outcome, around } = end;
  draft.change(attemptKind, attempt, { state: outcome.kind, failure: { code: outcome.code, message: outcome.message } });
  const attemptCount = task.attemptCount + 1;
  draft.change(taskKind, task, { attemptCount });
  if (!outcome.retryable || attemptCount >= task.spec.maxAttempts) {
    moveTask(draft, context, task, "escalated", "task.escalated", { reason: outcome.message });
    openEscalation(draft, context, draft.current(taskKind, task), `"${task.title}" failed`, outcome.message);
    return;
  }
  // From the second failure on, another performer: the same one has shown that it cannot.
  if (attemptCount >= 2) draft.change(taskKind, task, { excludedPerformers: [...task.excludedPerformers, performerKey(attempt.performer)] });
  makeReady(draft, context, draft.current(taskKind, task), around.bench, around.request.state === "paused");
}
