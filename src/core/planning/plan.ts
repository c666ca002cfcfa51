/** One version of a request's plan. proposed -> approved | rejected | superseded; approved -> superseded (a patch was approved). */
import { type Entity, organizationKind, projectKind } from "../shared/entity.ts";
import type { PersonId, RequestId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";
import type { Forecast } from "./plan-document.ts";

export type PlanState = "proposed" | "approved" | "rejected" | "superseded";

export const planMoves: Moves<PlanState> = {
  proposed: ["approved", "rejected", "superseded"],
  approved: ["superseded"],
  rejected: [],
  superseded: [],
};

/** Where a plan came from. `edited`: a person changed it after that. */
export interface PlanOrigin {
  readonly kind: "playbook" | "person" | "model";
  readonly name: string;
  readonly edited: boolean;
  /** The person who wrote or edited it, if any: they may not approve it when another person can. */
  readonly authorId: PersonId | null;
  /** The playbook's version is marked as proven routine, so that a decision beforehand covers it whatever its classes. Absent: it is not. */
  readonly proven?: boolean;
}

export interface Plan extends Entity {
  readonly requestId: RequestId;
  /** 1 for the request's first plan. */
  readonly number: number;
  readonly state: PlanState;
  readonly origin: PlanOrigin;
  readonly title: string;
  readonly estimatedTimeline: string;
  readonly resourceRequirements: JsonObject;
  readonly currency: string;
  readonly forecast: Forecast | null;
  /** Outputs that make up the deliverable; empty: those of the tasks nobody depends on. */
  readonly deliverable: readonly string[];
  readonly taskCount: number;
  /** Classes of its work that a person always reviews; absent counts as all of them. */
  readonly alwaysReview?: readonly string[];
  /** Sum of the tasks' stated costs, micro-units. */
  readonly costMicro: number;
  /** SHA-256 of the canonical document that is approved. */
  readonly documentSha256: string;
  /** Tasks nobody depends on that have not passed; at 0 integration starts. Touched by those tasks only. */
  readonly openSinks: number;
  readonly proposedAtMs: number;
  readonly decidedAtMs: number | null;
}

export const planKind = projectKind<Plan>("plan");

/** A named, versioned plan that can be adapted to a request without a model: `xvc.playbook/1`. */
export interface Playbook extends Entity {
  readonly name: string;
  readonly playbookVersion: number;
  readonly division: string;
  readonly matches: readonly string[];
  readonly inputs: readonly { readonly name: string; readonly kind: string; readonly required: boolean }[];
  readonly deliverable: readonly string[];
  /** This version has proven itself as routine. Absent: not. */
  readonly proven?: boolean;
  /** The `xvc.plan/1` document. */
  readonly plan: JsonObject;
}

export const playbookKind = organizationKind<Playbook>("playbook");
