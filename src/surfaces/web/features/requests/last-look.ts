import { useEffect, useState } from "react";

const storageKey = "xvc.home.seen-at";
/** Before the first look: what happened lately. */
const firstLookMs = 24 * 3_600_000;
/** A reload or a step to another page and back is the same look. */
const sameLookMs = 5 * 60_000;

export interface LastLook {
  readonly atMs: number;
  /** There was none: the time is only a day back. */
  readonly isFirst: boolean;
}

function readSeen(): readonly [atMs: number, before: number] | undefined {
  try {
    const [at, before] = (localStorage.getItem(storageKey) ?? "").split(" ").map(Number);
    return at !== undefined && before !== undefined && at > 0 && before >= 0 ? [at, before] : undefined;
  } catch {
    // Storage may be refused: every look is the first.
    return undefined;
  }
}

function keepSeen(atMs: number, beforeMs: number): void {
  try {
    localStorage.setItem(storageKey, `${atMs} ${beforeMs}`);
  } catch {
    // As above.
  }
}

/** When this browser looked at Home before, by its own clock. */
export function useLastLook(): LastLook {
  const [look] = useState<LastLook>(() => {
    const seen = readSeen();
    if (seen === undefined) return { atMs: Date.now() - firstLookMs, isFirst: true };
    const [at, before] = seen;
    if (Date.now() - at >= sameLookMs) return { atMs: at, isFirst: false };
    return before === 0 ? { atMs: Date.now() - firstLookMs, isFirst: true } : { atMs: before, isFirst: false };
  });
  // Nobody looked before the first look: no time is kept for it, so that a reload claims none.
  useEffect(() => keepSeen(Date.now(), look.isFirst ? 0 : look.atMs), [look]);
  return look;
}
