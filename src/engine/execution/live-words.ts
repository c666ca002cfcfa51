import type { Clock } from "../ports/clock.ts";

/** A piece of what a model says, on its way to whoever looks at the task right now. It is stored nowhere: the turn is the record. */
export interface LiveWord {
  readonly organizationId: string;
  readonly projectId: string;
  readonly requestId: string;
  readonly taskId: string;
  readonly turnId: string;
  /** `calling`: the name of a tool that it is about to call. */
  readonly kind: "text" | "calling";
  readonly text: string;
}

/** Hands pieces on to those who listen in this process; nobody listening costs nothing. */
export interface LiveWords {
  say(word: LiveWord): void;
  /** @returns the way to leave */
  listen(hear: (word: LiveWord) => void): () => void;
}

export function liveWords(): LiveWords {
  const listeners = new Set<(word: LiveWord) => void>();
  return {
    say(word) {
      for (const hear of listeners) hear(word);
    },
    listen(hear) {
      listeners.add(hear);
      return () => void listeners.delete(hear);
    },
  };
}

/** Pieces are gathered for this long, so that a fast model does not send a message for each word. */
const gatherMs = 120;
/** Characters of one turn that are told while it runs; the rest is in the turn. */
const maxTold = 64_000;

/** What one turn says, gathered. */
export interface TurnWords {
  take(event: { readonly kind: "text" | "calling"; readonly text: string }): void;
  /** Tells what is still kept back. */
  end(): void;
}

/** Words of one turn, bounded, told a few times a second at most. */
export function turnWords(
  parts: { readonly words: LiveWords; readonly clock: Pick<Clock, "monotonicMs"> },
  of: Omit<LiveWord, "kind" | "text">,
): TurnWords {
  let kept = "";
  let told = 0;
  let atMs = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (kept === "") return;
    parts.words.say({ ...of, kind: "text", text: kept });
    told += kept.length;
    kept = "";
    atMs = parts.clock.monotonicMs();
  };
  return {
    take({ kind, text }) {
      if (kind === "calling") {
        flush();
        parts.words.say({ ...of, kind, text: text.slice(0, 200) });
        return;
      }
      kept += text.slice(0, Math.max(0, maxTold - told - kept.length));
      if (parts.clock.monotonicMs() - atMs >= gatherMs) flush();
    },
    end: flush,
  };
}
