/** A box of time with hours to give and a goal, over tasks. planning -> active | cancelled; active -> completed | cancelled. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { ProjectId } from "../shared/ids.ts";
import type { Moves } from "../shared/moves.ts";

export type SprintState = "planning" | "active" | "completed" | "cancelled";

export const sprintMoves: Moves<SprintState> = {
  planning: ["active", "cancelled"],
  active: ["completed", "cancelled"],
  completed: [],
  cancelled: [],
};

/** What a sprint came to, written when it ends: its tasks go on changing. */
export interface SprintClosing {
  readonly atMs: number;
  readonly tasks: number;
  readonly doneTasks: number;
  /** Sum of the likely hours of its tasks. */
  readonly plannedHours: number;
  readonly doneHours: number;
  /** The sprint that took what was left; null: it went back to no sprint. */
  readonly movedToId: string | null;
  readonly reason: string;
}

export interface Sprint extends Entity {
  readonly projectId: ProjectId;
  /** Running number inside the project; shown as `ENG-S3`. */
  readonly number: number;
  readonly state: SprintState;
  readonly title: string;
  readonly goal: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Hours of work that the people in it can give. */
  readonly capacityHours: number;
  readonly closing: SprintClosing | null;
}

export const sprintKind = projectKind<Sprint>("sprint");

export const sprintLabel = (projectKey: string, number: number): string => `${projectKey}-S${number}`;

/** Upper bounds; what exceeds them is refused. */
export const sprintLimits = {
  open: 50,
  tasks: 500,
  titleLength: 300,
  goalLength: 4_000,
  capacityHours: 100_000,
  reasonLength: 4_000,
} as const;
