/** What was believed and decided at one point of time, beside what is known of it now. */
import { type Decision, isInForce } from "../oversight/decision.ts";
import type { Fact, FactPeriod } from "./fact.ts";
import { periodAt } from "./fact-periods.ts";

/** A row as it was recorded then, and as it is now; no past: it was not on record yet. */
export interface ThenAndNow<Row> {
  readonly past: Row | undefined;
  readonly now: Row;
}

/** What became of a belief: still held; other than believed (`corrected`); not believed then (`learned`). */
export type BeliefChange = "same" | "corrected" | "learned";

export interface ComparedFact {
  /** What was believed then to hold on the day asked about; null: nothing was. */
  readonly believed: FactPeriod | null;
  /** What is known now to have held on that day; null: nothing is. */
  readonly known: FactPeriod | null;
  readonly change: BeliefChange;
  /** What holds today, where that is something else: the world has changed since. */
  readonly today: FactPeriod | null;
}

/** How a decision stood: in force, only proposed, made for a later day, over, or not on record. */
export type Standing = "in-force" | "proposed" | "later" | "over" | "unrecorded";

export interface ComparedDecision {
  /** As the record had it then, for the day asked about. */
  readonly stood: Standing;
  /** As the record has it now, for the same day. */
  readonly stands: Standing;
  readonly changes: readonly DecisionChange[];
}

/** What was recorded of a decision since. */
export type DecisionChange = "recorded" | "made" | "superseded" | "outcome" | "outcome-corrected" | "review-moved";

/** Compares what was believed of one attribute with what is known now. */
export function compareFact({ past, now }: ThenAndNow<Fact>, validMs: number, nowMs: number): ComparedFact {
  const believed = periodAt(past?.periods ?? [], validMs) ?? null;
  const known = periodAt(now.periods, validMs) ?? null;
  const today = periodAt(now.periods, nowMs) ?? null;
  return { believed, known, change: changeOf(believed, known), today: today?.value === (known ?? believed)?.value ? null : today };
}

function changeOf(believed: FactPeriod | null, known: FactPeriod | null): BeliefChange {
  if (believed === null) return known === null ? "same" : "learned";
  return believed.value === known?.value ? "same" : "corrected";
}

/** Compares how a decision stood on a day with what was recorded of it since. */
export function compareDecision({ past, now }: ThenAndNow<Decision>, validMs: number): ComparedDecision {
  return {
    stood: past === undefined ? "unrecorded" : standingOf(past, validMs),
    stands: standingOf(now, validMs),
    changes: changesOf(past, now),
  };
}

function standingOf(decision: Decision, validMs: number): Standing {
  if (decision.validFromMs === null) return "proposed";
  if (isInForce(decision, validMs)) return "in-force";
  return validMs < decision.validFromMs ? "later" : "over";
}

function changesOf(past: Decision | undefined, now: Decision): readonly DecisionChange[] {
  if (past === undefined) return ["recorded"];
  const isMade = past.state === "proposed" && now.state !== "proposed";
  const isSuperseded = past.state !== "superseded" && now.state === "superseded";
  return [...(isMade ? (["made"] as const) : []), ...(isSuperseded ? (["superseded"] as const) : []), ...judgedSince(past, now)];
}

/** An outcome ends the wait for it, so a day that went away with one was not moved. */
function judgedSince(past: Decision, now: Decision): readonly DecisionChange[] {
  if (now.outcome !== null) {
    if (now.outcome.atMs === past.outcome?.atMs) return [];
    return past.outcome === null ? ["outcome"] : ["outcome-corrected"];
  }
  return past.state === "made" && now.state === "made" && past.reviewAtMs !== now.reviewAtMs ? ["review-moved"] : [];
}
