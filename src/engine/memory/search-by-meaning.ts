import { fuseRanks } from "../../core/memory/fuse-ranks.ts";
import { type TextFound, type TextHit, type TextSearch, searchCaps } from "../ports/search.ts";
import type { Reader } from "../ports/store.ts";
import type { Meaning } from "./embed-query.ts";

/** A hit with the ways in which it was found. */
export interface FusedHit extends TextHit {
  /** It has none of the words; its text is alike. */
  readonly byMeaning: boolean;
}

export interface FusedFound extends Omit<TextFound, "hits"> {
  readonly hits: readonly FusedHit[];
  /** Texts whose vectors were compared; null: words alone. */
  readonly compared: number | null;
  readonly isCapped: boolean;
  /** Where the next page begins; null: there is none. */
  readonly nextSkip: number | null;
}

const keyOf = ({ kind, id }: Pick<TextHit, "kind" | "id">): string => `${kind} ${id}`;

/** The fittest by words, page by page. */
async function byWords(reader: Reader, search: TextSearch): Promise<FusedFound> {
  const found = await reader.search(search);
  const next = search.skip + search.limit;
  const isLast = found.hits.length < search.limit || next >= found.ranked;
  return {
    ...found,
    hits: found.hits.map((hit) => ({ ...hit, byMeaning: false })),
    compared: null,
    isCapped: false,
    nextSkip: isLast ? null : next,
  };
}

/**
 * Texts by words, and where a meaning is known by likeness too: the best hundred of each are fused by the reciprocals of their places; what
 * else has the words follows in its own order.
 *
 * @throws {Failure} `store.limit-invalid`
 */
export async function searchByMeaning(reader: Reader, search: TextSearch, meaning: Meaning | null): Promise<FusedFound> {
  if (meaning === null) return byWords(reader, search);
  const { words: _words, skip, limit, ...narrowing } = search;
  const [worded, alike] = await Promise.all([
    reader.search({ ...search, skip: 0, limit: searchCaps.pageRows }),
    reader.vectors.nearest({ ...narrowing, ...meaning, limit: searchCaps.pageRows }),
  ]);
  const known = new Map<string, FusedHit>(alike.hits.map((hit) => [keyOf(hit), { ...hit, byMeaning: true }]));
  for (const hit of worded.hits) known.set(keyOf(hit), { ...hit, byMeaning: false });
  const order = fuseRanks([worded.hits.map(keyOf), alike.hits.map(keyOf)]);
  const all = order.flatMap((key) => known.get(key) ?? []);
  const behind = Math.max(0, worded.ranked - worded.hits.length);
  const whole = { ...worded, ranked: all.length + behind, compared: alike.compared, isCapped: alike.isCapped };
  if (skip < all.length) {
    const next = Math.min(skip + limit, all.length);
    return { ...whole, hits: all.slice(skip, next), nextSkip: next < all.length || behind > 0 ? next : null };
  }
  const from = worded.hits.length + skip - all.length;
  if (from > searchCaps.candidates) return { ...whole, hits: [], nextSkip: null };
  const more = await reader.search({ ...search, skip: from, limit });
  const hits = more.hits.filter((hit) => !known.has(keyOf(hit))).map((hit) => ({ ...hit, byMeaning: false }));
  const next = skip + more.hits.length;
  const isLast = more.hits.length < limit || from + limit >= worded.ranked || next > searchCaps.candidates;
  return { ...whole, hits, nextSkip: isLast ? null : next };
}
