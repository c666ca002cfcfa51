/** Words as a search compares them, and how near one word is to another. */

/** Upper bounds of what is asked; what exceeds them is left out. */
export const searchLimits = { words: 12, wordLength: 100 } as const;

/** The words of a text in lower case, in order: runs of letters, marks and digits. */
export const wordsIn = (text: string): readonly string[] =>
  text
    .normalize("NFC")
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");

/** The words that a person looks for, each once. */
export const wantedWords = (text: string): readonly string[] =>
  [...new Set(wordsIn(text).filter((word) => word.length <= searchLimits.wordLength))].slice(0, searchLimits.words);

/** How a word of a text answers a wanted one; null: not at all. */
export type WordFit = "exact" | "stem" | "beginning" | null;

/** Longest first, so that `ings` is not taken for `s`. */
const endings = ["ations", "ation", "ments", "ment", "ings", "ing", "ers", "ies", "ied", "er", "es", "ed", "ly", "s", "y", "e"];
const leastStem = 3;

/** The part of an English word that its usual endings leave: near enough to tell what a search engine with a real stemmer found. */
export function roughStem(word: string): string {
  for (const ending of endings) {
    if (!word.endsWith(ending) || word.length - ending.length < leastStem) continue;
    const stem = word.slice(0, -ending.length);
    // `planning` -> `plan`
    return stem.length > leastStem && stem.at(-1) === stem.at(-2) ? stem.slice(0, -1) : stem;
  }
  return word;
}

/** @param asBeginning the wanted word may still be in the middle of being typed */
export function fitOf(word: string, wanted: string, asBeginning: boolean): WordFit {
  if (word === wanted) return "exact";
  if (roughStem(word) === roughStem(wanted)) return "stem";
  return asBeginning && wanted.length >= 2 && word.startsWith(wanted) ? "beginning" : null;
}

/** Shared threshold of what counts as a misspelling, as `pg_trgm.similarity_threshold` has it. */
export const similarFrom = 0.3;

const trigramsOf = (word: string): ReadonlySet<string> => {
  const padded = `  ${word} `;
  const found = new Set<string>();
  for (let at = 0; at + 3 <= padded.length; at += 1) found.add(padded.slice(at, at + 3));
  return found;
};

/** The share of three-letter pieces that two words have in common, 0 to 1. Source: PostgreSQL, `pg_trgm`, similarity. */
export function similarityOf(one: string, other: string): number {
  const [left, right] = [trigramsOf(one), trigramsOf(other)];
  const shared = [...left].filter((piece) => right.has(piece)).length;
  return shared / (left.size + right.size - shared);
}
