import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import type { Task } from "../../core/execution/task.ts";
import { type Review, reviewKind } from "../../core/review/review.ts";
import type { Change } from "../../core/shared/transition.ts";
import type { Caller } from "./caller.ts";

/** What an attempt or review belongs to: said once when it is made, and never changed. */
export interface Neighbours {
  readonly requestId: string;
  readonly taskId: string;
  /** Of a review: what it judges. */
  readonly attemptId?: string;
  /** What the task was when it was last locked here: a guess, to be compared with the locked row. */
  readonly task?: Pick<Task, "planId" | "dependents">;
}

/**
 * Remembers what attempts and reviews belong to, so that a command asks for all its rows at once instead of reading one to
 * learn the ids of the others. Forgetting costs a round trip; every row is still read and locked under row security.
 */
export interface NeighbourShelf {
  of(caller: Place, id: string): Neighbours | undefined;
  remember(caller: Place, id: string, neighbours: Neighbours): void;
  /** Attempts and reviews that a command has made; called after its commit. */
  made(caller: Place, changes: readonly Change[]): void;
}

type Place = Pick<Caller, "organizationId" | "projectId">;

/** Remembered at once; the oldest goes first. */
const maxRemembered = 5_000;

export function neighbourShelf(): NeighbourShelf {
  const known = new Map<string, Neighbours>();
  const keyOf = ({ organizationId, projectId }: Place, id: string): string => `${organizationId}/${projectId ?? ""}/${id}`;
  const remember = (caller: Place, id: string, neighbours: Neighbours): void => {
    const key = keyOf(caller, id);
    known.delete(key);
    known.set(key, neighbours);
    const oldest = known.size > maxRemembered ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
  };
  return {
    of: (caller, id) => known.get(keyOf(caller, id)),
    remember,
    made(caller, changes) {
      for (const { kind, before, after } of changes) {
        if (before !== undefined || (kind.name !== attemptKind.name && kind.name !== reviewKind.name)) continue;
        const { requestId, taskId, attemptId } = after as Attempt & Partial<Pick<Review, "attemptId">>; // by its kind
        remember(caller, after.id, { requestId, taskId, ...(attemptId === undefined ? {} : { attemptId }) });
      }
    },
  };
}
