import { type Bench, chooseReviewer } from "../assignment/choose-performer.ts";
import { assignReady, moveTask } from "../execution/dispatch-task.ts";
import { type Attempt, type CheckResult } from "../execution/attempt.ts";
import { type ReworkPoint, type Task, taskKind } from "../execution/task.ts";
import { type Surroundings, closeSink, releaseDependents } from "../execution/unlock-dependents.ts";
import { openItem } from "../oversight/open-item.ts";
import { performerKey } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { TransitionDraft } from "../shared/transition.ts";
import { type GateDecision, decideGate } from "./decide-gate.ts";
import { reviewKind } from "./review.ts";

/**
 * Moves a submitted task by its verdicts: pass, an independent review, a person's judgement, rework, another
 * performer, or a person's decision. Every outcome is recorded as `gate.decided` with its round and evidence.
 */
export function settleSubmission(draft: TransitionDraft, context: DecideContext, subject: { readonly task: Task; readonly attempt: Attempt; readonly reviewed: boolean }, verdicts: readonly CheckResult[], around: Surroundings): GateDecision["kind"] {
  const { attempt } = subject;
  const task = draft.current(taskKind, subject.task);
  // Criteria for a reviewer are judged by the review that follows the automatic checks.
  const criteria = subject.reviewed ? task.spec.acceptance : task.spec.acceptance.filter((criterion) => criterion.check.kind !== "reviewer");
  const decision = decideGate(criteria, verdicts, { number: task.attemptCount, max: task.spec.maxAttempts });
  if (decision.kind === "wait") return waitForPeople(draft, context, task, attempt, verdicts);
  if (decision.kind === "pass" && !subject.reviewed && needsReview(task)) return askReviewer(draft, context, task, attempt, around.bench);
  draft.record(taskKind, task, "gate.decided", {
    requestId: task.requestId,
    taskKey: task.key,
    attemptId: attempt.id,
    round: task.round,
    verdict: decision.kind,
    score: score(verdicts),
    failed: decision.kind === "pass" ? [] : [...decision.failed],
  });
  if (decision.kind === "pass") passTask(draft, context, task, attempt, around);
  else sendBack(draft, context, task, attempt, verdicts, { decision: decision.kind, around });
  return decision.kind;
}

/** Accepts a task's outputs and releases what waited for it. */
export function passTask(draft: TransitionDraft, context: DecideContext, task: Task, attempt: Attempt, around: Surroundings): void {
  moveTask(draft, context, task, "passed", "task.accepted", { round: task.round, performer: attempt.performer.id, costMicro: attempt.costMicro });
  draft.change(taskKind, task, { outputs: attempt.outputs, acceptedAtMs: context.nowMs, reworkPoints: [] });
  releaseDependents(draft, context, around);
  closeSink(draft, context, task, around);
}

function askReviewer(draft: TransitionDraft, context: DecideContext, task: Task, attempt: Attempt, bench: Bench): GateDecision["kind"] {
  const lineage = [performerKey(attempt.performer), ...task.excludedPerformers];
  const reviewer = task.spec.review === "person" ? null : chooseReviewer(task.spec, bench, lineage);
  if (task.state !== "in-review") moveTask(draft, context, task, "in-review", "task.in-review", { round: task.round });
  if (reviewer === null || reviewer.executor === "human") {
    openVerdictItem(draft, context, task, attempt, { criterionId: "review", title: `Review "${task.title}"`, detail: "An independent person judges the submission against its criteria." });
    return "wait";
  }
  const review = draft.create(reviewKind, {
    id: context.newId(),
    taskId: asId(task.id),
    attemptId: asId(attempt.id),
    requestId: task.requestId,
    round: task.round,
    state: "open",
    reviewer: reviewer.performer,
    executor: reviewer.executor,
    epoch: 1,
    handOvers: 0,
    verdicts: [],
    outcome: null,
    openedAtMs: context.nowMs,
    decidedAtMs: null,
  });
  draft.record(reviewKind, review, "review.opened", { requestId: task.requestId, taskKey: task.key, reviewer: reviewer.performer.id });
  draft.enqueue({ kind: "review", subjectId: review.id, epoch: 1 });
  return "wait";
}

function waitForPeople(draft: TransitionDraft, context: DecideContext, task: Task, attempt: Attempt, verdicts: readonly CheckResult[]): GateDecision["kind"] {
  if (task.state !== "in-review") moveTask(draft, context, task, "in-review", "task.in-review", { round: task.round });
  for (const verdict of verdicts.filter((one) => one.verdict === "waiting")) {
    openVerdictItem(draft, context, task, attempt, { criterionId: verdict.criterionId, title: `Judge "${task.title}": ${verdict.detail}`, detail: "This criterion is judged by a person; the verdict and its reason are recorded." });
  }
  return "wait";
}

function openVerdictItem(draft: TransitionDraft, context: DecideContext, task: Task, attempt: Attempt, ask: { readonly criterionId: string; readonly title: string; readonly detail: string }): void {
  openItem(draft, context, {
    kind: "check",
    requestId: task.requestId,
    subjectKind: "attempt",
    subjectId: attempt.id,
    title: ask.title,
    detail: ask.detail,
    ruleId: "review.person-judges",
    choices: [
      { id: "pass", label: "Passes", needs: "reason" },
      { id: "fail", label: "Does not pass: send back", needs: "reason" },
    ],
    risk: task.spec.risk,
    excludedPersonIds: attempt.performer.kind === "person" ? [asId(attempt.performer.id)] : [],
    evidence: { criterionId: ask.criterionId, outputs: attempt.outputs.map((output) => ({ name: output.name, sha256: output.sha256, mediaType: output.mediaType, bytes: output.bytes })) },
  });
}

function sendBack(draft: TransitionDraft, context: DecideContext, task: Task, attempt: Attempt, verdicts: readonly CheckResult[], next: { readonly decision: "rework" | "reassign" | "escalate"; readonly around: Surroundings }): void {
  const points: readonly ReworkPoint[] = verdicts.filter((one) => one.verdict === "fail").map((one, index) => ({ id: `r${task.round}.${index + 1}`, from: one.kind, text: one.detail }));
  if (next.decision === "escalate") {
    moveTask(draft, context, task, "escalated", "task.escalated", { round: task.round, reason: "attempts used up" });
    draft.change(taskKind, task, { reworkPoints: points });
    openEscalation(draft, context, task, `"${task.title}" did not pass after ${task.attemptCount} attempts`, points.map((point) => point.text).join(" "));
    return;
  }
  moveTask(draft, context, task, "rework", "task.rework", { round: task.round, points: points.map((point) => point.text) });
  const excluded = next.decision === "reassign" ? [...task.excludedPerformers, performerKey(attempt.performer)] : task.excludedPerformers;
  if (next.decision === "reassign") draft.record(taskKind, task, "task.reassigned", { requestId: task.requestId, taskKey: task.key, from: performerKey(attempt.performer), reason: "second submission did not pass" });
  draft.change(taskKind, task, { reworkPoints: points, excludedPerformers: excluded });
  const ready = moveTask(draft, context, task, "ready", "task.ready", { reworkPoints: points.length });
  if (next.around.request.state !== "paused") assignReady(draft, context, ready, next.around.bench);
}

/** Puts a task that code cannot bring further before a person, with the ways on. */
export function openEscalation(draft: TransitionDraft, context: DecideContext, task: Task, title: string, detail: string): void {
  openItem(draft, context, {
    kind: "escalation",
    requestId: task.requestId,
    subjectKind: "task",
    subjectId: task.id,
    title,
    detail,
    ruleId: "review.attempts-used-up",
    choices: [
      { id: "retry", label: "Try once more", needs: "nothing" },
      { id: "reassign", label: "Give it to another performer", needs: "nothing" },
      { id: "human", label: "Let a person do it", needs: "nothing" },
      { id: "fail", label: "Give the task up", needs: "reason" },
    ],
    risk: task.spec.risk === "low" ? "medium" : task.spec.risk,
    roles: ["administrator", "director", "lead"],
  });
}

const needsReview = (task: Task): boolean => task.spec.review !== "checks" || task.spec.acceptance.some((criterion) => criterion.check.kind === "reviewer");

const score = (verdicts: readonly CheckResult[]): number => (verdicts.length === 0 ? 0 : verdicts.filter((one) => one.verdict === "pass").length / verdicts.length);
