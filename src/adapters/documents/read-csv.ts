import { type DocumentSheet, type ReadDocument, type SheetCell, documentLimits } from "../../engine/ports/documents.ts";
import { refused } from "./refuse-document.ts";

/** What a program that opens the file as a spreadsheet would take for a formula. */
const looksLikeFormula = /^[=+\-@\t\r](?!\d*[.,]?\d*%?$)/u;

/** The cells of delimited text, all of them texts. A cell that looks like a formula is a text like any other. @throws {Failure} `tool.document-refused` */
export function readCsv(text: string, name: string): ReadDocument {
  const delimiter = /\.tsv$/iu.test(name) ? "\t" : delimiterOf(text);
  const rows: { number: number; isHidden: boolean; cells: SheetCell[] }[] = [];
  let cells = 0;
  let formulas = 0;
  let isCut = false;
  for (const row of rowsOf(text, delimiter)) {
    isCut = cells + row.fields.length > documentLimits.cells;
    if (isCut) break;
    cells += row.fields.length;
    formulas += row.fields.filter((field) => looksLikeFormula.test(field)).length;
    const filled = row.fields.flatMap((field, index) =>
      field === "" ? [] : [{ column: index + 1, shown: field, value: field, formula: null }],
    );
    if (filled.length > 0) rows.push({ number: row.number, isHidden: false, cells: filled });
  }
  const sheet: DocumentSheet = { name: "", isHidden: false, rows };
  return {
    kind: "csv",
    parts: [],
    sheets: [sheet],
    attachments: [],
    hidden: [],
    notes: [
      ...(formulas > 0 ? [`${formulas} cells begin like formulas of a spreadsheet; they are shown as texts.`] : []),
      ...(isCut ? [`Only the first ${cells} cells are shown; at most ${documentLimits.cells} are read.`] : []),
    ],
  };
}

/** The one that the first lines have most of, outside of quotes. */
function delimiterOf(text: string): string {
  const head = text.slice(0, 10_000).replaceAll(/"[^"]*"/gu, "");
  const times = (mark: string): number => head.split(mark).length;
  return [",", ";", "\t", "|"].reduce((best, mark) => (times(mark) > times(best) ? mark : best));
}

/** By RFC 4180, with any line break; quotes inside of a field that does not begin with one are characters. */
function* rowsOf(text: string, delimiter: string): Generator<{ readonly number: number; readonly fields: readonly string[] }> {
  let fields: string[] = [];
  let number = 1;
  let at = 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quoted(text, at + 1, delimiter) : plain(text, at, delimiter);
    fields.push(field.text);
    at = field.end;
    if (text[at] === delimiter) {
      at += 1;
      if (at < text.length) continue;
      fields.push("");
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    at += 1;
    yield { number, fields };
    fields = [];
    number += 1;
  }
}

function plain(text: string, from: number, delimiter: string): { readonly text: string; readonly end: number } {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { text: text.slice(from, end), end };
}

function quoted(text: string, from: number, delimiter: string): { readonly text: string; readonly end: number } {
  const pieces: string[] = [];
  let at = from;
  for (;;) {
    const close = text.indexOf('"', at);
    if (close < 0) throw refused(`a quote that opens at character ${from} never closes.`);
    pieces.push(text.slice(at, close));
    if (text[close + 1] !== '"') {
      // The format knows nothing between a closing quote and the delimiter; whatever stands there is kept as it is.
      const rest = plain(text, close + 1, delimiter);
      return { text: `${pieces.join('"')}${rest.text}`, end: rest.end };
    }
    at = close + 2;
  }
}
