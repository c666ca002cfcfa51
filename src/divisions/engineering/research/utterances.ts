/** Text of one person or ticket, as it was supplied. */
export interface ResearchSource {
  readonly id: string;
  readonly participant: string;
  readonly text: string;
}

/** One thing that somebody said, by its place in the source. */
export interface Utterance {
  /** `<source>#<number>`, numbered from 1. */
  readonly id: string;
  readonly source: string;
  readonly participant: string;
  /** Characters from the start of the source's text; `text` is exactly what stands there. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a line begins with to say who speaks. */
const speaker = /^[ \t]*([\p{L}\p{N}][\p{L}\p{N} ._-]{0,40}):[ \t]+/u;
const sentenceEnd = /[.!?]+["'»”’)]*(?=\s)/gu;

export interface SplitOptions {
  /** Lines begin with who speaks, as in `Anna: ...`. */
  readonly speakers: boolean;
  /** Speakers whose words are not counted, such as the interviewer; lower case. */
  readonly leftOut: ReadonlySet<string>;
}

/** Splits a source into sentences; a line's end also ends one. Nothing is changed in them. `O(length)`. */
export function splitSource(source: ResearchSource, { speakers, leftOut }: SplitOptions): readonly Utterance[] {
  const found: Utterance[] = [];
  let participant = source.participant;
  let lineStart = 0;
  for (const line of source.text.split("\n")) {
    const named = speakers ? speaker.exec(line) : null;
    if (named?.[1] !== undefined) participant = named[1].trim();
    const from = named?.[0].length ?? 0;
    if (!leftOut.has(participant.toLowerCase()))
      for (const [start, end] of sentencesIn(line, from)) {
        const place = { start: lineStart + start, end: lineStart + end };
        found.push({ id: `${source.id}#${found.length + 1}`, source: source.id, participant, ...place, text: line.slice(start, end) });
      }
    lineStart += line.length + 1;
  }
  return found;
}

function sentencesIn(line: string, from: number): readonly (readonly [number, number])[] {
  const ends = [...line.slice(from).matchAll(sentenceEnd)].map((match) => from + match.index + match[0].length);
  let start = from;
  return [...ends, line.length].flatMap((end) => {
    const piece = line.slice(start, end);
    const first = start + (piece.length - piece.trimStart().length);
    const last = first + piece.trim().length;
    start = end;
    // A piece without a letter or number says nothing.
    return /[\p{L}\p{N}]/u.test(piece) ? [[first, last] as const] : [];
  });
}

/** Words of a text in lower case, without signs. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replaceAll("’", "'")
    .match(/[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*/gu) ?? [];
