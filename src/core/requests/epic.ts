/** Requests that belong together under one goal. open -> done | cancelled; both -> open again. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { ProjectId } from "../shared/ids.ts";
import type { Moves } from "../shared/moves.ts";

export type EpicState = "open" | "done" | "cancelled";

export const epicMoves: Moves<EpicState> = {
  open: ["done", "cancelled"],
  done: ["open"],
  cancelled: ["open"],
};

export interface Epic extends Entity {
  readonly projectId: ProjectId;
  /** Running number inside the project; shown as `ENG-E3`. */
  readonly number: number;
  readonly state: EpicState;
  readonly title: string;
  /** What is true when it is done. */
  readonly goal: string;
  readonly ownerId: string;
  readonly dueAtMs: number | null;
  /** Why it ended, or was opened again; empty: it never moved. */
  readonly reason: string;
  readonly openedAtMs: number;
}

export const epicKind = projectKind<Epic>("epic");

export const epicLabel = (projectKey: string, number: number): string => `${projectKey}-E${number}`;

/** Upper bounds; what exceeds them is refused. */
export const epicLimits = { open: 200, requests: 500, titleLength: 300, goalLength: 4_000, reasonLength: 4_000 } as const;
