/**
 * How well texts answer a question, by the words they share. Okapi BM25 over exactly the texts it is given: the rarer a word among
 * them, the more it counts; repeating it helps less each time; long texts have no advantage.
 *
 * Source: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; k1 1.2 and b 0.75 as there.
 */

const k1 = 1.2;
const b = 0.75;

/** Words of a text in the form they are compared in, in order: runs of letters and digits, without case. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** How many times each word stands in a text, and how many words it has. */
interface Counted {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

function countWords(text: string): Counted {
  const words = wordsOf(text);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, length: words.length };
}

/**
 * A score for each text, 0 for one that shares no word with the question; scores of one call compare with each other only.
 * `O(words of all texts + texts * words of the question)`.
 */
export function bm25(question: string, texts: readonly string[]): readonly number[] {
  const documents = texts.map(countWords);
  const meanLength = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
  const weights = new Map(
    [...new Set(wordsOf(question))].map((word): [string, number] => {
      const having = documents.filter(({ counts }) => counts.has(word)).length;
      return [word, Math.log(1 + (documents.length - having + 0.5) / (having + 0.5))];
    }),
  );
  return documents.map((document) => scoreOf(document, weights, meanLength));
}

function scoreOf({ counts, length }: Counted, weights: ReadonlyMap<string, number>, meanLength: number): number {
  const norm = k1 * (1 - b + (b * length) / Math.max(1, meanLength));
  let score = 0;
  for (const [word, weight] of weights) {
    const times = counts.get(word) ?? 0;
    if (times > 0) score += (weight * times * (k1 + 1)) / (times + norm);
  }
  return score;
}

/** The same from 0 to 1: the best of the texts has 1, unless none shares a word with the question. */
export function relevances(question: string, texts: readonly string[]): readonly number[] {
  const scores = bm25(question, texts);
  const best = scores.reduce((most, score) => Math.max(most, score), 0);
  return scores.map((score) => (best === 0 ? 0 : score / best));
}
