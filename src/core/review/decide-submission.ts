import { type Attempt, type CheckResult, attemptKind } from "../execution/attempt.ts";
import { staleAttemptReport } from "../execution/stale-report.ts";
import { makeReady, moveTask } from "../execution/dispatch-task.ts";
import { type Task, taskKind } from "../execution/task.ts";
import type { Surroundings } from "../execution/unlock-dependents.ts";
import type { ToolCall } from "../gate/tool-call.ts";
import { openItem } from "../oversight/open-item.ts";
import { performerKey } from "../personas/persona.ts";
import type { Artifact } from "../shared/content.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import { provenOnly } from "./decide-gate.ts";
import { type Submission, openEscalation, settleSubmission } from "./settle-submission.ts";

interface Submitted {
  readonly kind: "submitted";
  readonly outputs: readonly Artifact[];
  readonly checks: readonly CheckResult[];
  readonly interpretation: string;
  readonly notes: readonly string[];
  readonly pointAnswers: JsonObject;
}

interface Failed {
  readonly kind: "failed" | "timed-out";
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** How an attempt ended, as its job reports it. */
export interface FinishAttempt {
  readonly kind: "finish-attempt";
  readonly attemptId: string;
  readonly epoch: number;
  readonly outcome: Submitted | { readonly kind: "asked"; readonly question: string } | Failed;
  readonly costMicro: number;
}

/** Settles an attempt's end in one transition: review, rework, another performer, a question, or a person. */
export function decideSubmission(
  slice: { readonly task: Task; readonly attempt: Attempt; readonly around: Surroundings; readonly spentMicro?: number | null } & {
    /** Calls of tools that this attempt had to ask people about. */
    readonly toolCalls?: readonly ToolCall[];
  },
  command: FinishAttempt,
  context: DecideContext,
): Decided {
  const { attempt, around } = slice;
  const stale = staleAttemptReport(attempt, command.epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This report came too late: ${stale}.`);
  if (slice.task.attemptId !== attempt.id || slice.task.state !== "running") {
    return refuse("conflict", "attempt.replaced", `The task is ${slice.task.state} and no longer waits for this attempt.`);
  }
  const step = beginStep(context);
  const { draft } = step;
  const { outcome } = command;
  // What the purse booked for its calls is what it cost, whatever its performer says.
  const costMicro = slice.spentMicro ?? command.costMicro;
  const ended = draft.change(attemptKind, attempt, { state: outcome.kind, endedAtMs: context.nowMs, costMicro });
  const task = draft.change(taskKind, slice.task, { costMicro: slice.task.costMicro + costMicro });
  recordEnd(step, task, ended);
  if (outcome.kind === "submitted") submit(step, { task, attempt: ended, around }, outcome);
  else if (outcome.kind === "asked") askOrWait(step, { task, attempt: ended, around, toolCalls: slice.toolCalls ?? [] }, outcome.question);
  else fail(step, { task, attempt: ended, around }, outcome);
  return draft.accept({ id: attempt.id, attemptState: outcome.kind, taskState: draft.current(taskKind, task).state });
}

function recordEnd({ draft, context }: Step, task: Task, attempt: Attempt): void {
  draft.record(attemptKind, attempt, "run.ended", {
    requestId: task.requestId,
    taskKey: task.key,
    performer: performerKey(attempt.performer),
    personaVersion: attempt.personaVersion ?? task.assignment?.["personaVersion"] ?? null,
    executor: attempt.executor,
    startMs: attempt.startedAtMs,
    endMs: context.nowMs,
    costMicro: attempt.costMicro,
    outcome: attempt.state,
  });
}

function submit(step: Step, { task, attempt, around }: Submission, outcome: Submitted): void {
  const { outputs, interpretation, notes, pointAnswers } = outcome;
  const submitted = step.draft.change(attemptKind, attempt, {
    outputs,
    // What was said before the work began stands, with the goal it named.
    interpretation: attempt.interpretation === "" ? interpretation : attempt.interpretation,
    notes,
    pointAnswers,
    checks: provenOnly(outcome.checks),
  });
  const counted = step.draft.change(taskKind, task, { attemptCount: task.attemptCount + 1, round: task.round + 1 });
  moveTask(step, task, {
    to: "in-review",
    event: "task.submitted",
    data: { round: counted.round, outputs: outputs.map((output) => output.name) },
  });
  settleSubmission(step, { task, attempt: submitted, around }, false);
}

/** Whoever waits for a yes to a call has asked already: the task waits for that answer, or goes on when it came meanwhile. */
function askOrWait(step: Step, asking: Submission & { readonly toolCalls: readonly ToolCall[] }, question: string): void {
  const { task, around, toolCalls } = asking;
  if (toolCalls.some((call) => call.state === "asked")) block(step, task);
  else if (toolCalls.some((call) => call.state === "approved" || call.state === "denied")) makeReady(step, task, around);
  else ask(step, asking, question);
}

function block(step: Step, task: Task): void {
  moveTask(step, task, { to: "blocked", event: "task.blocked", data: { reason: "question" } });
  step.draft.change(taskKind, task, { blockedBy: "question" });
}

function ask(step: Step, { task, attempt }: Submission, question: string): void {
  block(step, task);
  openItem(step, {
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

function fail(step: Step, { task, attempt, around }: Submission, { code, message, retryable }: Failed): void {
  const { draft } = step;
  draft.change(attemptKind, attempt, { failure: { code, message } });
  const counted = draft.change(taskKind, task, { attemptCount: task.attemptCount + 1 });
  if (!retryable || counted.attemptCount >= task.spec.maxAttempts) {
    const escalated = moveTask(step, counted, { to: "escalated", event: "task.escalated", data: { reason: message } });
    openEscalation(step, escalated, { title: `"${task.title}" failed`, detail: message, ruleId: "execution.attempt-failed" });
    return;
  }
  // From the second failure on, another performer: the same one has shown that it cannot.
  if (counted.attemptCount >= 2 && attempt.performer.kind === "persona") {
    draft.change(taskKind, task, { excludedPerformers: [...new Set([...task.excludedPerformers, performerKey(attempt.performer)])] });
  }
  makeReady(step, draft.current(taskKind, task), around);
}
