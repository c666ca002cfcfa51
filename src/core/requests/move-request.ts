import { invariant } from "../shared/failure.ts";
import type { JsonObject } from "../shared/json.ts";
import { mayMove } from "../shared/moves.ts";
import type { JobKind, Step } from "../shared/transition.ts";
import { type RequestState, type WorkRequest, requestKind, requestMoves } from "./request.ts";

/** Where a request goes, and what its event says beside that. */
export interface RequestMove {
  readonly to: RequestState;
  readonly data?: JsonObject;
}

/** Moves a request along its machine and records it with the time spent in the state it leaves. */
export function moveRequest({ draft, context }: Step, request: WorkRequest, { to, data = {} }: RequestMove): WorkRequest {
  const now = draft.current(requestKind, request);
  invariant(mayMove(requestMoves, now.state, to), `request ${now.state} -> ${to}`);
  draft.change(requestKind, now, { state: to, stateSinceMs: context.nowMs });
  return draft.record(requestKind, now, `request.${to}`, {
    requestId: now.id,
    from: now.state,
    msInState: context.nowMs - now.stateSinceMs,
    ...data,
  });
}

/** The job that a request in this state has running; other states have none. */
export const requestJobs: { readonly [state in RequestState]?: Extract<JobKind, "analyse" | "plan" | "integrate"> } = {
  analysing: "analyse",
  planning: "plan",
  integrating: "integrate",
};

/** Starts the job of the state that the request is in, under a new epoch, which fences every earlier one. Other states have no job. */
export function startRequestJob({ draft }: Step, request: WorkRequest): WorkRequest {
  const now = draft.current(requestKind, request);
  const kind = requestJobs[now.state];
  if (kind === undefined) return now;
  const started = draft.change(requestKind, now, { epoch: now.epoch + 1, handOvers: 0, ...unheld(now) });
  draft.enqueue({ kind, subjectId: started.id, epoch: started.epoch });
  return started;
}

/** A new job looks for halts itself. */
const unheld = ({ heldById }: WorkRequest): Partial<WorkRequest> => (typeof heldById === "string" ? { heldById: null } : {});

/** Why a report about a request's job is not the present one's, or null when it is. */
export function staleRequestReport(request: WorkRequest, state: RequestState, epoch: number): string | null {
  if (request.state !== state) return `the request is ${request.state}, not ${state}`;
  return request.epoch === epoch ? null : `epoch ${epoch} was replaced by ${request.epoch}`;
}
