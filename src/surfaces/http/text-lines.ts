import { diffLines } from "diff";
import type { TextLine } from "../../contract/memory-contract.ts";

/** The longest texts that are compared line by line, and the most lines that may differ: the work grows with their square. */
const maxChars = 200_000;
const maxEdits = 400;
const maxMs = 200;
/** Lines shown around a difference. */
const around = 3;

/**
 * Two texts line by line; null: one is too long, or too much differs. Law: the same and the removed lines together are the old text,
 * the same and the added ones the new.
 */
export function textLines(before: string, after: string): readonly TextLine[] | null {
  if (before.length > maxChars || after.length > maxChars) return null;
  const parts = diffLines(before, after, { maxEditLength: maxEdits, timeout: maxMs });
  return parts === undefined
    ? null
    : parts.flatMap((part) =>
        linesOf(part.value).map((text): TextLine => ({ kind: part.added ? "added" : part.removed ? "removed" : "same", text, lines: 1 })),
      );
}

/** Lines with what ends them. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];

/** The same with what is far from every difference left out, and how many lines that were. */
export function foldedLines(lines: readonly TextLine[]): readonly TextLine[] {
  const isNear = lines.map((_, at) => lines.slice(Math.max(0, at - around), at + around + 1).some(({ kind }) => kind !== "same"));
  const folded: TextLine[] = [];
  for (const [at, line] of lines.entries()) {
    const last = folded.at(-1);
    if (isNear[at] === true) folded.push(line);
    else if (last?.kind === "skipped") folded[folded.length - 1] = { ...last, lines: last.lines + 1 };
    else folded.push({ kind: "skipped", text: "", lines: 1 });
  }
  return folded;
}
