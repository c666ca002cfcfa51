/** A decision on record. proposed -> made -> superseded. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { ProjectId, RequestId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";

export type DecisionState = "proposed" | "made" | "superseded";

export const decisionMoves: Moves<DecisionState> = { proposed: ["made", "superseded"], made: ["superseded"], superseded: [] };

export interface DecisionOption {
  readonly id: string;
  readonly label: string;
  /** Absent: none were named. */
  readonly pros?: readonly string[];
  readonly cons?: readonly string[];
}

/** How sure the decider was, and what would show that it was wrong. */
export interface Confidence {
  /** From 0 to 1, that what is expected comes. */
  readonly probability: number;
  readonly wouldProveWrong: string;
}

/** What a decision rests on: an address outside, or a row here. */
export type EvidenceLink =
  | { readonly kind: "address"; readonly label: string; readonly address: string }
  | { readonly kind: "record"; readonly label: string; readonly subjectKind: string; readonly subjectId: string };

/** How it turned out. `held`: what was expected came; `failed`: it was wrong; `mixed`: some of it. */
export interface DecisionOutcome {
  readonly verdict: "held" | "failed" | "mixed";
  readonly text: string;
  readonly byId: string;
  readonly atMs: number;
}

export interface Decision extends Entity {
  readonly state: DecisionState;
  /** `flow`: made by approving, answering or steering work; `recorded`: written down by a person. */
  readonly origin: "flow" | "recorded";
  /** Of a recorded decision; null: that of its request. */
  readonly projectId: ProjectId | null;
  readonly requestId: RequestId | null;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** What it is about in a few words, such as `database`; null: its subject says it. */
  readonly topic: string | null;
  readonly question: string;
  readonly options: readonly DecisionOption[];
  readonly choice: string | null;
  readonly rationale: string;
  readonly confidence: Confidence | null;
  /** Hash of what was decided about and the evidence shown. */
  readonly evidence: JsonObject;
  readonly links: readonly EvidenceLink[];
  readonly deciderId: string | null;
  /** The rule that gave the decider the authority, such as `plan.approve:director`. */
  readonly authority: string;
  readonly soloWaiver: boolean;
  readonly madeAtMs: number | null;
  /** In force from here; null: only proposed. */
  readonly validFromMs: number | null;
  /** In force until here, this instant excluded; null: until another one takes its place. */
  readonly validToMs: number | null;
  /** When somebody looks at it again; null: no date is set. */
  readonly reviewAtMs: number | null;
  readonly outcome: DecisionOutcome | null;
  readonly supersedesId: string | null;
  readonly supersededById: string | null;
}

export const decisionKind = projectKind<Decision>("decision");

/** Whether a decision is in force at an instant, as far as this version of it knows. */
export const isInForce = (decision: Pick<Decision, "validFromMs" | "validToMs">, atMs: number): boolean =>
  decision.validFromMs !== null && decision.validFromMs <= atMs && (decision.validToMs === null || atMs < decision.validToMs);

/** What is found by words: `find` looks for a part of it. The migration builds the same. */
export const decisionWords = ({ topic, question, rationale }: Pick<Decision, "topic" | "question" | "rationale">): string =>
  `${topic ?? ""} ${question} ${rationale}`;
