import type { ModelAddress } from "./model.ts";

/** What a model made of some texts. */
export interface Embedded {
  /** One for each text, in their order, all of the same length; each of length 1 as a vector. */
  readonly vectors: readonly Float32Array[];
  /** Null: the vendor told nothing. */
  readonly inputTokens: number | null;
}

export const embedderCaps = {
  /** Texts in one call. */
  texts: 32,
  /** Characters of all of them. */
  chars: 60_000,
  /** Characters of one: what is longer is found by its beginning. */
  textChars: 4_000,
  /** Longest call, milliseconds. */
  callMs: 30_000,
} as const;

/** Makes vectors of texts. One call is one request: no retry happens inside. */
export interface Embedder {
  /**
   * @param texts 1 to `embedderCaps.texts`
   * @throws {Failure} as `Models.turn`; `embedding.not-offered` (invalid) where the vendor has no embeddings; `model.answer-unreadable`
   *   (unavailable) where there is not one vector of numbers for each text, all of one length
   */
  embed(at: ModelAddress, texts: readonly string[], signal: AbortSignal): Promise<Embedded>;
}
