import { wordsOf } from "./relevance.ts";

/** Words that stand together in a shingle. */
const shingleWords = 3;
/** From this share of common shingles on two texts say the same. */
const sameFrom = 0.8;

/** Every run of three words of a text; of a shorter text the text itself. */
export function shinglesOf(text: string): ReadonlySet<string> {
  const words = wordsOf(text);
  if (words.length < shingleWords) return new Set(words.length === 0 ? [] : [words.join(" ")]);
  return new Set(words.slice(shingleWords - 1).map((_, at) => words.slice(at, at + shingleWords).join(" ")));
}

/**
 * Whether two texts say nearly the same: of the shingles that either has, four of five are in both.
 *
 * Source: A. Broder, "On the resemblance and containment of documents", 1997.
 */
export function areAlike(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  const [small, large] = left.size <= right.size ? [left, right] : [right, left];
  // The sizes alone tell most pairs apart.
  if (small.size === 0 || small.size < sameFrom * large.size) return false;
  let common = 0;
  for (const shingle of small) if (large.has(shingle)) common += 1;
  return common >= sameFrom * (small.size + large.size - common);
}
