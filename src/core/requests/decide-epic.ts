import { isActive } from "../oversight/authority.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { ProjectId } from "../shared/ids.ts";
import { mayMove } from "../shared/moves.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { type Epic, type EpicState, epicKind, epicLimits, epicMoves } from "./epic.ts";
import { type WorkRequest, requestKind } from "./request.ts";

export interface CreateEpic {
  readonly kind: "create-epic";
  readonly title: string;
  readonly goal: string;
  /** Null: whoever creates it. */
  readonly ownerId: string | null;
  readonly dueAtMs: number | null;
}

/** Changes named fields; absent ones stay. */
export interface ChangeEpic {
  readonly kind: "change-epic";
  readonly epicId: string;
  readonly expectedVersion: number;
  readonly title?: string;
  readonly goal?: string;
  readonly ownerId?: string;
  readonly dueAtMs?: number | null;
}

/** Ends an epic or opens it again. Its requests are not touched. */
export interface MoveEpic {
  readonly kind: "finish-epic" | "cancel-epic" | "reopen-epic";
  readonly epicId: string;
  readonly expectedVersion: number;
  readonly reason: string;
}

/** Says which epic a request is part of; null: of none. */
export interface SetEpic {
  readonly kind: "set-epic";
  readonly requestId: string;
  readonly epicId: string | null;
}

export interface NewEpicSlice {
  readonly projectId: ProjectId;
  readonly owner: Person | undefined;
  readonly open: number;
  readonly nextNumber: number;
}

/** Opens a group of requests under one goal. */
export function decideNewEpic(slice: NewEpicSlice, command: CreateEpic, context: DecideContext): Decided {
  const { owner } = slice;
  if (!isActive(owner)) return noOwner;
  const problem = textProblem(command);
  if (problem !== null) return problem;
  if (slice.open >= epicLimits.open)
    return refuse("exhausted", "epic.too-many", `${epicLimits.open} epics are open, the most there can be; end one first.`);
  const { draft } = beginStep(context);
  const epic = draft.create(epicKind, {
    id: context.newId(),
    projectId: slice.projectId,
    number: slice.nextNumber,
    state: "open",
    title: command.title.trim(),
    goal: command.goal.trim(),
    ownerId: owner.id,
    dueAtMs: command.dueAtMs,
    reason: "",
    openedAtMs: context.nowMs,
  });
  draft.record(epicKind, epic, "epic.created", { number: epic.number, title: epic.title, ownerId: owner.id });
  return draft.accept({ id: epic.id, number: epic.number, state: epic.state, version: epic.version });
}

/** Changes an open epic by somebody who read its latest version. */
export function decideEpicChange(
  slice: { readonly epic: Epic; readonly owner: Person | undefined },
  command: ChangeEpic,
  context: DecideContext,
): Decided {
  const { epic } = slice;
  const { title = epic.title, goal = epic.goal, ownerId = epic.ownerId, dueAtMs = epic.dueAtMs } = command;
  const problem = raceProblem(epic, command) ?? openProblem(epic) ?? textProblem({ title, goal });
  if (problem !== null) return problem;
  if (ownerId !== epic.ownerId && !isActive(slice.owner)) return noOwner;
  const { draft } = beginStep(context);
  const changed = draft.change(epicKind, epic, { title: title.trim(), goal: goal.trim(), ownerId, dueAtMs });
  draft.record(epicKind, epic, "epic.changed", { number: epic.number, title: changed.title });
  return draft.accept({ id: epic.id, number: epic.number, state: epic.state, version: changed.version });
}

const targets: { readonly [kind in MoveEpic["kind"]]: EpicState } = {
  "finish-epic": "done",
  "cancel-epic": "cancelled",
  "reopen-epic": "open",
};

export function decideEpicMove({ epic }: { readonly epic: Epic }, command: MoveEpic, context: DecideContext): Decided {
  const to = targets[command.kind];
  const problem = raceProblem(epic, command) ?? reasonProblem(command.reason);
  if (problem !== null) return problem;
  if (!mayMove(epicMoves, epic.state, to))
    return refuse("conflict", "epic.wrong-state", `The epic is ${epic.state} and cannot become ${to} from there.`);
  const { draft } = beginStep(context);
  const reason = command.reason.trim();
  const moved = draft.change(epicKind, epic, { state: to, reason });
  draft.record(epicKind, epic, "epic.moved", { number: epic.number, from: epic.state, to, reason });
  return draft.accept({ id: epic.id, number: epic.number, state: to, version: moved.version });
}

/** Puts a request into an epic of its project, or takes it out. Saying what is so already changes nothing. */
export function decideEpicOfRequest(slice: EpicPlaceSlice, command: SetEpic, context: DecideContext): Decided {
  const { request, epic } = slice;
  const { draft } = beginStep(context);
  const { epicId } = command;
  const said = (): Decided => draft.accept({ id: request.id, state: request.state, epicId });
  if ((request.epicId ?? null) === epicId) return said();
  const problem = epicId === null ? null : placeProblem(slice, epicId);
  if (problem !== null) return problem;
  draft.change(requestKind, request, { epicId });
  const named = epicId === null || epic === undefined ? { number: null, title: null } : { number: epic.number, title: epic.title };
  draft.record(requestKind, request, "request.epic", { requestId: request.id, epicId, ...named });
  return said();
}

export interface EpicPlaceSlice {
  readonly request: WorkRequest;
  readonly epic: Epic | undefined;
  /** Requests that the epic has already. */
  readonly count: number;
}

function placeProblem({ epic, count }: EpicPlaceSlice, epicId: string): Refusal | null {
  if (epic === undefined) return refuse("not-found", "epic.not-found", `There is no epic with the id ${epicId.slice(0, 60)} here.`);
  if (count >= epicLimits.requests)
    return refuse("exhausted", "epic.too-many-requests", `An epic has at most ${epicLimits.requests} requests; open another one.`);
  return openProblem(epic);
}

const noOwner = refuse("not-found", "person.not-found", "The owner is no active member; name another one.");

function raceProblem(epic: Epic, { expectedVersion }: { readonly expectedVersion: number }): Refusal | null {
  if (epic.version === expectedVersion) return null;
  return refuse("conflict", "epic.changed-since", "This epic was changed since you read it. Compare the two and send again.", {
    current: { title: epic.title, goal: epic.goal, state: epic.state, version: epic.version },
    yourVersion: expectedVersion,
  });
}

const openProblem = (epic: Epic): Refusal | null =>
  epic.state === "open" ? null : refuse("conflict", "epic.not-open", `The epic is ${epic.state}; open it again first.`);

const reasonProblem = (reason: string): Refusal | null =>
  reason.trim() === "" || reason.length > epicLimits.reasonLength
    ? refuse("invalid", "epic.reason-missing", `Say why, in at most ${epicLimits.reasonLength} characters; it is kept with the epic.`)
    : null;

function textProblem({ title, goal }: { readonly title: string; readonly goal: string }): Refusal | null {
  const { titleLength, goalLength } = epicLimits;
  return title.trim() === "" || title.length > titleLength || goal.length > goalLength
    ? refuse("invalid", "epic.bad-title", `An epic has a title of at most ${titleLength} characters and a goal of at most ${goalLength}.`)
    : null;
}
