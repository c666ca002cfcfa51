/**
 * One version of one policy: who may decide what. proposed -> in-force | rejected; in-force -> superseded | withdrawn.
 *
 * A version is never edited. Which rows are in force changes only together with the organization's row, whose
 * version therefore says which set of policies a decision was made under.
 */
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
  /** One Cedar statement. */
  readonly text: string;
  /** Why it was proposed. */
  readonly reason: string;
  /** A person, or `shipped` for the policies an organization begins with. */
  readonly proposedBy: string;
  readonly proposedAtMs: number;
  /** People who agreed, in order, the proposer first; a policy asks for two. */
  readonly approvedBy: readonly string[];
  /** One person stood in for two, because nobody else could agree. */
  readonly soloWaiver: boolean;
  readonly decidedAtMs: number | null;
  /** Somebody wants it out of force; a second person has to agree. */
  readonly withdrawal: { readonly by: string; readonly reason: string; readonly atMs: number } | null;
}

export const policyKind = organizationKind<Policy>("policy");

/** A version by its name, as decisions and people say it. */
export const policyName = (policy: Pick<Policy, "key" | "policyVersion">): string => `${policy.key}@${policy.policyVersion}`;

/** Bounds; policies are written by people and read in one glance. */
export const policyLimits = {
  textChars: 8_000,
  statementChars: 300,
  reasonChars: 2_000,
  inForce: 100,
  proposed: 50,
} as const;

/** What is wrong with a policy's text, and where: lines and columns count from 1, and 0 when there is no one place. */
export interface PolicyProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}
