/** One version of one policy: who may decide what. proposed -> in-force | rejected; in-force -> superseded | withdrawn. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { Moves } from "../shared/moves.ts";

export type PolicyState = "proposed" | "in-force" | "rejected" | "superseded" | "withdrawn";

export const policyMoves: Moves<PolicyState> = {
  proposed: ["in-force", "rejected"],
  "in-force": ["superseded", "withdrawn"],
  rejected: [],
  superseded: [],
  withdrawn: [],
};

export interface Policy extends Entity {
  /** Stays the same over versions; decisions name it. */
  readonly key: string;
  readonly policyVersion: number;
  readonly state: PolicyState;
  /** One sentence for people. */
  readonly statement: string;
  /** Cedar. */
  readonly text: string;
  readonly proposedBy: string;
  /** People who agreed, in order; a policy asks for two. */
  readonly approvedBy: readonly string[];
}

export const policyKind = organizationKind<Policy>("policy");
