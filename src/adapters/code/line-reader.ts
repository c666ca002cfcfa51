import type { LineCounts } from "../../core/shared/repository-facts.ts";
import type { CommentSyntax } from "./languages.ts";

/** The lines of a text as editors count them: a final line feed opens no further line. */
export function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The code of each line, comments cut out and spacing at both ends; empty where there is none. */
export interface ReadLines {
  readonly counts: LineCounts;
  readonly code: readonly string[];
}

type Inside = { readonly closing: string; readonly comment: boolean } | null;

/**
 * Tells code, comment and blank lines apart in one pass, linear in the text. Knows comment and quote marks, not grammar: a
 * mark inside a regular expression literal can mislead it until the line's end or the next closing mark.
 */
export function readLines(text: string, syntax: CommentSyntax): ReadLines {
  const code: string[] = [];
  let inside: Inside = null;
  let comment = 0;
  let blank = 0;
  for (const line of linesOf(text)) {
    if (inside === null && !hasMark(line, syntax)) {
      const trimmed = line.trim();
      code.push(trimmed);
      if (trimmed === "") blank += 1;
      continue;
    }
    const read = readLine(line, syntax, inside);
    inside = read.inside;
    code.push(read.code.trim());
    if (code.at(-1) !== "") continue;
    if (line.trim() === "") blank += 1;
    else comment += 1;
  }
  return { counts: { total: code.length, code: code.length - comment - blank, comment, blank }, code };
}

function hasMark(line: string, syntax: CommentSyntax): boolean {
  return (
    syntax.line.some((mark) => line.includes(mark)) ||
    syntax.block.some(([opening]) => line.includes(opening)) ||
    syntax.longQuotes.some((mark) => line.includes(mark))
  );
}

function readLine(line: string, syntax: CommentSyntax, before: Inside): { readonly code: string; readonly inside: Inside } {
  let inside = before;
  let code = "";
  let at = 0;
  while (at < line.length) {
    if (inside !== null) {
      const end = closingAt(line, at, inside);
      const stop = end < 0 ? line.length : end + inside.closing.length;
      if (!inside.comment) code += line.slice(at, stop);
      if (end < 0) return { code, inside };
      inside = null;
      at = stop;
      continue;
    }
    const opened = opening(line, at, syntax);
    if (opened === "rest") return { code, inside: null };
    if (opened !== null) {
      inside = { closing: opened.closing, comment: opened.comment };
      if (!opened.comment) code += line.slice(at, at + opened.length);
      at += opened.length;
      continue;
    }
    const next = syntax.quotes.includes(line.charAt(at)) ? quoteEnd(line, at) : at + 1;
    code += line.slice(at, next);
    at = next;
  }
  return { code, inside };
}

function closingAt(line: string, from: number, inside: { readonly closing: string; readonly comment: boolean }): number {
  let end = line.indexOf(inside.closing, from);
  // Only texts have escapes; a comment ends at its first closing mark.
  while (!inside.comment && end > 0 && line.charAt(end - 1) === "\\") end = line.indexOf(inside.closing, end + 1);
  return end;
}

function opening(
  line: string,
  at: number,
  syntax: CommentSyntax,
): { readonly closing: string; readonly comment: boolean; readonly length: number } | "rest" | null {
  for (const [open, closing] of syntax.block) {
    if (line.startsWith(open, at)) return { closing, comment: true, length: open.length };
  }
  for (const mark of syntax.line) {
    // `#` inside a word is not a comment in a shell, and elsewhere the line has code either way.
    if (line.startsWith(mark, at) && (mark.length > 1 || at === 0 || line.charAt(at - 1) <= " ")) return "rest";
  }
  for (const mark of syntax.longQuotes) {
    if (line.startsWith(mark, at)) return { closing: mark, comment: false, length: mark.length };
  }
  return null;
}

function quoteEnd(line: string, at: number): number {
  const quote = line.charAt(at);
  for (let index = at + 1; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === "\\") index += 1;
    else if (character === quote) return index + 1;
  }
  return line.length;
}
