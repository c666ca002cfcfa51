/**
 * A task of an approved plan.
 *
 * proposed -> waiting | ready (plan approved) | cancelled (plan rejected or superseded)
 * waiting -> ready (its last dependency passed) | blocked | cancelled
 * ready -> assigned | blocked | cancelled; assigned -> running | ready (released, reassigned, lease lost) | blocked | cancelled
 * running -> in-review | rework | ready (reassigned) | blocked (asked) | escalated | failed | cancelled
 * in-review -> passed | rework | escalated | blocked | cancelled; rework -> ready | waiting (reopened with what it needs) | cancelled
 * blocked -> ready | waiting | cancelled; escalated -> ready | passed | failed | cancelled
 * passed -> integrated | rework (reopened); integrated -> rework (reopened); failed -> ready (a person retries) | cancelled
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { Artifact } from "../shared/content.ts";
import type { AttemptId, PlanId, RequestId, TaskId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";
import type { ExecutorKind, Performer } from "../personas/persona.ts";
import type { PlanTask } from "../planning/plan-document.ts";

export type TaskState =
  | "proposed"
  | "waiting"
  | "ready"
  | "assigned"
  | "running"
  | "in-review"
  | "rework"
  | "passed"
  | "integrated"
  | "blocked"
  | "escalated"
  | "cancelled"
  | "failed";

export const taskMoves: Moves<TaskState> = {
  proposed: ["waiting", "ready", "cancelled"],
  waiting: ["ready", "blocked", "cancelled"],
  ready: ["assigned", "blocked", "cancelled"],
  assigned: ["running", "ready", "blocked", "cancelled"],
  running: ["in-review", "rework", "ready", "blocked", "escalated", "failed", "cancelled"],
  "in-review": ["passed", "rework", "escalated", "blocked", "cancelled"],
  rework: ["ready", "waiting", "cancelled"],
  blocked: ["ready", "waiting", "cancelled"],
  escalated: ["ready", "passed", "failed", "cancelled"],
  passed: ["integrated", "rework"],
  integrated: ["rework"],
  failed: ["ready", "cancelled"],
  cancelled: [],
};

/** What a reviewer or check wants changed; every point needs an answer with the next submission. */
export interface ReworkPoint {
  readonly id: string;
  readonly from: string;
  readonly text: string;
}

export interface Task extends Entity {
  readonly requestId: RequestId;
  readonly planId: PlanId;
  /** The plan's name for it, unique inside the plan. */
  readonly key: string;
  readonly ordinal: number;
  readonly title: string;
  readonly state: TaskState;
  readonly stateSinceMs: number;
  /** What the plan says about it. */
  readonly spec: PlanTask;
  readonly dependsOn: readonly TaskId[];
  /** Tasks that wait for it; the engine locks them by id order, so no graph is ever re-read. */
  readonly dependents: readonly TaskId[];
  /** Dependencies that have not passed; at 0 it becomes ready. */
  readonly waitingOn: number;
  /** Why it is blocked: `dependency`, `question`, `assignment`; null while it is not. */
  readonly blockedBy: "dependency" | "question" | "assignment" | null;
  /** Keys of dependencies that ended without passing and about which nobody has decided yet. */
  readonly blockers: readonly string[];
  readonly performer: Performer | null;
  readonly executor: ExecutorKind | null;
  /** Why this performer: the ranked candidates with their scores. */
  readonly assignment: JsonObject | null;
  /** The halt that took it from its performer: it stays ready, given to nobody, until that is lifted; absent or null: none. */
  readonly heldById?: string | null;
  readonly attemptId: AttemptId | null;
  /** Number of its latest attempt, 0 before the first; every attempt counts here, however it ended. */
  readonly attemptNumber: number;
  /** Attempts that ended in work or failure; crashes and questions do not count. */
  readonly attemptCount: number;
  /** Review round, 1 from the first submission. */
  readonly round: number;
  readonly reworkPoints: readonly ReworkPoint[];
  /** Questions its performers asked and what people answered; handed to every later attempt. */
  readonly answers: readonly { readonly question: string; readonly answer: string }[];
  /** Performers that must not get it again, as `performerKey`. */
  readonly excludedPerformers: readonly string[];
  /** Accepted outputs, once passed. */
  readonly outputs: readonly Artifact[];
  readonly costMicro: number;
  readonly readyAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly acceptedAtMs: number | null;
  /** The sprint it is planned for; absent or null: for none. */
  readonly sprintId?: string | null;
}

export const taskKind = projectKind<Task>("task");
