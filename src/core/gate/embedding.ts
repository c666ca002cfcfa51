/** Vectors of texts, made by a model that a person chose, so that the search finds by meaning. on <-> off. */

export interface EmbeddingFailure {
  readonly atMs: number;
  readonly code: string;
  readonly message: string;
}

/** What a provider does for the search. */
export interface EmbeddingUse {
  readonly state: "on" | "off";
  readonly model: string;
  /** Grows when a person wants every vector of this model made anew. */
  readonly generation: number;
  /** Numbers in a vector; null: none was made yet. */
  readonly dimension: number | null;
  /** Since this model was chosen. */
  readonly made: number;
  readonly costMicro: number;
  readonly chosenAtMs: number;
  /** Somebody is at work until then at most; null: nobody. */
  readonly busyUntilMs: number | null;
  /** Nothing is asked before, after a failure. */
  readonly restUntilMs: number | null;
  /** In a row. */
  readonly failures: number;
  /** The last one; null: the last round went well. */
  readonly failure: EmbeddingFailure | null;
}

/** Under which name its vectors are kept: those of another generation are none of this one. */
export const vectorModelName = ({ model, generation }: Pick<EmbeddingUse, "model" | "generation">): string =>
  generation === 1 ? model : `${model}@${String(generation)}`;

/** How long one round of making vectors may take before another worker may take it over. */
export const embeddingTurnMs = 240_000;

const firstRestMs = 30_000;
const mostRestMs = 900_000;

/** How long nothing is asked after so many failures in a row: doubling, or as long as the vendor says. */
export const restAfter = (failures: number, retryAfterMs: number | null): number =>
  Math.min(mostRestMs, Math.max(retryAfterMs ?? 0, firstRestMs * 2 ** Math.min(10, Math.max(0, failures - 1))));
