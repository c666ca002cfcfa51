import { type Attempt, attemptKind } from "../execution/attempt.ts";
import { assignReady, makeReady, moveTask } from "../execution/dispatch-task.ts";
import { type Task, taskKind } from "../execution/task.ts";
import { type Surroundings, blockDependents, closeSink, liftBlocker, releaseDependents } from "../execution/unlock-dependents.ts";
import { type Authority, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem } from "../oversight/open-item.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { performerKey } from "../personas/persona.ts";
import type { AnswerItem } from "../requests/decide-request-answer.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { settleSubmission } from "./settle-submission.ts";

/** What an answer about a task may touch. `attempt` is the judged or latest one. */
export interface TaskAnswerSlice {
  readonly item: InboxItem;
  readonly task: Task;
  readonly attempt: Attempt | undefined;
  readonly around: Surroundings;
  /** Everything that depends on the task, directly or not; loaded only to cancel it. */
  readonly downstream: readonly Task[];
  readonly authority: Authority;
}

interface Step {
  readonly draft: TransitionDraft;
  readonly context: DecideContext;
  readonly slice: TaskAnswerSlice;
  readonly command: AnswerItem;
}

/** Applies a person's answer about a task: a question answered, a verdict, an escalation settled, a patch chosen. */
export function decideTaskAnswer(slice: TaskAnswerSlice, command: AnswerItem, context: DecideContext): Decided {
  const { item, task, authority } = slice;
  const problem = answerProblem(item, command.choice) ?? missingPart(item, command) ?? movedOn(item, task);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const draft = beginTransition();
  closeItem(draft, context, item, { choice: command.choice, value: command.value, reason: command.reason, soloWaiver: authority.soloWaiver });
  if (item.kind !== "question") {
    recordDecision(draft, context, {
      requestId: item.requestId,
      subjectKind: item.subjectKind,
      subjectId: item.subjectId,
      question: item.title,
      options: item.choices.map(({ id, label }) => ({ id, label })),
      choice: command.choice,
      rationale: command.reason,
      evidence: item.evidence,
      authority: authority.rule,
      soloWaiver: authority.soloWaiver,
    });
  }
  const step: Step = { draft, context, slice, command };
  if (item.kind === "check") judge(step);
  else if (item.kind === "patch") patch(step);
  else steer(step);
  return draft.accept({ id: item.id, state: "answered", taskState: draft.current(taskKind, task).state });
}

function missingPart(item: InboxItem, command: AnswerItem): { readonly code: string; readonly message: string } | null {
  const needs = item.choices.find((choice) => choice.id === command.choice)?.needs;
  if (needs === "reason" && command.reason.trim() === "") return { code: "inbox.reason-missing", message: "This answer needs a reason." };
  if (needs === "text" && (typeof command.value !== "string" || command.value.trim() === "")) return { code: "inbox.text-missing", message: "This answer needs a text." };
  return null;
}

const expected: { readonly [kind in InboxItem["kind"]]?: readonly Task["state"][] } = {
  question: ["blocked"],
  escalation: ["escalated", "blocked"],
  check: ["in-review"],
  patch: ["failed", "cancelled"],
};

const movedOn = (item: InboxItem, task: Task): { readonly code: string; readonly message: string } | null =>
  expected[item.kind]?.includes(task.state) === true ? null : { code: "inbox.moved-on", message: `The task is ${task.state} by now; this answer no longer applies.` };

/** A person's verdict on one criterion, with their reason as the evidence. */
function judge({ draft, context, slice, command }: Step): void {
  const { task, attempt, item, around } = slice;
  if (attempt === undefined) return;
  const criterionId = String(item.evidence["criterionId"] ?? "review");
  const verdict = {
    criterionId,
    kind: "person",
    verdict: command.choice === "pass" ? "pass" : "fail",
    detail: command.reason,
    evidence: { judge: context.actor.id, reason: command.reason, atMs: context.nowMs },
  } as const;
  const checks = [...attempt.checks.filter((check) => !(check.criterionId === criterionId && check.verdict === "waiting")), verdict];
  const judged = draft.change(attemptKind, attempt, { checks });
  draft.record(attemptKind, attempt, "review.judged", { requestId: task.requestId, taskKey: task.key, criterionId, verdict: verdict.verdict, by: context.actor.id });
  if (checks.some((check) => check.verdict === "waiting")) return;
  settleSubmission(draft, context, { task, attempt: judged, reviewed: criterionId === "review" || task.spec.acceptance.some((criterion) => criterion.id === criterionId && criterion.check.kind === "reviewer") }, checks, around);
}

/** Questions and escalations: the task goes on, changes hands or is given up. */
function steer({ draft, context, slice, command }: Step): void {
  const { task, around } = slice;
  const paused = around.request.state === "paused";
  const excluded = task.performer === null ? task.excludedPerformers : [...task.excludedPerformers, performerKey(task.performer)];
  switch (command.choice) {
    case "answer":
      draft.change(taskKind, task, { answers: [...task.answers, { question: slice.item.title, answer: String(command.value) }] });
      break;
    case "reassign":
      draft.change(taskKind, task, { excludedPerformers: excluded });
      break;
    case "anyone":
      draft.change(taskKind, task, { excludedPerformers: [] });
      break;
    case "human":
      draft.change(taskKind, task, { spec: { ...task.spec, executor: "human" }, excludedPerformers: [] });
      break;
    case "retry":
      break;
    default:
      return giveUp({ draft, context, slice, command });
  }
  // A person asked for one more try, so the task may be tried once more whatever its plan allowed.
  if (slice.item.kind === "escalation") draft.change(taskKind, task, { spec: { ...draft.current(taskKind, task).spec, maxAttempts: Math.max(task.spec.maxAttempts, task.attemptCount + 1) } });
  makeReady(draft, context, draft.current(taskKind, task), around.bench, paused);
}

function giveUp({ draft, context, slice, command }: Step): void {
  const { task, around } = slice;
  const failed = command.choice === "fail" && task.state === "escalated";
  const ended = moveTask(draft, context, task, failed ? "failed" : "cancelled", failed ? "task.failed" : "task.cancelled", { reason: command.reason });
  if (task.dependents.length === 0) closeSink(draft, context, ended, around);
  else blockDependents(draft, context, ended, around, `"${task.title}" was ${failed ? "given up" : "cancelled"}: ${command.reason}`);
}

/** The chosen way on for tasks whose dependency will not be done. */
function patch({ draft, context, slice, command }: Step): void {
  const { task, around } = slice;
  const blocked = around.dependents.filter((dependent) => dependent.blockers.includes(task.key));
  if (command.choice === "cancel") return cancelDownstream({ draft, context, slice, command });
  for (const dependent of blocked) liftBlocker(draft, context, dependent, task.key, command.choice === "retry" ? "its dependency is tried again" : `goes on without ${task.key}`);
  if (command.choice === "retry") {
    assignReady(draft, context, moveTask(draft, context, task, "ready", "task.ready", { reason: command.reason }), around.bench);
    return;
  }
  for (const dependent of blocked) draft.change(taskKind, dependent, { dependsOn: dependent.dependsOn.filter((id) => id !== asId<"task">(task.id)) });
  releaseDependents(draft, context, { ...around, dependents: blocked });
}

/** Cancels everything that can no longer be done, and counts down the sinks among it. */
function cancelDownstream({ draft, context, slice, command }: Step): void {
  for (const follower of slice.downstream) {
    const now = draft.current(taskKind, follower);
    if (now.state !== "blocked" && now.state !== "waiting") continue;
    const ended = moveTask(draft, context, now, "cancelled", "task.cancelled", { reason: command.reason });
    closeSink(draft, context, ended, slice.around);
  }
}
