import { type Bench, chooseReviewer } from "../assignment/choose-performer.ts";
import { type Attempt, attemptKind } from "../execution/attempt.ts";
import { makeReady, moveTask } from "../execution/dispatch-task.ts";
import { tellLadder } from "../execution/tell-ladder.ts";
import { type ReworkPoint, type Task, taskKind } from "../execution/task.ts";
import { type Surroundings, closeSink, releaseDependents } from "../execution/unlock-dependents.ts";
import { openItem } from "../oversight/open-item.ts";
import { needsProof, performerKey } from "../personas/persona.ts";
import type { Watch } from "../personas/watch.ts";
import { type PersonId, asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Step } from "../shared/transition.ts";
import { type GateDecision, decideGate } from "./decide-gate.ts";
import { reviewKind } from "./review.ts";
import { watchResult } from "./watch-result.ts";

/** A submission that is being judged. */
export interface Submission {
  readonly task: Task;
  readonly attempt: Attempt;
  readonly around: Surroundings;
}

/** What people are shown of a submission, and what a decision about it names: every output by its hash. */
const submissionEvidence = (attempt: Attempt): JsonObject => ({
  attemptId: attempt.id,
  outputs: attempt.outputs.map(({ name, sha256, mediaType, bytes }) => ({ name, sha256, mediaType, bytes })),
});

/**
 * Moves a submitted task by the verdicts on its attempt: pass, an independent review, a person's judgement, rework,
 * another performer, or a person's decision. Every outcome is recorded as `gate.decided` with its round.
 *
 * @param reviewed an independent reviewer or person has judged the whole
 */
export function settleSubmission(step: Step, submission: Submission, reviewed: boolean): GateDecision["kind"] {
  const { attempt } = submission;
  const task = step.draft.current(taskKind, submission.task);
  // Criteria for a reviewer are judged by the review that follows the automatic checks.
  const criteria = reviewed ? task.spec.acceptance : task.spec.acceptance.filter((criterion) => criterion.check.kind !== "reviewer");
  const decision = decideGate(criteria, attempt.checks, { number: task.attemptCount, max: task.spec.maxAttempts });
  if (decision.kind === "wait") return waitForPeople(step, { ...submission, task }, decision.waiting);
  const watch = watchResult(step, { task, attempt, bench: submission.around.bench });
  const isAsked = watch.by !== "nobody";
  if (decision.kind === "pass" && !reviewed && isAsked) return askReviewer(step, { ...submission, task }, watch);
  recordGate(step, { ...submission, task }, decision);
  if (task.round === 1)
    tellLadder(
      step,
      { request: submission.around.request, task, attempt },
      { kind: decision.kind === "pass" ? "good" : "bad", judged: reviewed || isAsked },
    );
  if (decision.kind === "pass") passTask(step, { ...submission, task });
  else sendBack(step, { ...submission, task }, decision);
  return decision.kind;
}

function recordGate({ draft }: Step, { task, attempt }: Submission, decision: GateDecision): void {
  draft.record(taskKind, task, "gate.decided", {
    requestId: task.requestId,
    taskKey: task.key,
    attemptId: attempt.id,
    round: task.round,
    performer: performerKey(attempt.performer),
    executor: attempt.executor,
    verdict: decision.kind,
    score: attempt.checks.length === 0 ? 0 : attempt.checks.filter((one) => one.verdict === "pass").length / attempt.checks.length,
    failed: "failed" in decision ? [...decision.failed] : [],
  });
}

/** Accepts a task's outputs and releases what waited for it. */
export function passTask(step: Step, { task, attempt, around }: Submission): void {
  moveTask(step, task, {
    to: "passed",
    event: "task.accepted",
    data: { round: task.round, performer: attempt.performer.id, costMicro: attempt.costMicro },
  });
  step.draft.change(taskKind, task, { outputs: attempt.outputs, acceptedAtMs: step.context.nowMs, reworkPoints: [] });
  releaseDependents(step, around);
  closeSink(step, task, around);
}

function askReviewer(step: Step, { task, attempt, around }: Submission, watch: Watch): "wait" {
  const { draft, context } = step;
  const reviewer = asksPerson(task, watch) ? null : chooseReviewer(task.spec, judging(around.bench), lineage(task, attempt));
  if (reviewer === null || reviewer.executor === "human") {
    askPersonToReview(step, task, step.draft.current(attemptKind, attempt));
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

/** A second look at the automatic checks alone does not vouch for work that nothing but its own word stands for. */
const asksPerson = ({ spec }: Task, { by, rung }: Watch): boolean =>
  by === "person" || (rung !== null && !spec.acceptance.some(({ check }) => check.kind === "reviewer"));

/** No reviewer is a model or works by one: what it says would be worth no more than what it judges. */
const judging = (bench: Bench): Bench => ({ ...bench, executors: bench.executors.filter((executor) => !needsProof(executor)) });

/** Everybody who worked on the task or was taken off it; none of them judges it. */
const lineage = (task: Task, attempt: Attempt): readonly string[] => [
  ...new Set([performerKey(attempt.performer), ...task.excludedPerformers]),
];

/** Whoever did the work, when it was a person: they do not decide about it. */
const excludedPeople = ({ performer }: Attempt): readonly PersonId[] =>
  performer.kind === "person" ? [asId<"person">(performer.id) satisfies PersonId] : [];

/** The name under which a review of the whole is judged, beside the plan's criteria. */
export const wholeReview = "review";

/** Asks a person for the independent review. */
export const askPersonToReview = (step: Step, task: Task, attempt: Attempt): void =>
  openVerdictItem(
    step,
    { task, attempt },
    {
      criterionId: wholeReview,
      title: isProposal(attempt) ? `Take over what was proposed for "${task.title}"?` : `Review "${task.title}"`,
      detail: ["An independent person judges the submission against its criteria.", ...whyJudged(attempt)].join(" "),
    },
  );

const isProposal = ({ watch }: Attempt): boolean => watch?.rung === "suggest";

const whyJudged = ({ watch }: Attempt): readonly string[] =>
  watch === undefined || watch.rung === null ? [] : [`Why: ${watch.reasons.join("; ")}.`];

function waitForPeople(step: Step, { task, attempt }: Submission, waiting: readonly string[]): "wait" {
  for (const verdict of attempt.checks.filter((one) => one.verdict === "waiting" && waiting.includes(one.criterionId))) {
    openVerdictItem(
      step,
      { task, attempt },
      {
        criterionId: verdict.criterionId,
        title: `Judge "${task.title}": ${verdict.detail}`,
        detail: "This criterion is judged by a person; the verdict and its reason are recorded.",
      },
    );
  }
  return "wait";
}

function openVerdictItem(
  step: Step,
  { task, attempt }: Pick<Submission, "task" | "attempt">,
  ask: { readonly criterionId: string; readonly title: string; readonly detail: string },
): void {
  openItem(step, {
    kind: "check",
    requestId: task.requestId,
    subjectKind: "attempt",
    subjectId: attempt.id,
    title: ask.title,
    detail: ask.detail,
    ruleId: "review.person-judges",
    choices: [
      { id: "pass", label: isProposal(attempt) ? "Take it over" : "Passes", needs: "reason" },
      { id: "fail", label: "Does not pass: send back", needs: "reason" },
    ],
    risk: task.spec.risk,
    excludedPersonIds: excludedPeople(attempt),
    evidence: { criterionId: ask.criterionId, ...submissionEvidence(attempt) },
  });
}

function sendBack(
  step: Step,
  { task, attempt, around }: Submission,
  decision: { readonly kind: "rework" | "reassign" | "escalate"; readonly failed: readonly string[] },
): void {
  const { draft } = step;
  const points = reworkPoints(task, attempt, decision.failed);
  draft.change(taskKind, task, { reworkPoints: points });
  if (decision.kind === "escalate") {
    moveTask(step, task, { to: "escalated", event: "task.escalated", data: { round: task.round, reason: "attempts used up" } });
    const title = `"${task.title}" did not pass after ${task.attemptCount} attempts`;
    openEscalation(step, task, {
      title,
      detail: points.map((point) => point.text).join(" "),
      ruleId: "review.attempts-used-up",
      submitted: attempt,
    });
    return;
  }
  moveTask(step, task, { to: "rework", event: "task.rework", data: { round: task.round, points: points.map((point) => point.text) } });
  // A person is not shut out by a verdict: who else there is, code cannot know. A lead can reassign.
  if (decision.kind === "reassign" && attempt.performer.kind === "persona") {
    const from = performerKey(attempt.performer);
    draft.record(taskKind, task, "task.reassigned", {
      requestId: task.requestId,
      taskKey: task.key,
      from,
      reason: "second submission did not pass",
    });
    draft.change(taskKind, task, { excludedPerformers: [...new Set([...task.excludedPerformers, from])] });
  }
  makeReady(step, draft.current(taskKind, task), { ...around, data: { reworkPoints: points.length } });
}

/** One point per verdict that failed, and one per criterion that nobody judged. */
function reworkPoints(task: Task, attempt: Attempt, failed: readonly string[]): readonly ReworkPoint[] {
  const said = attempt.checks.filter((one) => one.verdict === "fail");
  const silent = failed.filter((id) => !said.some((one) => one.criterionId === id));
  const texts = [
    ...said.map((one) => ({ from: one.kind, text: one.detail })),
    ...silent.map((id) => ({ from: "gate", text: `Nothing shows that criterion ${id} holds.` })),
  ];
  return texts.map((point, index) => ({ id: `r${task.round}.${index + 1}`, ...point }));
}

/** What an escalation says. `submitted`: the attempt whose outputs could be accepted as they are. */
export interface Escalation {
  readonly title: string;
  readonly detail: string;
  readonly ruleId: string;
  readonly submitted?: Attempt;
}

/** Puts a task that code cannot bring further before a person, with the ways on. */
export function openEscalation(step: Step, task: Task, { title, detail, ruleId, submitted }: Escalation): void {
  openItem(step, {
    kind: "escalation",
    requestId: task.requestId,
    subjectKind: "task",
    subjectId: task.id,
    title,
    detail,
    ruleId,
    choices: [
      { id: "retry", label: "Try once more", needs: "nothing" },
      { id: "reassign", label: "Give it to another performer", needs: "nothing" },
      { id: "human", label: "Let a person do it", needs: "nothing" },
      ...(submitted === undefined ? [] : [{ id: "accept", label: "Accept as it is", needs: "reason" } as const]),
      { id: "fail", label: "Give the task up", needs: "reason" },
    ],
    risk: task.spec.risk === "low" ? "medium" : task.spec.risk,
    // Work that did not prove itself is accepted by those who answer for it alone.
    roles: submitted === undefined ? ["administrator", "director", "lead"] : ["director", "lead"],
    excludedPersonIds: submitted === undefined ? [] : excludedPeople(submitted),
    evidence:
      submitted === undefined
        ? {}
        : {
            ...submissionEvidence(submitted),
            failed: submitted.checks.filter((one) => one.verdict !== "pass").map((one) => one.criterionId),
          },
  });
}
