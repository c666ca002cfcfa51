/** That one thing stands in a role to another, whatever they are. present <-> removed; one row per pair and role. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { ProjectId } from "../shared/ids.ts";

export interface Relation extends Entity {
  readonly projectId: ProjectId;
  readonly fromKind: string;
  readonly fromId: string;
  /** Read from left to right: `supplies`, `owned-by`. */
  readonly role: string;
  readonly toKind: string;
  readonly toId: string;
  readonly state: "present" | "removed";
}

export const relationKind = projectKind<Relation>("relation");

/** Upper bounds; what exceeds them is refused. `perSubject` counts those that begin at it. */
export const relationLimits = { perSubject: 500, roleLength: 40 } as const;
