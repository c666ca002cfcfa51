import { type CellValue, csvText as csvRows } from "../../core/shared/csv-text.ts";

export type SheetCell = CellValue;

/** Rows under named columns. */
export interface Sheet {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
}

/** The names of the columns, then the rows. */
export const csvText = ({ columns, rows }: Sheet): string => csvRows([columns, ...rows]);

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
