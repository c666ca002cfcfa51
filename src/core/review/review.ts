/** A judgement of one submission by somebody who did not do the work. open -> done | withdrawn. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { AttemptId, RequestId, TaskId } from "../shared/ids.ts";
import type { CheckResult } from "../execution/attempt.ts";
import type { ExecutorKind, Performer } from "../personas/persona.ts";

export interface Review extends Entity {
  readonly taskId: TaskId;
  readonly attemptId: AttemptId;
  readonly requestId: RequestId;
  readonly round: number;
  readonly state: "open" | "done" | "withdrawn";
  readonly reviewer: Performer;
  readonly executor: ExecutorKind;
  readonly epoch: number;
  readonly handOvers: number;
  /** The halt that keeps its job from beginning; absent or null: none. */
  readonly heldById?: string | null;
  readonly verdicts: readonly CheckResult[];
  readonly outcome: "pass" | "rework" | "reassign" | "escalate" | null;
  readonly openedAtMs: number;
  readonly decidedAtMs: number | null;
}

export const reviewKind = projectKind<Review>("review");
