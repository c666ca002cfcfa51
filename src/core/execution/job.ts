/**
 * A durable piece of our own work: at most one live lease, fenced by its epoch.
 *
 * queued -> running -> done | cancelled; queued | running -> queued (lease lost: epoch + 1) | cancelled
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { RequestId } from "../shared/ids.ts";
import type { Moves } from "../shared/moves.ts";
import type { JobKind } from "../shared/transition.ts";

export type JobState = "queued" | "running" | "done" | "cancelled";

export const jobMoves: Moves<JobState> = {
  queued: ["queued", "running", "done", "cancelled"],
  running: ["queued", "done", "cancelled"],
  done: [],
  cancelled: [],
};

export interface Job extends Entity {
  readonly kind: JobKind;
  readonly requestId: RequestId;
  /** The request, attempt or review that it works for. */
  readonly subjectId: string;
  readonly state: JobState;
  /** 1 at first; each hand-over adds one, and every report must name the present one. */
  readonly epoch: number;
  readonly executorId: string | null;
  /** Hand-overs so far; at the cap a person is told instead of trying for ever. */
  readonly handOvers: number;
  readonly queuedAtMs: number;
}

export const jobKindOf = projectKind<Job>("job");

/** Hand-overs after which a job is given to a person. */
export const maxHandOvers = 8;
