import { decideRequestControl, type ControlRequest } from "../../core/execution/decide-request-control.ts";
import { attemptKind, type Attempt } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { personKind, projectKindOf } from "../../core/oversight/person.ts";
import { decideBrief, type RecordBrief } from "../../core/requests/decide-brief.ts";
import { decideSubmission, type SubmitRequest } from "../../core/requests/decide-submission.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { loadBench, lockOne, lockOpenItems, readOne } from "../shared/load-slice.ts";

export const submitRequestHandler = handler({
  async load(transaction, _command: SubmitRequest, { caller }) {
    if (caller.projectId === null) throw new Failure("invalid", "request.project-missing", { message: "A request belongs to a project; name one." });
    const project = await readOne(transaction, projectKindOf, caller.projectId);
    const requester = await transaction.get(personKind, caller.actor.id);
    return { project, requester, number: await transaction.nextNumber() };
  },
  decide: decideSubmission,
});

export const recordBriefHandler = handler({
  load: async (transaction, command: RecordBrief) => ({ request: await lockOne(transaction, requestKind, command.requestId) }),
  decide: decideBrief,
});

export const controlRequestHandler = handler({
  async load(transaction, command: ControlRequest, context) {
    const request = await lockOne(transaction, requestKind, command.requestId);
    const work = await loadWork(transaction, request, command.kind);
    return { request, ...work, items: await lockOpenItems(transaction, { requestId: request.id }), bench: await loadBench(transaction, context, request.rehearsal) };
  },
  decide: decideRequestControl,
});

const live: { readonly [kind in ControlRequest["kind"]]: readonly string[] } = {
  "cancel-request": ["proposed", "waiting", "ready", "assigned", "running", "in-review", "rework", "blocked", "escalated", "failed"],
  "resume-request": ["ready", "assigned"],
  "pause-request": [],
  "close-request": [],
};

/** Most live tasks and attempts of one request that one word touches; a plan has no more tasks than this. */
const maxLive = 10_000;

async function loadWork(transaction: Transaction, request: WorkRequest, kind: ControlRequest["kind"]): Promise<{ readonly tasks: readonly Task[]; readonly attempts: readonly Attempt[] }> {
  if (live[kind].length === 0) return { tasks: [], attempts: [] };
  const found = await transaction.find(taskKind, { where: { requestId: request.id, state: live[kind] }, limit: maxLive });
  const tasks = await transaction.lock(taskKind, found.map((task) => task.id));
  const attempts = await transaction.lock(attemptKind, tasks.flatMap((task) => task.attemptId ?? []));
  return { tasks, attempts };
}
