import { attemptKind } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { decidePatchAnswer } from "../../core/execution/decide-patch.ts";
import type { PatchPlan } from "../../core/execution/propose-patch.ts";
import { asksForPatch } from "../../core/execution/propose-patch.ts";
import { type DecidePlan, decidePlan } from "../../core/execution/decide-plan.ts";
import { decideAutonomyAnswer } from "../../core/feedback/decide-autonomy.ts";
import { autonomyKind } from "../../core/personas/autonomy.ts";
import { decideBudgetAnswer } from "../../core/gate/decide-budget-answer.ts";
import { decideEffectAnswer } from "../../core/gate/decide-effect-answer.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import { decideIntegrationAnswer } from "../../core/integration/decide-integration.ts";
import type { Surroundings } from "../../core/execution/unlock-dependents.ts";
import { answerProblem } from "../../core/oversight/authority.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { decideClockFired, type MarkClockFired } from "../../core/oversight/decide-item.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { planKind } from "../../core/planning/plan.ts";
import { decideReviewAnswer } from "../../core/memory/decide-decision-review.ts";
import { decideRequestAnswer, type AnswerItem } from "../../core/requests/decide-request-answer.ts";
import { decideVote } from "../../core/oversight/quorum.ts";
import { commentKind } from "../../core/requests/comment.ts";
import { decideMentionAnswer } from "../../core/requests/decide-comment.ts";
import { decideRecurrenceAnswer } from "../../core/requests/decide-recurrence.ts";
import { requestKind } from "../../core/requests/request.ts";
import { decideTaskAnswer } from "../../core/review/decide-answer.ts";
import { decideToolAnswer } from "../../core/review/decide-tool-answer.ts";
import { asId } from "../../core/shared/ids.ts";
import { refuse } from "../../core/shared/transition.ts";
import { loadAskedBudget } from "../gate/budget-wait-handlers.ts";
import { lockWaiting } from "../memory/decision-handlers.ts";
import { loadToolAnswer } from "../gate/tool-answer.ts";
import { loadPatchSlice, loadPlanSlice } from "../planning/plan-handlers.ts";
import { readMentioned } from "../requests/comment-handlers.ts";
import { loadSteering } from "../requests/recurrence-handlers.ts";
import { liveStates, loadLiveWork } from "../requests/request-handlers.ts";
import { handler } from "../shared/command-handler.ts";
import { loadAttempt, loadPerson, loadSurroundings, lockOne, lockOpenItems, readOne, shareRequest } from "../shared/load-slice.ts";
import { type Answering, type Asked, lockAnswered } from "./lock-answered.ts";

export const answerItemHandler = handler({
  load: async (transaction, command: AnswerItem, context) =>
    loadAnswering({ transaction, command, context, known: await readOne(transaction, inboxItemKind, command.itemId), byClock: false }),
  decide: (slice: Answering, command, context) =>
    (slice.voted === undefined ? null : decideVote(slice.voted, command, context)) ?? slice.decide(command, context),
});

/** Subjects that are asked about in one way only. */
const aboutSubject: { readonly [subjectKind: string]: ((asked: Asked) => Promise<Answering>) | undefined } = {
  recurrence: recurrenceAnswer,
  decision: decisionAnswer,
  budget: budgetAnswer,
  autonomy: autonomyAnswer,
  candidacy: autonomyAnswer,
};

/** The slice of an answer with its decision. */
export async function loadAnswering(asked: Asked): Promise<Answering> {
  const { known } = asked;
  if (known.kind === "approval") return approvalAnswer(asked);
  if (asksForPatch(known)) return patchAnswer(asked);
  if (known.kind === "unknown-effect") return effectAnswer(asked);
  if (known.kind === "mention") return mentionAnswer(asked);
  const about = aboutSubject[known.subjectKind];
  if (about !== undefined) return about(asked);
  if (known.subjectKind !== "request") return taskAnswer(asked);
  return known.kind === "question" ? requestAnswer(asked) : integrationAnswer(asked);
}

/** The decision is about the very document that the item showed. */
async function planAnswer({ transaction, command, context, known }: Asked): Promise<Answering> {
  const slice = await loadPlanSlice(transaction, context, { planId: known.subjectId, confirmation: command.confirmation });
  const item = await lockOne(transaction, inboxItemKind, command.itemId);
  const { documentSha256 } = item.evidence;
  return {
    decide(answer, decideContext) {
      const problem = answerProblem(item, answer);
      if (problem !== null) return refuse("conflict", problem.code, problem.message);
      const seen = typeof documentSha256 === "string" ? documentSha256 : null;
      return decidePlan(
        slice,
        {
          kind: "decide-plan",
          planId: item.subjectId,
          choice: planChoice(answer.choice),
          reason: answer.reason,
          documentSha256: seen,
          confirmation: answer.confirmation,
          beforehand: false,
        },
        decideContext,
      );
    },
  };
}

/** The item's own choices are these three, which was looked at before. */
const planChoice = (choice: string): DecidePlan["choice"] => (choice === "approve" || choice === "reject" ? choice : "changes");

/** The item carries the whole patch, so that what is agreed to is what its author wrote. */
async function patchAnswer(asked: Asked): Promise<Answering> {
  const { transaction, command, context, known } = asked;
  const { document } = known.proposed as unknown as Pick<PatchPlan, "document">; // an item about a patch carries it from its first moment
  const [authorId = asId<"person">("")] = known.excludedPersonIds;
  const slice = await loadPatchSlice(transaction, context, {
    planId: known.subjectId,
    document,
    authorId,
    confirmation: command.confirmation,
  });
  const { item, authority } = await lockAnswered(asked, slice.request);
  return {
    voted: { item, authority },
    decide: (answer, decideContext) => decidePatchAnswer({ ...slice, authority, item }, answer, decideContext),
  };
}

/** About a plan, or about calls of an attempt. */
const approvalAnswer = (asked: Asked): Promise<Answering> =>
  asked.known.subjectKind === "attempt" ? toolAnswer(asked) : planAnswer(asked);

async function toolAnswer(asked: Asked): Promise<Answering> {
  const { request, ...about } = await loadToolAnswer(asked.transaction, asked.context, asked.known);
  const { item, authority } = await lockAnswered(asked, request);
  return {
    voted: { item, authority },
    decide: (answer, decideContext) => decideToolAnswer({ ...about, item, authority }, answer, decideContext),
  };
}

async function effectAnswer(asked: Asked): Promise<Answering> {
  const effect = await lockOne(asked.transaction, effectKindOf, asked.known.subjectId);
  const { item, authority } = await lockAnswered(asked);
  return {
    voted: { item, authority },
    decide: (answer, decideContext) => decideEffectAnswer({ item, effect, authority }, answer, decideContext),
  };
}

async function mentionAnswer({ transaction, command, context, known }: Asked): Promise<Answering> {
  const request = await lockOne(transaction, requestKind, known.requestId ?? "");
  const comment = await readOne(transaction, commentKind, known.subjectId);
  const item = await lockOne(transaction, inboxItemKind, command.itemId);
  const count = await transaction.count(commentKind, { where: { subjectId: comment.subjectId } });
  const person = await loadPerson(transaction, context);
  const slice = { request, item, comment, count, person, mentioned: await readMentioned(transaction, context, [comment.authorId]) };
  return { decide: (answer, decideContext) => decideMentionAnswer(slice, answer, decideContext) };
}

async function recurrenceAnswer(asked: Asked): Promise<Answering> {
  const steering = await loadSteering(asked.transaction, asked.context, asked.known.subjectId);
  const { item, authority } = await lockAnswered(asked);
  return { decide: (answer, decideContext) => decideRecurrenceAnswer({ ...steering, item, authority }, answer, decideContext) };
}

async function decisionAnswer(asked: Asked): Promise<Answering> {
  const waiting = await lockWaiting(asked.transaction, asked.known.subjectId);
  const { item, authority } = await lockAnswered(asked);
  return { decide: (answer, decideContext) => decideReviewAnswer({ ...waiting, item, authority }, answer, decideContext) };
}

async function budgetAnswer(asked: Asked): Promise<Answering> {
  const about = await loadAskedBudget(asked.transaction, asked.context, asked.known);
  const { item, authority } = await lockAnswered(asked);
  return {
    voted: { item, authority },
    decide: (answer, decideContext) => decideBudgetAnswer({ ...about, item, authority }, answer, decideContext),
  };
}

/** Whether a persona may rise on the ladder, or that something of it has changed by itself. */
async function autonomyAnswer(asked: Asked): Promise<Answering> {
  const { subjectKind, subjectId } = asked.known;
  const autonomy = subjectKind === "autonomy" ? await lockOne(asked.transaction, autonomyKind, subjectId) : undefined;
  const { item, authority } = await lockAnswered(asked);
  return {
    voted: { item, authority },
    decide: (answer, decideContext) => decideAutonomyAnswer({ item, authority, autonomy }, answer, decideContext),
  };
}

async function requestAnswer(asked: Asked): Promise<Answering> {
  const request = await lockOne(asked.transaction, requestKind, asked.known.requestId ?? "");
  const open = await lockOpenItems(asked.transaction, { subjectId: request.id });
  const { item, authority } = await lockAnswered(asked, request);
  const openQuestions = open.filter((one) => one.kind === "question").length;
  return {
    voted: { item, authority },
    decide: (answer, decideContext) => decideRequestAnswer({ request, item, openQuestions, authority }, answer, decideContext),
  };
}

/** States of the tasks that an answer about the whole moves. */
const touchedBy: { readonly [choice: string]: readonly Task["state"][] | undefined } = { cancel: liveStates, accept: ["passed"] };

async function integrationAnswer(asked: Asked): Promise<Answering> {
  const work = await loadLiveWork(asked.transaction, asked.known.requestId ?? "", touchedBy[asked.command.choice] ?? []);
  const { item, authority } = await lockAnswered(asked, work.request);
  return {
    voted: { item, authority },
    decide: (answer, decideContext) => decideIntegrationAnswer({ ...work, item, authority }, answer, decideContext),
  };
}

async function taskAnswer(asked: Asked): Promise<Answering> {
  const { transaction, context, known } = asked;
  const judged = known.subjectKind === "attempt" ? await readOne(transaction, attemptKind, known.subjectId) : undefined;
  const request = await shareRequest(transaction, known.requestId ?? "");
  const task = await lockOne(transaction, taskKind, judged?.taskId ?? known.subjectId);
  const attempt = await loadAttempt(transaction, { attemptId: judged === undefined ? task.attemptId : asId(judged.id) });
  const { around, downstream, upstream } = await withDownstream(
    asked,
    await loadSurroundings(transaction, context, { request, task }),
    task,
  );
  const patchItems =
    downstream.length === 0 ? [] : (await lockOpenItems(transaction, { requestId: request.id })).filter((item) => item.kind === "patch");
  const { item, authority } = await lockAnswered(asked, request);
  return {
    voted: { item, authority },
    decide: (answer, decideContext) =>
      decideTaskAnswer({ item, task, attempt, around, downstream, upstream, patchItems, authority }, answer, decideContext),
  };
}

/** For a patch that cancels, everything downstream is locked as well, with the plan that counts its sinks. `O(tasks downstream)`. */
async function withDownstream(
  { transaction, command, known }: Asked,
  around: Surroundings,
  task: Task,
): Promise<{ readonly around: Surroundings; readonly downstream: readonly Task[]; readonly upstream: readonly Task[] }> {
  if (known.kind !== "patch" || command.choice !== "cancel") return { around, downstream: [], upstream: [] };
  const downstream = new Map<string, Task>(around.dependents.map((dependent) => [dependent.id, dependent]));
  for (let edge = around.dependents; edge.length > 0;) {
    const next = edge.flatMap((one) => one.dependents).filter((id) => !downstream.has(id));
    edge = next.length === 0 ? [] : await transaction.lock(taskKind, [...new Set(next)]);
    for (const one of edge) downstream.set(one.id, one);
  }
  const feeding = new Set([...downstream.values()].flatMap((one) => one.dependsOn).filter((id) => !downstream.has(id)));
  const upstream = await transaction.lock(
    taskKind,
    [...feeding].filter((id) => id !== asId(task.id)),
  );
  return {
    upstream,
    around: { ...around, plan: around.plan ?? (await lockOne(transaction, planKind, task.planId)) },
    downstream: [...downstream.values()],
  };
}

export const markClockFiredHandler = handler({
  load: async (transaction, command: MarkClockFired) => ({ clock: await lockOne(transaction, clockKind, command.clockId) }),
  decide: decideClockFired,
});
