/**
 * How far a persona is trusted with one type of task. Up only on evidence and with a person's consent; down by itself. The whole
 * ladder is a fold over its events, so that it can be replayed. No act of consequence depends on it: the gate never reads it.
 *
 * Source: docs/explanation/autonomy.md
 */
import { type Interval, shareInterval } from "../shared/intervals.ts";
import type { ExecutorKind } from "./persona.ts";

/**
 * `suggest`: a result is a proposal that a person takes over. `review`: every result is judged. `sampled`: the server draws which
 * results are judged. Lowest first.
 */
export const rungs = ["suggest", "review", "sampled"] as const;
export type Rung = (typeof rungs)[number];

/** Who did the work: evidence for one pair is none for another. */
export interface Pair {
  readonly personaVersion: number;
  readonly executor: ExecutorKind;
}

/** What became of one submission. */
export interface Outcome extends Pair {
  readonly attemptId: string;
  /** `good`: passed at the first try. `redirected`: a person said that the task was understood wrongly. */
  readonly kind: "good" | "bad" | "redirected";
  /** It was to be judged whatever its checks said; only such outcomes are a fair sample. */
  readonly judged: boolean;
  readonly atMs: number;
}

/** One move on the ladder, with what it rested on. */
export interface RungChange {
  readonly from: Rung;
  readonly to: Rung;
  readonly atMs: number;
  /** The person who consented or lowered; null: it fell by itself. */
  readonly byId: string | null;
  readonly reason: string;
  readonly evidence: Evidence;
}

export interface Evidence {
  readonly n: number;
  readonly good: number;
  /** 95 %, of the share that was good. */
  readonly interval: Interval;
}

/** From how many judged outcomes on, and above which lower bound, a rise is proposed. */
export interface Bar {
  readonly n: number;
  readonly lower: number;
}

/** The numbers of the ladder: data, and recorded with each move. */
export interface LadderBars {
  readonly version: number;
  /** Outcomes looked at, the latest. */
  readonly window: number;
  readonly rise: { readonly suggest: Bar; readonly review: Bar };
  /** Below this upper bound a persona falls to `suggest`. */
  readonly fall: { readonly n: number; readonly upper: number };
  /** The share drawn: 1 below `n` outcomes, then (top - lower bound) / span, never below the floor. */
  readonly share: { readonly n: number; readonly top: number; readonly span: number; readonly floor: number };
}

export const ladderBars: LadderBars = {
  version: 1,
  window: 50,
  rise: { suggest: { n: 10, lower: 0.6 }, review: { n: 20, lower: 0.8 } },
  fall: { n: 10, upper: 0.8 },
  share: { n: 20, top: 0.9, span: 0.2, floor: 0.1 },
};

export interface Ladder {
  readonly rung: Rung;
  /** Since when it stands there, or a person said that it stays there: evidence for a rise is younger. */
  readonly sinceMs: number;
  /** The latest, at most the window. */
  readonly outcomes: readonly Outcome[];
  readonly redirections: number;
  /** For whom a person consented to the present rung; null: nobody had to. Others stand no higher than `review`. */
  readonly grantedTo: Pair | null;
  /** The oldest first. */
  readonly history: readonly RungChange[];
}

/** Moves kept on the row; older ones are in the log. */
export const maxHistory = 100;

/** Where everybody begins: do, then review. */
export const newLadder = (atMs: number): Ladder => ({
  rung: "review",
  sinceMs: atMs,
  outcomes: [],
  redirections: 0,
  grantedTo: null,
  history: [],
});

export type LadderEvent =
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  /** A person agreed to exactly this rise. Without the evidence of that moment it moves nothing. */
  | { readonly kind: "consented"; readonly to: Rung; readonly byId: string; readonly reason: string; readonly atMs: number }
  | { readonly kind: "declined"; readonly byId: string; readonly reason: string; readonly atMs: number }
  | { readonly kind: "lowered"; readonly to: Rung; readonly byId: string; readonly reason: string; readonly atMs: number };

/** The ladder after one more event. Pure: the same events give the same ladder. */
export function ladderAfter(ladder: Ladder, event: LadderEvent, bars: LadderBars = ladderBars): Ladder {
  if (event.kind === "outcome") return afterOutcome(ladder, event.outcome, bars);
  if (event.kind === "declined") return { ...ladder, sinceMs: event.atMs };
  const { to, byId, reason, atMs } = event;
  const why = { byId, reason, atMs };
  if (event.kind === "lowered") return isBelow(to, ladder.rung) ? moved(ladder, { to, ...why }) : ladder;
  const rise = riseOf(ladder, bars);
  return rise === null || rise.to !== to ? ladder : { ...moved(ladder, { to, ...why }), grantedTo: rise.pair };
}

function afterOutcome(before: Ladder, outcome: Outcome, bars: LadderBars): Ladder {
  const ladder: Ladder = {
    ...before,
    outcomes: [...before.outcomes, outcome].slice(-bars.window),
    redirections: before.redirections + (outcome.kind === "redirected" ? 1 : 0),
  };
  const why = { byId: null, atMs: outcome.atMs };
  if (ladder.rung === "sampled" && outcome.kind !== "good")
    return moved(ladder, {
      to: "review",
      ...why,
      reason: outcome.kind === "bad" ? "a result did not pass" : "a person redirected the work",
    });
  if (ladder.rung !== "review") return ladder;
  const since = evidenceSince(ladder, pairOf(outcome));
  if (since.n < bars.fall.n || since.interval.high >= bars.fall.upper) return ladder;
  return moved(ladder, { to: "suggest", ...why, reason: `of ${since.n} judged results only ${since.good} were good at the first try` });
}

export const isBelow = (left: Rung, right: Rung): boolean => rungs.indexOf(left) < rungs.indexOf(right);

const moved = (ladder: Ladder, { to, ...why }: Pick<RungChange, "to" | "byId" | "reason" | "atMs">): Ladder => ({
  ...ladder,
  rung: to,
  sinceMs: why.atMs,
  grantedTo: null,
  history: [...ladder.history, { from: ladder.rung, to, ...why, evidence: evidenceNow(ladder) }].slice(-maxHistory),
});

const pairOf = ({ personaVersion, executor }: Pair): Pair => ({ personaVersion, executor });
export const samePair = (left: Pair | null, right: Pair | null): boolean =>
  left !== null && right !== null && left.personaVersion === right.personaVersion && left.executor === right.executor;

/** The judged outcomes of one pair. */
export const evidenceOf = ({ outcomes }: Pick<Ladder, "outcomes">, pair: Pair): Evidence =>
  counted(outcomes.filter((one) => one.judged && samePair(one, pair)));

/** The same, of those that came after the last move or refusal. */
const evidenceSince = ({ outcomes, sinceMs }: Ladder, pair: Pair): Evidence =>
  counted(outcomes.filter((one) => one.judged && one.atMs > sinceMs && samePair(one, pair)));

function counted(judged: readonly Outcome[]): Evidence {
  const good = judged.filter(({ kind }) => kind === "good").length;
  return { n: judged.length, good, interval: shareInterval(good, judged.length) };
}

/** Evidence of whoever worked last. */
function evidenceNow(ladder: Ladder): Evidence {
  const last = ladder.outcomes.at(-1);
  return last === undefined ? counted([]) : evidenceSince(ladder, pairOf(last));
}

/** A rise that the evidence carries; a person still has to consent. */
export interface Rise {
  readonly to: Rung;
  readonly pair: Pair;
  readonly evidence: Evidence;
  readonly bar: Bar;
}

/** What could be proposed now: one rung, for the pair that worked last; null: nothing. */
export function riseOf(ladder: Ladder, bars: LadderBars = ladderBars): Rise | null {
  const last = ladder.outcomes.at(-1);
  if (last === undefined || ladder.rung === "sampled" || last.kind !== "good") return null;
  const pair = pairOf(last);
  const evidence = evidenceSince(ladder, pair);
  const bar = bars.rise[ladder.rung];
  if (evidence.n < bar.n || evidence.interval.low < bar.lower) return null;
  return { to: ladder.rung === "suggest" ? "review" : "sampled", pair, evidence, bar };
}

/** The rung on which this pair works: what was consented to for another is not for this one. */
export const rungFor = (ladder: Pick<Ladder, "rung" | "grantedTo"> | undefined, pair: Pair): Rung => {
  if (ladder === undefined) return "review";
  return ladder.rung === "sampled" && !samePair(ladder.grantedTo, pair) ? "review" : ladder.rung;
};

/** The share of its results that is judged on this rung. Falls with the lower bound of measured quality, never below the floor. */
export function shareFor(ladder: Ladder | undefined, pair: Pair, { share }: LadderBars = ladderBars): number {
  if (ladder === undefined || rungFor(ladder, pair) !== "sampled") return 1;
  const { n, interval } = evidenceOf(ladder, pair);
  return n < share.n ? 1 : Math.min(1, Math.max(share.floor, (share.top - interval.low) / share.span));
}
