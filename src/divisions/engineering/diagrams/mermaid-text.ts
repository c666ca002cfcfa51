import { UnreadLine, diagramLimits } from "./diagram-graph.ts";

/** One line of a source that says something. */
export interface SourceLine {
  /** From 1, as editors count. */
  readonly number: number;
  readonly text: string;
}

/** Lines without comments and blanks; a semicolon ends a line as well, outside of quotes and brackets. */
export function saidLines(source: string): readonly SourceLine[] {
  const lines = source.split(/\r\n|[\n\r]/u);
  if (lines.length > diagramLimits.lines) throw new UnreadLine(diagramLimits.lines, `Only ${diagramLimits.lines} lines are read.`);
  return lines.flatMap((line, index) => {
    const number = index + 1;
    if (/^\s*%%\{/u.test(line)) throw new UnreadLine(number, "Directives are not read; remove the line.");
    if (/^\s*---\s*$/u.test(line) && index === 0) throw new UnreadLine(number, "A head of settings is not read; remove it.");
    if (line.length > diagramLimits.lineChars) throw new UnreadLine(number, `It has more than ${diagramLimits.lineChars} characters.`);
    const text = line.replace(/^\s*%%.*$/u, "").trim();
    return text
      .split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/u)
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => ({ number, text: part }));
  });
}

/** What is shown: quotes around it are gone, `<br>` begins a line; nothing else of HTML is read. */
export function shownText(line: SourceLine, raw: string): string {
  const inner = /^"([\s\S]*)"$/u.exec(raw.trim())?.[1] ?? raw.trim();
  const text = inner.replaceAll(/<br\s*\/?>|\\n/giu, "\n").replaceAll("#quot;", '"');
  if (/<\/?[a-z][^>]*>/iu.test(text)) throw new UnreadLine(line.number, "HTML in a text is not read, but for <br>.");
  if (text.length > diagramLimits.labelChars)
    throw new UnreadLine(line.number, `A text has more than ${diagramLimits.labelChars} characters.`);
  return text;
}

/** What a part of a form found; "" where that part was not there. */
export const partOf = (found: RegExpExecArray, part: number): string => found[part] ?? "";
