import { Failure } from "../../core/shared/failure.ts";

/** The words and what narrows them. Everything that is named has to hold. */
export interface TextSearch {
  /** From `wantedWords`; the last one counts as a beginning as well. None: nothing is found. */
  readonly words: readonly string[];
  /** Kinds of rows; absent: every one that is searched. */
  readonly kinds?: readonly string[];
  /** Rows of this project alone; absent: of all projects of the scope, and of the organization. */
  readonly projectId?: string;
  /** Rows that this person asked for, wrote or has. */
  readonly personId?: string;
  /** The text was recorded in `[recordedFromMs, recordedToMs)`. */
  readonly recordedFromMs?: number;
  readonly recordedToMs?: number;
  /** As of this recorded instant, if it is before the reader's own; absent: the reader's. */
  readonly atMs?: number;
  readonly skip: number;
  /** 1 to 100. */
  readonly limit: number;
}

/** A row whose text has every word, or words that look like them. */
export interface TextHit {
  readonly kind: string;
  readonly id: string;
  /** Null: a row of the organization. */
  readonly projectId: string | null;
  /** When it got this text. */
  readonly recordedAtMs: number;
  readonly title: string;
  readonly body: string;
  /** Found by words that look like the wanted ones, because nothing has those. */
  readonly near: boolean;
}

export interface TextFound {
  /** The fittest first: exact words before stems, titles before texts, late before early. */
  readonly hits: readonly TextHit[];
  /** Rows that were ranked: at most `searchCaps.candidates`, the latest of those that match. */
  readonly ranked: number;
  /** Words taken in place of misspelled ones. */
  readonly similar: readonly string[];
  /** False: this database has no trigrams, so a misspelled word finds nothing. */
  readonly findsSimilar: boolean;
  /** The recorded instant that was read at, to read the next page as of the same one. */
  readonly readAtMs: number;
}

/** Bounds of one search; `0012-search.sql` has the same. */
export const searchCaps = {
  /** Of more matches the latest are ranked. */
  candidates: 1_000,
  /** Words taken in place of one. */
  similarWords: 5,
  /** Rank constant of reciprocal rank fusion. Source: Cormack, Clarke and Buettcher 2009. */
  fusion: 60,
  /** Characters of a text that are searched. */
  titleLength: 1_000,
  bodyLength: 60_000,
  pageRows: 100,
} as const;

/** @throws {Failure} `store.limit-invalid` */
export function checkSearchPage({ skip, limit }: Pick<TextSearch, "skip" | "limit">): void {
  const rows = Number.isInteger(limit) && limit >= 1 && limit <= searchCaps.pageRows;
  if (rows && Number.isInteger(skip) && skip >= 0 && skip <= searchCaps.candidates) return;
  throw new Failure("invalid", "store.limit-invalid", {
    message: `A page of a search holds 1 to ${String(searchCaps.pageRows)} rows and begins within the first ${String(searchCaps.candidates)}. Ask for less.`,
  });
}
