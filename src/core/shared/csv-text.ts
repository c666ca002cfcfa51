/** What a cell of a table holds; null: nothing. */
export type CellValue = string | number | boolean | null;

/** What a spreadsheet may take for a formula, also behind blanks and in full width. Source: OWASP, CSV Injection */
const formula = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

/** A text that could be a formula begins with an apostrophe: spreadsheets show it as text. Numbers stay numbers, also negative ones. */
const neutral = (cell: CellValue): string =>
  cell === null ? "" : typeof cell === "string" && formula.test(cell) ? `'${cell}` : String(cell);

const quoted = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Rows as CSV by RFC 4180, lines ending with CR LF; no cell of it is a formula for whoever opens it. */
export const csvText = (rows: readonly (readonly CellValue[])[]): string =>
  rows.map((row) => `${row.map((cell) => quoted(neutral(cell))).join(",")}\r\n`).join("");
