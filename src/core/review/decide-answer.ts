import { type Attempt, type CheckResult, attemptKind } from "../execution/attempt.ts";
import { makeReady, moveTask } from "../execution/dispatch-task.ts";
import { type Task, taskKind } from "../execution/task.ts";
import { type Surroundings, blockDependents, closeSink, liftBlocker, releaseDependents } from "../execution/unlock-dependents.ts";
import { type AnswerProblem, type Authority, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem, withdrawItems } from "../oversight/open-item.ts";
import { recordAnswer } from "../oversight/record-decision.ts";
import { planKind } from "../planning/plan.ts";
import { performerKey } from "../personas/persona.ts";
import type { AnswerItem } from "../requests/decide-request-answer.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import { passTask, settleSubmission, wholeReview } from "./settle-submission.ts";

/** What an answer about a task may touch. */
export interface TaskAnswerSlice {
  readonly item: InboxItem;
  readonly task: Task;
  /** The attempt the item names, or the one the task is at. */
  readonly attempt: Attempt | undefined;
  readonly around: Surroundings;
  /** Everything that depends on the task, directly or not; loaded only to cancel it. */
  readonly downstream: readonly Task[];
  /** What the downstream tasks depend on besides; loaded with them. */
  readonly upstream: readonly Task[];
  /** The request's other open items that tell which ended task blocks what. */
  readonly patchItems: readonly InboxItem[];
  readonly authority: Authority;
}

interface Answering extends Step {
  readonly slice: TaskAnswerSlice;
  readonly command: AnswerItem;
}

/** Applies a person's answer about a task: a question answered, a verdict, an escalation settled, a patch chosen. */
export function decideTaskAnswer(slice: TaskAnswerSlice, command: AnswerItem, context: DecideContext): Decided {
  const { item, task, authority } = slice;
  const problem = answerProblem(item, command) ?? movedOn(slice);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const step = beginStep(context);
  closeItem(step, item, { ...command, soloWaiver: authority.soloWaiver });
  if (item.kind !== "question") recordAnswer(step, item, { ...command, authority });
  const answering: Answering = { ...step, slice, command };
  if (item.kind === "check") judge(answering);
  else if (item.kind === "patch") patch(answering);
  else steer(answering);
  return step.draft.accept({ id: item.id, state: "answered", taskState: step.draft.current(taskKind, task).state });
}

const expected: { readonly [kind in InboxItem["kind"]]?: readonly Task["state"][] } = {
  question: ["blocked"],
  escalation: ["escalated", "blocked"],
  check: ["in-review"],
  patch: ["failed", "cancelled"],
};

function movedOn({ item, task, attempt }: TaskAnswerSlice): AnswerProblem | null {
  const about = item.kind !== "check" || (attempt !== undefined && task.attemptId === attempt.id);
  if (about && expected[item.kind]?.includes(task.state) === true) return null;
  return { code: "inbox.moved-on", message: `The task is ${task.state} by now; this answer no longer applies.` };
}

/** A person's verdict on one criterion, with their reason as the evidence. A review of the whole speaks for the reviewers' criteria too. */
function judge({ draft, context, slice, command }: Answering): void {
  const { task, attempt, item, around } = slice;
  if (attempt === undefined) return;
  const asked = typeof item.evidence["criterionId"] === "string" ? item.evidence["criterionId"] : wholeReview;
  const covered =
    asked === wholeReview
      ? task.spec.acceptance.filter((criterion) => criterion.check.kind === "reviewer").map((criterion) => criterion.id)
      : [];
  const verdicts = [asked, ...covered].map((criterionId): CheckResult => ({
    criterionId,
    kind: "person",
    verdict: command.choice === "pass" ? "pass" : "fail",
    detail: command.reason,
    evidence: { judge: context.actor.id, reason: command.reason, atMs: context.nowMs },
  }));
  const checks = [...attempt.checks.filter((check) => !(check.criterionId === asked && check.verdict === "waiting")), ...verdicts];
  const judged = draft.change(attemptKind, attempt, { checks });
  draft.record(attemptKind, attempt, "review.judged", {
    requestId: task.requestId,
    taskKey: task.key,
    criterionId: asked,
    verdict: command.choice,
    by: context.actor.id,
  });
  if (checks.some((check) => check.verdict === "waiting")) return;
  settleSubmission({ draft, context }, { task, attempt: judged, around }, asked === wholeReview);
}

/** How a chosen way on changes a task before it is given again; a choice that is not here gives the task up. */
const waysOn: { readonly [choice: string]: (answering: Answering) => Partial<Task> } = {
  answer: ({ slice, command }) => ({
    answers: [...slice.task.answers, { question: slice.item.title, answer: typeof command.value === "string" ? command.value : "" }],
  }),
  retry: () => ({}),
  reassign: ({ slice: { task } }) => ({
    excludedPerformers: [...new Set([...task.excludedPerformers, ...(task.performer === null ? [] : [performerKey(task.performer)])])],
  }),
  anyone: () => ({ excludedPerformers: [] }),
  human: ({ slice: { task } }) => ({ spec: { ...task.spec, executor: "human" }, excludedPerformers: [] }),
};

/** Questions and escalations: the task goes on, changes hands, is accepted as it is or given up. */
function steer(answering: Answering): void {
  const { slice, command } = answering;
  const { task, attempt, around } = slice;
  if (command.choice === "accept" && attempt !== undefined) return passTask(answering, { task, attempt, around });
  const fields = waysOn[command.choice]?.(answering);
  if (fields === undefined) return giveUp(answering);
  tryAgain(answering, fields);
}

/** Makes a task ready once more. A person asked for it, so it may be tried whatever its plan allowed. */
function tryAgain({ draft, context, slice }: Answering, fields: Partial<Task>): void {
  const { task, item, around } = slice;
  const spec = fields.spec ?? task.spec;
  const maxAttempts = item.kind === "question" ? spec.maxAttempts : Math.max(spec.maxAttempts, task.attemptCount + 1);
  makeReady({ draft, context }, draft.change(taskKind, task, { ...fields, spec: { ...spec, maxAttempts } }), around);
}

function giveUp(answering: Answering): void {
  const { slice, command } = answering;
  const { task, around } = slice;
  const failed = command.choice === "fail";
  const ended = moveTask(answering, task, {
    to: failed ? "failed" : "cancelled",
    event: failed ? "task.failed" : "task.cancelled",
    data: { reason: command.reason },
  });
  answering.draft.change(taskKind, ended, { blockedBy: null });
  closeSink(answering, ended, around);
  blockDependents(answering, ended, { around, reason: `"${task.title}" was ${failed ? "given up" : "cancelled"}: ${command.reason}` });
}

/** The chosen way on for tasks whose dependency will not be done. */
function patch(answering: Answering): void {
  const { slice, command } = answering;
  const { task, around } = slice;
  const blocked = around.dependents.filter((dependent) => dependent.state === "blocked" && dependent.blockers.includes(task.key));
  if (command.choice === "cancel") return cancelDownstream(answering);
  const reason = command.choice === "retry" ? "its dependency is tried again" : `goes on without ${task.key}`;
  for (const dependent of blocked) liftBlocker(answering, dependent, { key: task.key, reason });
  if (command.choice === "retry") return tryAgain(answering, {});
  for (const dependent of blocked) dropDependency(answering, dependent, task);
  releaseDependents(answering, { ...around, dependents: blocked });
}

function dropDependency({ draft }: Step, dependent: Task, { id, key }: Task): void {
  const { spec } = dependent;
  draft.change(taskKind, dependent, {
    dependsOn: dependent.dependsOn.filter((one) => one !== asId<"task">(id)),
    spec: { ...spec, dependencies: spec.dependencies.filter((one) => one !== key) },
  });
}

/** Cancels everything that can no longer be done, counts down the sinks among it, and takes back what was asked about it. */
function cancelDownstream(answering: Answering): void {
  const { draft, slice, command } = answering;
  const cancelled = slice.downstream.filter((follower) => follower.state === "blocked" || follower.state === "waiting");
  openLooseEnds(answering, new Set(cancelled.map((follower) => follower.id)));
  for (const follower of cancelled) {
    closeSink(
      answering,
      moveTask(answering, follower, { to: "cancelled", event: "task.cancelled", data: { reason: command.reason } }),
      slice.around,
    );
    draft.change(taskKind, follower, { blockedBy: null });
  }
  withdrawItems(
    answering,
    slice.patchItems.filter((item) => item.id !== slice.item.id && waitsForNone(item, new Set(cancelled.map((follower) => follower.key)))),
    "what waited was cancelled",
  );
}

/** Tasks that fed nothing but what is cancelled are last tasks from now on: counted before the cancelled ones are counted down. */
function openLooseEnds({ draft, slice }: Answering, cancelled: ReadonlySet<string>): void {
  let opened = 0;
  for (const task of slice.upstream) {
    const { dependents } = draft.change(taskKind, task, { dependents: task.dependents.filter((id) => !cancelled.has(id)) });
    if (dependents.length === 0 && !ended.has(task.state)) opened += 1;
  }
  const { plan } = slice.around;
  if (plan !== undefined) draft.change(planKind, plan, { openSinks: plan.openSinks + opened });
}

const ended: ReadonlySet<Task["state"]> = new Set(["passed", "integrated", "failed", "cancelled"]);

/** Whether everything that an item says is blocked has ended. */
function waitsForNone(item: InboxItem, keys: ReadonlySet<string>): boolean {
  const { blocked } = item.evidence;
  return Array.isArray(blocked) && blocked.every((key) => typeof key === "string" && keys.has(key));
}
