import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { type ToolCall, callLimits, toolCallKind } from "../../core/gate/tool-call.ts";
import { requestKind } from "../../core/requests/request.ts";
import { spentBy } from "../gate/spend-view.ts";
import { decideNoticeLoss } from "../../core/oversight/decide-notice.ts";
import { type Notice, noticeKind } from "../../core/oversight/notice.ts";
import { decideHandOver, type HandOverSlice, type LoseLease } from "../../core/review/decide-hand-over.ts";
import { decideReview, type FinishReview } from "../../core/review/decide-review.ts";
import { decideSubmission, type FinishAttempt } from "../../core/review/decide-submission.ts";
import { reviewKind } from "../../core/review/review.ts";
import { lostTrial } from "../personas/qualification-handlers.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { loadSurroundings, lockGuessed, lockOne, neighboursOf, readOne, shareRequest } from "../shared/load-slice.ts";

export const finishAttemptHandler = handler({
  async load(transaction, command: FinishAttempt, context) {
    const known = await neighboursOf(transaction, context, { kind: attemptKind, id: command.attemptId });
    const [request, task, attempt, guessed] = await Promise.all([
      shareRequest(transaction, known.requestId),
      lockOne(transaction, taskKind, known.taskId),
      lockOne(transaction, attemptKind, command.attemptId),
      lockGuessed(transaction, known.task),
    ]);
    const [around, spentMicro, toolCalls] = await Promise.all([
      loadSurroundings(transaction, context, { request, task, guessed }),
      command.costMicro > 0 && !request.rehearsal ? spentBy(transaction, attempt.id) : null,
      command.outcome.kind === "asked" ? askedCalls(transaction, attempt.id) : [],
    ]);
    return { task, attempt, around, spentMicro, toolCalls };
  },
  decide: decideSubmission,
});

/** Calls of tools that an attempt had to ask people about. */
const askedCalls = async (transaction: Transaction, attemptId: string): Promise<readonly ToolCall[]> =>
  (await transaction.find(toolCallKind, { where: { attemptId }, limit: callLimits.perAttempt })).filter((call) => call.itemId !== null);

export const finishReviewHandler = handler({
  async load(transaction, command: FinishReview, context) {
    const known = await neighboursOf(transaction, context, { kind: reviewKind, id: command.reviewId });
    const attemptId = known.attemptId ?? "";
    const [request, task, attempt, review, guessed] = await Promise.all([
      shareRequest(transaction, known.requestId),
      lockOne(transaction, taskKind, known.taskId),
      lockOne(transaction, attemptKind, attemptId),
      lockOne(transaction, reviewKind, command.reviewId),
      lockGuessed(transaction, context.neighbours.of(context.caller, attemptId)?.task),
    ]);
    return { review, task, attempt, around: await loadSurroundings(transaction, context, { request, task, guessed }) };
  },
  decide: decideReview,
});

export const loseLeaseHandler = handler({
  async load(transaction, command: LoseLease): Promise<LostSlice> {
    if (command.jobKind === "notify") return { notice: await lockOne(transaction, noticeKind, command.subjectId) };
    return command.jobKind === "qualify" ? lostTrial.load(transaction, command) : loadHandOver(transaction, command);
  },
  decide(slice, command, context) {
    if ("notice" in slice) return decideNoticeLoss(slice, command, context);
    return "run" in slice ? lostTrial.decide(slice, command, context) : decideHandOver(slice, command, context);
  },
});

type LostSlice = HandOverSlice | { readonly notice: Notice } | Awaited<ReturnType<typeof lostTrial.load>>;

async function loadHandOver(transaction: Transaction, command: LoseLease): Promise<HandOverSlice> {
  if (command.jobKind === "attempt") {
    const known = await readOne(transaction, attemptKind, command.subjectId);
    const request = await shareRequest(transaction, known.requestId);
    const task = await lockOne(transaction, taskKind, known.taskId);
    return { request, task, attempt: await lockOne(transaction, attemptKind, command.subjectId), review: undefined };
  }
  if (command.jobKind === "review") {
    const known = await readOne(transaction, reviewKind, command.subjectId);
    const request = await shareRequest(transaction, known.requestId);
    const task = await lockOne(transaction, taskKind, known.taskId);
    const attempt = await lockOne(transaction, attemptKind, known.attemptId);
    return { request, task, attempt, review: await lockOne(transaction, reviewKind, command.subjectId) };
  }
  return { request: await lockOne(transaction, requestKind, command.subjectId), task: undefined, attempt: undefined, review: undefined };
}
