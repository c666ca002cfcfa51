/** Whether an attempt by a model still gets somewhere. Source: MAST, failure modes 1.3 and 1.5, as docs/explanation/execution.md says them. */
import { type Json, canonicalJson } from "../shared/json.ts";
import { type Turn, openCalls, saidText, turnLimits } from "./turn.ts";

export type GuardVerdict =
  | { readonly kind: "go-on" }
  /** The model is told once; the next time it is stopped. */
  | { readonly kind: "warn"; readonly text: string }
  | { readonly kind: "stop"; readonly rule: GuardRule; readonly reason: string };

export type GuardRule = "repeats" | "no-progress" | "context-growth" | "cut-off" | "fan-out" | "depth" | "drift";

export const guardLimits = {
  /** The same call, with the same answer, in a thread: a warning, then an end. */
  sameCallWarned: 2,
  sameCall: 3,
  /** Turns in a row in which nothing was done that was not done before. */
  idleTurns: 6,
  /** The same words as an earlier answer. */
  sameWords: 3,
  /** Answers in a row that were cut off because they were too long. */
  cutOff: 2,
  /** Estimated tokens of the whole conversation. */
  contextTokens: 150_000,
  /** Calls in a conversation. */
  calls: 300,
  /** Turns in a row that make more calls than a turn may. */
  crowdedTurns: 2,
  /** Attempts that a conversation goes through, each begun by a person's answer to the one before. */
  depth: 8,
  /** Words of their own that a statement has to have before it is judged by them. */
  judgedWords: 8,
} as const;

/**
 * Looks at the turns of a thread, the first ones first. `O(n)` in what was said.
 *
 * @param openingTokens estimated tokens of what the conversation began with
 */
export function guardThread(turns: readonly Turn[], openingTokens: number): GuardVerdict {
  const answered = turns.filter(({ state }) => state === "answered");
  const tokens = openingTokens + answered.reduce((sum, turn) => sum + turnTokens(turn), 0);
  if (tokens > guardLimits.contextTokens)
    return stop("context-growth", `The conversation has grown to about ${tokens} tokens; the limit is ${guardLimits.contextTokens}.`);
  const cut = trailing(answered, ({ finish }) => finish === "length");
  if (cut >= guardLimits.cutOff) return stop("cut-off", `${cut} answers in a row were longer than an answer may be.`);
  return fanOut(answered) ?? depth(answered) ?? repeats(answered) ?? idle(answered) ?? { kind: "go-on" };
}

function fanOut(turns: readonly Turn[]): GuardVerdict | null {
  const counts = turns.map(({ parts }) => parts.filter(({ kind }) => kind === "call").length);
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all > guardLimits.calls) return stop("fan-out", `${all} calls were made for one task; the limit is ${guardLimits.calls}.`);
  const at = counts.findLastIndex((count) => count <= turnLimits.calls);
  const crowded = counts.length - 1 - at;
  return crowded < guardLimits.crowdedTurns
    ? null
    : stop("fan-out", `${crowded} turns in a row made more than ${turnLimits.calls} calls each.`);
}

function depth(turns: readonly Turn[]): GuardVerdict | null {
  const attempts = new Set(turns.map(({ attemptId }) => attemptId)).size;
  return attempts <= guardLimits.depth
    ? null
    : stop(
        "depth",
        `The conversation went through ${attempts} attempts, each of them with another question; the limit is ${guardLimits.depth}.`,
      );
}

/** Words that say something, by their beginnings, so that forms of a word are the same word. */
const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).filter((word) => !emptyWords.has(word)).map((word) => word.slice(0, 5)));

/** Words that are in every statement about any task. */
const emptyWords: ReadonlySet<string> = new Set(
  (
    "the and for with that this from into will are was were has have had not but its our your their which when where what who how all " +
    "any each one two can may must shall should would could make makes made write writes written give gives then than them they there here " +
    "such also only very more most about over under after before between out off per via use uses used using task goal goals work works " +
    "serve serves request done need needs needed want wants person people output outputs file files"
  ).split(" "),
);

/**
 * Whether what a model says it will do has nothing to do with the task: no word of its own is one of the task, its criteria or outputs.
 * A short statement is never judged. Code looks at words alone, so that it misses a drift that keeps the words; checks and reviewers judge what is made.
 */
export function isDrift(statement: string, about: readonly string[]): boolean {
  const said = wordsOf(statement);
  if (said.size < guardLimits.judgedWords) return false;
  const known = wordsOf(about.join(" "));
  return known.size > 0 && ![...said].some((word) => known.has(word));
}

/** The same estimate as that of a context: a token for four characters. */
export const estimatedTokens = (text: string): number => Math.ceil(text.length / 4);

const stop = (rule: GuardRule, reason: string): GuardVerdict => ({ kind: "stop", rule, reason });

const turnTokens = ({ parts, answers, told }: Turn): number =>
  estimatedTokens(told ?? "") +
  parts.reduce((sum, part) => sum + estimatedTokens(part.kind === "call" ? part.rawArguments : part.text), 0) +
  answers.reduce((sum, { text }) => sum + estimatedTokens(text), 0);

/** What is done in a turn: each call with its answer, as one text. */
const deeds = (turn: Turn): readonly string[] =>
  turn.parts.flatMap((part) => {
    if (part.kind !== "call") return [];
    const answer = turn.answers.find(({ callId }) => callId === part.callId);
    return [`${part.tool} ${sameArguments(part.rawArguments)} ${answer?.kind ?? ""} ${answer?.text ?? ""}`];
  });

/** Arguments that say the same are the same, however they are written. */
function sameArguments(raw: string): string {
  try {
    return canonicalJson(JSON.parse(raw) as Json); // JSON.parse gives JSON
  } catch {
    return raw;
  }
}

const trailing = (turns: readonly Turn[], holds: (turn: Turn) => boolean): number => {
  const at = turns.findLastIndex((turn) => !holds(turn));
  return turns.length - 1 - at;
};

function counted(texts: readonly string[]): { readonly text: string; readonly count: number } {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [text = "", count = 0] = [...counts].toSorted(([, left], [, right]) => right - left)[0] ?? [];
  return { text, count };
}

function repeats(turns: readonly Turn[]): GuardVerdict | null {
  const call = counted(turns.flatMap(deeds));
  const tool = call.text.split(" ", 1)[0] ?? "";
  if (call.count >= guardLimits.sameCall)
    return stop("repeats", `The same call of ${tool} was made ${call.count} times and answered alike each time.`);
  const words = counted(turns.map(({ parts }) => saidText(parts).trim()).filter((said) => said !== ""));
  if (words.count >= guardLimits.sameWords) return stop("repeats", `The same words were said ${words.count} times.`);
  const last = turns.at(-1);
  if (call.count < guardLimits.sameCallWarned || last === undefined || !deeds(last).includes(call.text)) return null;
  return {
    kind: "warn",
    text: `You have made the same call of ${tool} ${call.count} times and got the same answer. Do something else, ask, or hand in.`,
  };
}

/** Turns at the end that only did what had been done, or only what was refused. */
function idle(turns: readonly Turn[]): GuardVerdict | null {
  const before = new Set<string>();
  let count = 0;
  for (const turn of turns) {
    const fresh = deeds(turn).filter((deed) => !before.has(deed));
    const refusedOnly = turn.answers.length > 0 && turn.answers.every(({ kind }) => kind === "refused");
    count = openCalls(turn).length === 0 && (fresh.length === 0 || refusedOnly) ? count + 1 : 0;
    for (const deed of fresh) before.add(deed);
  }
  return count >= guardLimits.idleTurns ? stop("no-progress", `Nothing new was done in the last ${count} turns.`) : null;
}
