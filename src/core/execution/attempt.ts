/**
 * One try at a task by one performer through one executor. Every write carries the epoch of its job.
 *
 * leased -> running | cancelled; running <-> paused; running | paused -> submitted | asked | failed | timed-out | cancelled
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { Artifact } from "../shared/content.ts";
import type { RequestId, TaskId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";
import type { ExecutorKind, Performer } from "../personas/persona.ts";
import type { ReworkPoint } from "./task.ts";

export type AttemptState = "leased" | "running" | "paused" | "submitted" | "asked" | "failed" | "timed-out" | "cancelled";

export const attemptMoves: Moves<AttemptState> = {
  leased: ["running", "cancelled"],
  running: ["paused", "submitted", "asked", "failed", "timed-out", "cancelled"],
  paused: ["running", "submitted", "asked", "failed", "timed-out", "cancelled"],
  submitted: [],
  asked: [],
  failed: [],
  "timed-out": [],
  cancelled: [],
};

/** The result of one acceptance check on one submission, with what it looked at. */
export interface CheckResult {
  readonly criterionId: string;
  readonly kind: string;
  /** `waiting`: a person still has to judge it. */
  readonly verdict: "pass" | "fail" | "waiting";
  readonly detail: string;
  /** What the verdict rests on: counts, hashes, exit code. A pass without evidence is refused. */
  readonly evidence: JsonObject;
}

export interface Attempt extends Entity {
  readonly taskId: TaskId;
  readonly requestId: RequestId;
  /** 1-based over all attempts of the task. */
  readonly number: number;
  readonly state: AttemptState;
  readonly performer: Performer;
  readonly executor: ExecutorKind;
  /** Fence: a report must name it. A hand-over adds one; 0 while a person does the work. */
  readonly epoch: number;
  readonly handOvers: number;
  /** The halt that keeps it from going on; absent or null: none. */
  readonly heldById?: string | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly interpretation: string;
  readonly reworkPoints: readonly ReworkPoint[];
  readonly pointAnswers: JsonObject;
  readonly outputs: readonly Artifact[];
  readonly checks: readonly CheckResult[];
  readonly costMicro: number;
  readonly failure: JsonObject | null;
  readonly notes: readonly string[];
}

export const attemptKind = projectKind<Attempt>("attempt");
