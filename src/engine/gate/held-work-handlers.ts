import { attemptKind } from "../../core/execution/attempt.ts";
import { decideResumedTask, decideStop, type ResumeTask, type StopAttempt } from "../../core/execution/stop-attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { noticeKind } from "../../core/oversight/notice.ts";
import { requestKind } from "../../core/requests/request.ts";
import {
  decideJobHold,
  decideJobResumed,
  type HoldJob,
  type JobSlice,
  type JobSubject,
  type ResumeJob,
} from "../../core/review/hold-job.ts";
import { reviewKind } from "../../core/review/review.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadBench, lockClocksOf, lockOne, readOne, shareRequest } from "../shared/load-slice.ts";
import { readHalts, shareHalts } from "./halt-shelf.ts";

export const stopAttemptHandler = handler({
  async load(transaction, command: StopAttempt) {
    const known = await readOne(transaction, attemptKind, command.attemptId);
    const request = await shareRequest(transaction, known.requestId);
    const task = await lockOne(transaction, taskKind, known.taskId);
    const attempt = await lockOne(transaction, attemptKind, command.attemptId);
    const clocks = await lockClocksOf(transaction, [attempt]);
    return { request, task, attempt, clocks, halts: await shareHalts(transaction, await readHalts(transaction)) };
  },
  decide: decideStop,
});

export const resumeTaskHandler = handler({
  async load(transaction, command: ResumeTask, context) {
    const known = await readOne(transaction, taskKind, command.taskId);
    const request = await shareRequest(transaction, known.requestId);
    return {
      request,
      task: await lockOne(transaction, taskKind, command.taskId),
      bench: await loadBench(transaction, context, request.rehearsal),
    };
  },
  decide: decideResumedTask,
});

async function loadJob(transaction: Transaction, command: HoldJob | ResumeJob, context: LoadContext): Promise<JobSlice> {
  const subject = await loadSubject(transaction, command, context);
  return { subject, halts: await shareHalts(transaction, await readHalts(transaction)) };
}

async function loadSubject(
  transaction: Transaction,
  { jobKind, subjectId }: HoldJob | ResumeJob,
  { caller }: LoadContext,
): Promise<JobSubject> {
  if (jobKind === "notify")
    return { kind: "notice", notice: await lockOne(transaction, noticeKind, subjectId), projectId: asId(caller.projectId ?? "") };
  if (jobKind !== "review") return { kind: "request", request: await lockOne(transaction, requestKind, subjectId) };
  const known = await readOne(transaction, reviewKind, subjectId);
  return {
    kind: "review",
    request: await shareRequest(transaction, known.requestId),
    task: await readOne(transaction, taskKind, known.taskId),
    attempt: await readOne(transaction, attemptKind, known.attemptId),
    review: await lockOne(transaction, reviewKind, subjectId),
  };
}

export const holdJobHandler = handler<HoldJob, JobSlice>({ load: loadJob, decide: decideJobHold });
export const resumeJobHandler = handler<ResumeJob, JobSlice>({ load: loadJob, decide: decideJobResumed });
