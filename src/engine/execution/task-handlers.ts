import {
  decideClaim,
  decideHeartbeat,
  decideLapse,
  decideReassignment,
  decideSubmitWork,
  type ClaimTask,
  type HumanWorkSlice,
  type ReassignSlice,
  type ReassignTask,
  type SubmitTask,
} from "../../core/execution/decide-human-work.ts";
import {
  decideScheduledAnswer,
  decideScheduledEnd,
  type ScheduleAnswer,
  type ScheduleAttemptEnd,
} from "../../core/execution/decide-rehearsal.ts";
import {
  decideSteering,
  decideWorkEnd,
  decideWorkPause,
  type EndWork,
  type PauseWork,
  type SteerWork,
} from "../../core/execution/decide-work-control.ts";
import type { HeartbeatTask, LapseClaim } from "../../core/execution/claim-lease.ts";
import { decideStart, type StartAttempt } from "../../core/execution/decide-start.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { taskKind } from "../../core/execution/task.ts";
import { planKind } from "../../core/planning/plan.ts";
import { loadSteering } from "../oversight/steering-authority.ts";
import { readHalts, shareHalts } from "../gate/halt-shelf.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import {
  countMembers,
  loadAttempt,
  loadBench,
  loadPerson,
  lockClocksOf,
  lockOne,
  neighboursOf,
  readOne,
  shareRequest,
} from "../shared/load-slice.ts";

export const startAttemptHandler = handler({
  async load(transaction, command: StartAttempt, context) {
    const known = await neighboursOf(transaction, context, { kind: attemptKind, id: command.attemptId });
    const halts = await context.halts.inForce(transaction, context.caller.organizationId);
    const [request, task, attempt] = await Promise.all([
      shareRequest(transaction, known.requestId),
      lockOne(transaction, taskKind, known.taskId),
      lockOne(transaction, attemptKind, command.attemptId),
    ]);
    context.neighbours.remember(context.caller, attempt.id, { ...known, task: { planId: task.planId, dependents: task.dependents } });
    // What is remembered may hold work back by a halt that was lifted since: only then the rows are asked.
    return { request, task, attempt, halts: await shareHalts(transaction, halts) };
  },
  decide: decideStart,
});

export const scheduleAttemptEndHandler = handler({
  async load(transaction, command: ScheduleAttemptEnd) {
    const known = await readOne(transaction, attemptKind, command.attemptId);
    return {
      request: await shareRequest(transaction, known.requestId),
      attempt: await lockOne(transaction, attemptKind, command.attemptId),
    };
  },
  decide: decideScheduledEnd,
});

export const scheduleAnswerHandler = handler({
  async load(transaction, command: ScheduleAnswer) {
    const item = await readOne(transaction, inboxItemKind, command.itemId);
    return {
      request: await shareRequest(transaction, item.requestId ?? ""),
      item: await lockOne(transaction, inboxItemKind, command.itemId),
    };
  },
  decide: decideScheduledAnswer,
});

/** A task with whoever does it, and who could. */
export async function loadHumanWork(
  transaction: Transaction,
  command: { readonly taskId: string },
  context: LoadContext,
): Promise<HumanWorkSlice> {
  const known = await readOne(transaction, taskKind, command.taskId);
  const request = await shareRequest(transaction, known.requestId);
  const task = await lockOne(transaction, taskKind, command.taskId);
  const attempt = await loadAttempt(transaction, task);
  return {
    request,
    task,
    attempt,
    clocks: attempt === undefined ? [] : await lockClocksOf(transaction, [attempt]),
    person: await loadPerson(transaction, context),
    halts: await readHalts(transaction),
    members: await countMembers(transaction, context),
    bench: await loadBench(transaction, context, request.rehearsal),
  };
}

/** Claims with a time. */
export const keptClaims = {
  "heartbeat-task": handler<HeartbeatTask, HumanWorkSlice>({ load: loadHumanWork, decide: decideHeartbeat }),
  "lapse-claim": handler<LapseClaim, HumanWorkSlice>({ load: loadHumanWork, decide: decideLapse }),
};
export const claimTaskHandler = handler<ClaimTask, HumanWorkSlice>({ load: loadHumanWork, decide: decideClaim });
export const submitTaskHandler = handler<SubmitTask, HumanWorkSlice>({ load: loadHumanWork, decide: decideSubmitWork });

async function loadReassign(transaction: Transaction, command: { readonly taskId: string }, context: LoadContext): Promise<ReassignSlice> {
  const slice = await loadHumanWork(transaction, command, context);
  const { request, task } = slice;
  const plan = await transaction.get(planKind, task.planId);
  const steered = { action: "reassign-task", rule: "task.reassign", request, plan, tasks: [task] } as const;
  return { ...slice, authority: await loadSteering(transaction, context, steered) };
}

export const reassignTaskHandler = handler<ReassignTask, ReassignSlice>({ load: loadReassign, decide: decideReassignment });

const pauseWorkHandler = handler<PauseWork, HumanWorkSlice>({ load: loadHumanWork, decide: decideWorkPause });
const endWorkHandler = handler<EndWork, ReassignSlice>({ load: loadReassign, decide: decideWorkEnd });

/** What people do to work while it runs. */
export const workControls = {
  "pause-work": pauseWorkHandler,
  "resume-work": pauseWorkHandler,
  "steer-work": handler<SteerWork, HumanWorkSlice>({ load: loadHumanWork, decide: decideSteering }),
  "take-over-work": endWorkHandler,
  "cancel-work": endWorkHandler,
} as const;
