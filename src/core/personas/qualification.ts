/**
 * One run of a suite by a persona with an executor: trial after trial, paid for by the purse.
 *
 * running -> passed | failed | stopped
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import { type Interval, shareInterval } from "../shared/intervals.ts";
import type { ProjectId } from "../shared/ids.ts";
import type { ExecutorKind } from "./persona.ts";
import { type Suite, trialCount } from "./suite.ts";

export type QualificationState = "running" | "passed" | "failed" | "stopped";

/** What one trial came to. */
export interface Trial {
  /** 1-based. */
  readonly number: number;
  readonly caseId: string;
  readonly passed: boolean;
  /** What did not hold, or why nothing was handed in. */
  readonly reason: string;
  readonly interpretation: string;
  readonly checks: readonly { readonly id: string; readonly verdict: "pass" | "fail"; readonly detail: string }[];
  readonly costMicro: number;
  readonly endedAtMs: number;
}

export interface Qualification extends Entity {
  /** Whose providers and budgets hold for it. */
  readonly projectId: ProjectId;
  readonly personaKey: string;
  readonly personaVersion: number;
  readonly executor: ExecutorKind;
  /** Null: the executor names none. */
  readonly providerId: string | null;
  /** `provider/model`; null: the executor names none. */
  readonly model: string | null;
  readonly suiteId: string;
  /** `key@version`. */
  readonly suite: string;
  readonly state: QualificationState;
  /** Fence: a report must name it. Each trial and each hand-over adds one. */
  readonly epoch: number;
  readonly handOvers: number;
  readonly planned: number;
  readonly trials: readonly Trial[];
  /** What the person was shown before they said yes; an estimate. Null: nobody could say. */
  readonly estimateMicro: number | null;
  /** Ends once this is spent. */
  readonly capMicro: number;
  readonly costMicro: number;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Why it stopped before its end; empty: it did not. */
  readonly stopReason: string;
}

export const qualificationKind = projectKind<Qualification>("qualification");

/** Trials go through the cases again and again, so that a run that stops early has seen all of them. */
export const caseOfTrial = (suite: Pick<Suite, "cases">, number: number): Suite["cases"][number] | undefined =>
  suite.cases[(number - 1) % Math.max(1, suite.cases.length)];

export interface Figures {
  readonly n: number;
  readonly passed: number;
  readonly interval: Interval;
}

/** How a run stands: every trial counts, also one that broke. */
export function figuresOf({ trials }: Pick<Qualification, "trials">): Figures {
  const passed = trials.filter((trial) => trial.passed).length;
  return { n: trials.length, passed, interval: shareInterval(passed, trials.length) };
}

/** Whether the bar is passed: all trials done, and the lower bound at the bar or above. */
export const isPassed = (suite: Pick<Suite, "cases" | "bar">, run: Pick<Qualification, "trials">): boolean =>
  run.trials.length >= trialCount(suite) && figuresOf(run).interval.low >= suite.bar.lower;

/** Tokens that one trial probably uses: what the cases hold, said twice (to understand and to work), and an answer of usual length. */
export interface TokenEstimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const charsPerToken = 4;
/** What is told beside the case in each of the two turns, and what is usually answered. */
const usual = { toldTokens: 700, understandTokens: 200, answerTokens: 1_200 } as const;

/** Of the whole suite. An estimate: models differ in what they call a token and in how much they say. `O(text)`. */
export function estimateTokens(suite: Pick<Suite, "cases" | "bar">): TokenEstimate {
  const inputTokens = suite.cases.reduce((sum, one) => {
    const chars = one.brief.length + one.inputs.reduce((more, { text }) => more + text.length, 0);
    return sum + 2 * (Math.ceil(chars / charsPerToken) + usual.toldTokens) + usual.understandTokens;
  }, 0);
  const outputTokens = suite.cases.length * (usual.understandTokens + usual.answerTokens);
  return { inputTokens: inputTokens * suite.bar.repeats, outputTokens: outputTokens * suite.bar.repeats };
}
