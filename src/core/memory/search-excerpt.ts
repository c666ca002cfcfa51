import { fitOf, wordsIn } from "./search-words.ts";

/** A part of a text, `[from, to)` in UTF-16 units: safe to cut at, never markup. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A piece of a text with the places of what was found in it, in order and apart from each other. */
export interface Excerpt {
  readonly text: string;
  readonly ranges: readonly TextRange[];
}

/** What a text is looked through for. */
export interface Sought {
  /** As asked; the last one may be a beginning. */
  readonly words: readonly string[];
  /** Words that were found in place of misspelled ones. */
  readonly similar: readonly string[];
}

/** Characters of an excerpt, and how many of them at most stand before the first place. */
const length = 240;
const before = 60;
/** Characters of a text that are looked through, and places that are told. */
const lookedThrough = 60_000;
const maxRanges = 50;

const word = /[\p{L}\p{M}\p{N}]+/gu;

/** Where the words stand in a text. `O(characters x words)`. */
export function rangesOf(text: string, { words, similar }: Sought): readonly TextRange[] {
  const last = words.length - 1;
  const found: TextRange[] = [];
  for (const match of text.slice(0, lookedThrough).matchAll(word)) {
    const [here = ""] = wordsIn(match[0]);
    const fits = similar.includes(here) || words.some((wanted, at) => fitOf(here, wanted, at === last) !== null);
    if (fits) found.push({ from: match.index, to: match.index + match[0].length });
    if (found.length === maxRanges) break;
  }
  return found;
}

const isHalf = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** The nearest place at or before this one that does not cut a character in two. */
const wholeBefore = (text: string, at: number): number => (isHalf(text.charCodeAt(at)) ? at - 1 : at);

/** The piece of a text around what was found first; its beginning when nothing was. */
export function excerptOf(text: string, sought: Sought): Excerpt {
  const ranges = rangesOf(text, sought);
  const first = ranges[0]?.from ?? 0;
  const from = wholeBefore(text, first <= before ? 0 : startOfWord(text, first - before, first));
  const to = wholeBefore(text, Math.min(text.length, from + length));
  const lead = from > 0 ? "… " : "";
  const shift = lead.length - from;
  return {
    // Line ends become spaces one for one, so that places stay where they are.
    text: `${lead}${text.slice(from, to).replaceAll(/\s/gu, " ")}${to < text.length ? " …" : ""}`,
    ranges: ranges
      .filter((range) => range.from >= from && range.to <= to)
      .map((range) => ({ from: range.from + shift, to: range.to + shift })),
  };
}

/** Where the first whole word begins behind `from`, before `to`. */
function startOfWord(text: string, from: number, to: number): number {
  const space = text.slice(from, to).search(/\s/u);
  return space < 0 ? from : from + space + 1;
}
