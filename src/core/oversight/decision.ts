/** A decision on record. proposed -> made -> superseded. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { RequestId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";

export type DecisionState = "proposed" | "made" | "superseded";

export const decisionMoves: Moves<DecisionState> = { proposed: ["made", "superseded"], made: ["superseded"], superseded: [] };

export interface Decision extends Entity {
  readonly state: DecisionState;
  readonly requestId: RequestId | null;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly question: string;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  readonly choice: string | null;
  readonly rationale: string;
  /** Hash of what was decided about and the evidence shown. */
  readonly evidence: JsonObject;
  readonly deciderId: string | null;
  /** The rule that gave the decider the authority, such as `plan.approve:director`. */
  readonly authority: string;
  readonly soloWaiver: boolean;
  readonly madeAtMs: number | null;
  readonly reviewAtMs: number | null;
  readonly outcome: string | null;
  readonly supersedesId: string | null;
}

export const decisionKind = projectKind<Decision>("decision");
