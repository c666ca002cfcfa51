export type SheetCell = string | number | boolean | null;

/** Rows under named columns. */
export interface Sheet {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
}

/** What a spreadsheet may take for a formula, also behind blanks and in full width. Source: OWASP, CSV Injection */
const formula = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

/** A text that could be a formula begins with an apostrophe: spreadsheets show it as text. Numbers stay numbers, also negative ones. */
const neutral = (cell: SheetCell): string =>
  cell === null ? "" : typeof cell === "string" && formula.test(cell) ? `'${cell}` : String(cell);

const quoted = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Source: RFC 4180; lines end with CR LF, the first has the names of the columns. */
export const csvText = ({ columns, rows }: Sheet): string =>
  [columns, ...rows].map((row) => `${row.map((cell) => quoted(neutral(cell))).join(",")}\r\n`).join("");

/** A cell of a Markdown table in which nothing is markup: no link, no image, no HTML. */
const escaped = (cell: SheetCell): string =>
  (cell === null ? "" : String(cell))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]{}|~#!]/gu, (character) => `\\${character}`)
    .replaceAll(/(?<=https?|ftp|mailto)(?=:)|(?<=\bwww)(?=\.)/giu, "\u200B")
    .replaceAll(/\s*[\r\n]+\s*/gu, " / ")
    .trim();

/** A heading and a table. */
export const markdownText = ({ title, columns, rows }: Sheet): string =>
  [
    `# ${escaped(title)}`,
    "",
    `| ${columns.map(escaped).join(" | ")} |`,
    `| ${columns.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.map(escaped).join(" | ")} |`),
    "",
  ].join("\n");
