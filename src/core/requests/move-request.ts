import type { DecideContext } from "../shared/decide-context.ts";
import { invariant } from "../shared/failure.ts";
import type { JsonObject } from "../shared/json.ts";
import { mayMove } from "../shared/moves.ts";
import { type JobKind, type TransitionDraft } from "../shared/transition.ts";
import { type RequestState, type WorkRequest, requestKind, requestMoves } from "./request.ts";

/** Moves a request along its machine and records it with the time spent in the state it leaves. */
export function moveRequest(draft: TransitionDraft, context: DecideContext, request: WorkRequest, to: RequestState, data: JsonObject = {}): WorkRequest {
  const now = draft.current(requestKind, request);
  invariant(mayMove(requestMoves, now.state, to), `request ${now.state} -> ${to}`);
  draft.change(requestKind, now, { state: to, stateSinceMs: context.nowMs });
  return draft.record(requestKind, now, `request.${to}`, { requestId: now.id, from: now.state, msInState: context.nowMs - now.stateSinceMs, ...data });
}

/** Starts one of the request's own jobs under a new epoch, which fences every earlier one. */
export function startRequestJob(draft: TransitionDraft, request: WorkRequest, kind: Extract<JobKind, "analyse" | "plan" | "integrate">): WorkRequest {
  const now = draft.current(requestKind, request);
  const started = draft.change(requestKind, now, { epoch: now.epoch + 1, handOvers: 0 });
  draft.enqueue({ kind, subjectId: started.id, epoch: started.epoch });
  return started;
}

/** Why a report about a request's job is not the present one's, or null when it is. */
export const staleRequestReport = (request: WorkRequest, state: RequestState, epoch: number): string | null =>
  request.state !== state ? `the request is ${request.state}, not ${state}` : request.epoch !== epoch ? `epoch ${epoch} was replaced by ${request.epoch}` : null;
