import { decideRequestControl, type ControlRequest, type LiveWork } from "../../core/review/decide-request-control.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { type TaskState, taskKind } from "../../core/execution/task.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { planKind } from "../../core/planning/plan.ts";
import { decideBrief, type RecordBrief } from "../../core/requests/decide-brief.ts";
import { decideSubmission, type SubmitRequest } from "../../core/requests/decide-submission.ts";
import { requestKind } from "../../core/requests/request.ts";
import { reviewKind } from "../../core/review/review.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Transaction } from "../ports/store.ts";
import { loadSteering } from "../oversight/steering-authority.ts";
import { handler } from "../shared/command-handler.ts";
import { objectiveIsOpen } from "./serving.ts";
import { loadBench, loadPerson, lockClocksOf, lockOne, lockOpenItems, readOne } from "../shared/load-slice.ts";

export const submitRequestHandler = handler({
  async load(transaction, { draft }: SubmitRequest, context) {
    const { caller } = context;
    if (caller.projectId === null)
      throw new Failure("invalid", "request.project-missing", { message: "A request belongs to a project; name one." });
    const [project, requester, number] = await Promise.all([
      readOne(transaction, projectKindOf, caller.projectId),
      loadPerson(transaction, context),
      transaction.nextNumber(),
    ]);
    return { project, requester, number, objectiveIsOpen: await objectiveIsOpen(transaction, draft.objectiveId) };
  },
  decide: decideSubmission,
});

export const recordBriefHandler = handler({
  load: async (transaction, command: RecordBrief) => ({
    request: await lockOne(transaction, requestKind, command.requestId),
    items: await lockOpenItems(transaction, { requestId: command.requestId }),
  }),
  decide: decideBrief,
});

export const controlRequestHandler = handler({
  async load(transaction, command: ControlRequest, context) {
    const work = await loadLiveWork(transaction, command.requestId, liveFor[command.kind]);
    return {
      ...work,
      person: await loadPerson(transaction, context),
      authority: await loadSteering(transaction, context, {
        action: "steer-request",
        rule: `request.${command.kind.replace("-request", "")}`,
        ...work,
      }),
      bench: await loadBench(transaction, context, work.request.rehearsal),
    };
  },
  decide: decideRequestControl,
});

/** Every state in which a task may still be cancelled. */
export const liveStates: readonly TaskState[] = [
  "proposed",
  "waiting",
  "ready",
  "assigned",
  "running",
  "in-review",
  "rework",
  "blocked",
  "escalated",
  "failed",
];

const liveFor: { readonly [kind in ControlRequest["kind"]]: readonly TaskState[] } = {
  "cancel-request": liveStates,
  "resume-request": ["ready", "assigned"],
  "pause-request": [],
  "close-request": [],
};

/** Most live tasks, attempts and reviews of one request that one word touches; a plan has no more tasks than this. */
const maxLive = 10_000;

/** A request with its tasks in these states, their attempts, and everything that is open about it; all locked. */
export async function loadLiveWork(transaction: Transaction, requestId: string, states: readonly TaskState[]): Promise<LiveWork> {
  const request = await lockOne(transaction, requestKind, requestId);
  const found = states.length === 0 ? [] : await transaction.find(taskKind, { where: { requestId, state: states }, limit: maxLive });
  const tasks = await transaction.lock(
    taskKind,
    found.map((task) => task.id),
  );
  const attempts = await transaction.lock(
    attemptKind,
    tasks.flatMap((task) => task.attemptId ?? []),
  );
  const clocks = await lockClocksOf(transaction, attempts);
  const open = states.includes("in-review")
    ? await transaction.find(reviewKind, { where: { requestId, state: "open" }, limit: maxLive })
    : [];
  const reviews = await transaction.lock(
    reviewKind,
    open.map((review) => review.id),
  );
  const plan = request.planId === null ? undefined : await lockOne(transaction, planKind, request.planId);
  return { request, plan, tasks, attempts, clocks, reviews, items: await lockOpenItems(transaction, { requestId }) };
}
