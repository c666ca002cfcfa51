import type { Playbook } from "./plan.ts";

export interface PlaybookMatch {
  readonly playbook: Playbook;
  /** The phrase of the playbook that the request contains. */
  readonly phrase: string;
  /** Share of the request's first sentence that the phrase covers, 0 to 1. */
  readonly score: number;
}

/**
 * Playbooks whose phrase stands in the request as whole words, best first. Nothing is guessed: a request that
 * contains no phrase matches nothing. `O(playbooks x phrases x text)`, text cut at 2,000 characters.
 */
export function matchPlaybooks(text: string, playbooks: readonly Playbook[]): readonly PlaybookMatch[] {
  const words = ` ${normalize(text.slice(0, 2_000))} `;
  const sentenceLength = normalize(text.slice(0, 2_000).split(/[.!?\n]/u)[0] ?? "").length || 1;
  const matches = playbooks.flatMap((playbook) => {
    const phrases = playbook.matches.map((phrase) => normalize(phrase)).filter((phrase) => phrase !== "" && words.includes(` ${phrase} `));
    const longest = phrases.sort((left, right) => right.length - left.length)[0];
    return longest === undefined ? [] : [{ playbook, phrase: longest, score: Math.min(1, longest.length / sentenceLength) }];
  });
  return matches.sort((left, right) => right.phrase.length - left.phrase.length || (left.playbook.name < right.playbook.name ? -1 : 1));
}

const normalize = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFKC")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
