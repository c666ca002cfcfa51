/** What models say right now, by turn: heard on the one live stream, kept for as long as the tab looks, never asked for again. */
import { useSyncExternalStore } from "react";

export interface TurnSaying {
  readonly text: string;
  /** The tool it is about to call; empty: none. */
  readonly calling: string;
}

/** Turns kept at once, and characters of each: the end of what was said. */
const maxTurns = 20;
const maxChars = 8_000;

const silent: TurnSaying = { text: "", calling: "" };
const turns = new Map<string, TurnSaying>();
const watchers = new Set<() => void>();

const watch = (changed: () => void): (() => void) => {
  watchers.add(changed);
  return () => watchers.delete(changed);
};

/** What a turn says; it grows while the page looks. */
export const useWords = (turnId: string): TurnSaying => useSyncExternalStore(watch, () => turns.get(turnId) ?? silent);

/** Takes one message of the stream; what it does not know is left out. */
export function hearWords(message: string): void {
  const word = readWord(message);
  if (word === null) return;
  const before = turns.get(word.turnId) ?? silent;
  turns.delete(word.turnId);
  turns.set(
    word.turnId,
    word.kind === "calling" ? { ...before, calling: word.text } : { text: `${before.text}${word.text}`.slice(-maxChars), calling: "" },
  );
  const oldest = turns.keys().next();
  if (turns.size > maxTurns && oldest.done !== true) turns.delete(oldest.value);
  for (const told of watchers) told();
}

function readWord(message: string): { readonly turnId: string; readonly kind: string; readonly text: string } | null {
  try {
    const value: unknown = JSON.parse(message);
    if (typeof value !== "object" || value === null || !("turnId" in value) || !("text" in value) || !("kind" in value)) return null;
    const { turnId, text, kind } = value;
    return typeof turnId === "string" && typeof text === "string" && typeof kind === "string" ? { turnId, text, kind } : null;
  } catch {
    // Cut by whatever stands between: the turn itself tells it all when it has ended.
    return null;
  }
}
