import type { TextHit, TextSearch } from "./search.ts";

/** Whose vectors: those of two models say nothing about each other. */
export interface VectorModel {
  readonly providerId: string;
  readonly model: string;
}

/** A text that the search knows, as it became so. */
export interface TextKey {
  readonly kind: string;
  readonly id: string;
  /** Null: a row of the organization. */
  readonly projectId: string | null;
  /** Of the row, when it got this text. */
  readonly version: number;
}

export interface TextWithoutVector extends TextKey {
  readonly title: string;
  readonly body: string;
}

/** What a model made of a text: numbers of length 1 together, or null where the model does not take it. */
export interface MadeVector extends TextKey {
  readonly vector: Float32Array | null;
}

/** What narrows a search by meaning; the same words as in `TextSearch`. */
export interface VectorSearch extends Omit<TextSearch, "words" | "skip"> {
  readonly of: VectorModel;
  /** Of length 1. */
  readonly vector: Float32Array;
}

export interface VectorFound {
  /** The most alike first. */
  readonly hits: readonly TextHit[];
  /** Texts that were compared, each exactly. */
  readonly compared: number;
  /** There are more than are compared; the latest are. */
  readonly isCapped: boolean;
}

/** Texts of one project, or of the organization alone where `projectId` is null. */
export interface TextsOf {
  readonly of: VectorModel;
  readonly projectId: string | null;
}

export interface TextsCounted {
  readonly of: VectorModel;
  readonly projectIds: readonly string[];
  readonly withOrganization: boolean;
}

/** Present texts, and what there is of each. */
export interface VectorTally {
  readonly texts: number;
  readonly vectors: number;
  /** Texts that the model does not take. */
  readonly refused: number;
}

export const vectorCaps = {
  dimension: 4_096,
  /** Texts compared in one search; of more the latest are. */
  compared: 20_000,
  /** Bytes of vectors compared in one search, and kept in a process: long vectors leave room for fewer. */
  comparedBytes: 134_217_728,
  /** Alike below this are not found: most texts are a little alike. */
  leastLikeness: 0.2,
  /** Vectors kept, and texts asked for, at once. */
  atOnce: 1_000,
} as const;

/** How many vectors of a dimension one search compares. */
export const mostCompared = (dimension: number): number =>
  Math.min(vectorCaps.compared, Math.floor(vectorCaps.comparedBytes / (4 * Math.max(1, dimension))));

/** What a reader can tell of vectors, within its scope. */
export interface VectorReader {
  /** Texts by their likeness to a vector, the most alike first. @throws {Failure} `store.limit-invalid` */
  nearest(search: VectorSearch): Promise<VectorFound>;
  /** Present texts without a vector of the model, the latest first; up to `limit`, which is at most `vectorCaps.atOnce`. */
  missing(asked: TextsOf & { readonly limit: number }): Promise<readonly TextWithoutVector[]>;
  /** Of these projects, and of the organization's own texts where `withOrganization` says so. */
  tally(asked: TextsCounted): Promise<VectorTally>;
}

/** Likeness of two vectors of length 1, -1 to 1. */
export function likenessOf(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
