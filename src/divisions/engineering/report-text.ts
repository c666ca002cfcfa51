import type { Cell, Citation, Column } from "./report-types.ts";
import { formatNumber, formatShare } from "./section-builder.ts";

/** One table cell as people read it. Null reads as unknown. */
export function cellText(cell: Cell, column: Column): string {
  if (cell === null) return column.kind === "text" || column.kind === "date" ? "unknown" : "–";
  if (typeof cell === "string") return column.kind === "commit" ? cell.slice(0, 10) : cell;
  return column.kind === "share" ? formatShare(cell) : formatNumber(cell);
}

export function measureText(value: number | null, unit: string): string {
  if (value === null) return "unknown";
  return unit === "share" ? formatShare(value) : formatNumber(value);
}

/** `file:line–endLine`, or the commit's first ten digits. */
export function citationText(citation: Citation): string {
  if ("commit" in citation) return `commit ${citation.commit.slice(0, 10)}`;
  if (citation.line === undefined) return citation.file;
  const end = citation.endLine === undefined || citation.endLine === citation.line ? "" : `–${citation.endLine}`;
  return `${citation.file}:${citation.line}${end}`;
}

/** The end of a path that is too long: its name tells more than its root. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `…${text.slice(text.length - most + 1)}`;
}
