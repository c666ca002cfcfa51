/** Whether an attempt by a model still gets somewhere. Source: MAST, failure modes 1.3 and 1.5, as docs/explanation/execution.md says them. */
import { type Json, canonicalJson } from "../shared/json.ts";
import { type Turn, openCalls, saidText } from "./turn.ts";

export type GuardVerdict =
  | { readonly kind: "go-on" }
  /** The model is told once; the next time it is stopped. */
  | { readonly kind: "warn"; readonly text: string }
  | { readonly kind: "stop"; readonly rule: GuardRule; readonly reason: string };

export type GuardRule = "repeats" | "no-progress" | "context-growth" | "cut-off";

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
  return repeats(answered) ?? idle(answered) ?? { kind: "go-on" };
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
