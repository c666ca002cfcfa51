import type { Utterance } from "./utterances.ts";

export interface KeyPhrase {
  readonly phrase: string;
  readonly score: number;
  /** Utterances that hold it. */
  readonly utterances: number;
}

const mostWords = 4;

/**
 * Phrases that say much: runs of words between words that say nothing and signs, scored by how often their words stand together with
 * others. Only what at least two utterances hold. Ties go by the alphabet.
 *
 * Source: Rose, Engel, Cramer & Cowley, Automatic keyword extraction from individual documents (RAKE), 2010
 */
export function keyPhrases(utterances: readonly Utterance[], stop: ReadonlySet<string>, most: number): readonly KeyPhrase[] {
  const candidates = utterances.map(({ text }) => candidatesIn(text, stop));
  const frequency = new Map<string, number>();
  const degree = new Map<string, number>();
  for (const phrase of candidates.flat())
    for (const word of phrase) {
      frequency.set(word, (frequency.get(word) ?? 0) + 1);
      degree.set(word, (degree.get(word) ?? 0) + phrase.length);
    }
  const holding = new Map<string, number>();
  for (const phrases of candidates)
    for (const phrase of new Set(phrases.map((words) => words.join(" ")))) holding.set(phrase, (holding.get(phrase) ?? 0) + 1);
  const scoreOf = (phrase: string): number =>
    phrase.split(" ").reduce((sum, word) => sum + (degree.get(word) ?? 0) / (frequency.get(word) ?? 1), 0);
  return [...holding]
    .filter(([, count]) => count >= 2)
    .map(([phrase, count]) => ({ phrase, score: scoreOf(phrase), utterances: count }))
    .toSorted((one, other) => other.utterances * other.score - one.utterances * one.score || (one.phrase < other.phrase ? -1 : 1))
    .slice(0, most);
}

function candidatesIn(text: string, stop: ReadonlySet<string>): readonly (readonly string[])[] {
  const phrases: string[][] = [];
  for (const part of text
    .toLowerCase()
    .replaceAll("’", "'")
    .split(/[^\p{L}\p{N}\s'-]+/u)) {
    let open: string[] = [];
    for (const word of [...part.split(/\s+/u), ""]) {
      const plain = word.replaceAll(/^['-]+|['-]+$/gu, "");
      if (plain !== "" && !stop.has(plain) && !/^\d+$/u.test(plain)) open.push(plain);
      else {
        if (open.length > 0 && open.length <= mostWords) phrases.push(open);
        open = [];
      }
    }
  }
  return phrases;
}
