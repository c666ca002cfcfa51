import type { Json } from "../../core/shared/json.ts";

/** Bounds of one run. Each has a default; none can be switched off. */
export interface ScriptLimits {
  /** Wall clock of the script itself, milliseconds. */
  readonly timeMs: number;
  /** Heap of the engine that runs it. */
  readonly memoryBytes: number;
  readonly stackBytes: number;
  /** JSON of the answer, UTF-8. */
  readonly outputBytes: number;
}

export const scriptLimits: ScriptLimits = { timeMs: 250, memoryBytes: 16 * 1024 * 1024, stackBytes: 256 * 1024, outputBytes: 256 * 1024 };

/** What a script and its input may weigh, bytes of UTF-8. */
export const scriptInputLimits = { sourceBytes: 64 * 1024, inputBytes: 4 * 1024 * 1024 } as const;

/** Why a run gave no answer. */
export type ScriptFault =
  /** It is no JavaScript module, or its default export is no function. */
  | "syntax"
  /** It threw. */
  | "threw"
  /** It ran past `timeMs`. */
  | "time"
  /** It asked for more than `memoryBytes`. */
  | "memory"
  /** It called itself deeper than `stackBytes` holds. */
  | "stack"
  /** Its answer is no JSON, too large, or names `__proto__`. */
  | "answer";

export type ScriptOutcome =
  | { readonly kind: "answered"; readonly value: Json }
  /** `message` is the script's own text or ours, at most 1,000 characters; hostile. */
  | { readonly kind: "failed"; readonly fault: ScriptFault; readonly message: string };

/**
 * Runs JavaScript that somebody stored: one module whose default export is a function from JSON to JSON.
 *
 * It has the language and nothing else: no clock, no randomness, no modules, no files, no network, no host object. The same source and
 * input give the same answer. What it changes in its own world is gone afterwards.
 */
export interface ScriptRunner {
  /** @throws {Failure} `script.too-large` for a source or input beyond `scriptInputLimits` */
  run(source: string, input: Json, limits?: Partial<ScriptLimits>): Promise<ScriptOutcome>;
}
