import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { columnName } from "../../core/shared/sheet-formula.ts";
import type { ContentStore } from "../ports/content.ts";
import { type DocumentReader, type DocumentSheet, type ReadDocument, type SheetCell, documentLimits } from "../ports/documents.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { GatedTool } from "../ports/gated-tool.ts";
import { pageOfText } from "./tool-page.ts";
import { fileNamed } from "./task-files.ts";

export interface DocumentUse {
  readonly content: ContentStore;
  readonly documents: DocumentReader;
}

const base = {
  origin: "built-in",
  deliveryClass: "pure",
  effectKind: "read",
  targets: ["file"],
  amountArgument: null,
  costMicro: 0,
  // Twice the reader's own bound: a machine under load starts programs slowly.
  timeLimitMs: documentLimits.timeMs * 2,
  result: { integrity: "external", readers: "project" },
} as const satisfies Partial<ToolDeclaration>;

const place = {
  file: { type: "string", maxLength: 1_000, description: "As files.list names it." },
  attachment: { type: "string", maxLength: 60, description: 'Of a mail: the place that the list of its attachments gives, such as "2".' },
} as const;

/** Documents that were read last: a document is read page by page, and each page asks for all of it. */
const keptDocuments = 2;

type Read = (context: AttemptContext, given: JsonObject, signal: AbortSignal) => Promise<ReadDocument>;

/** Tools that read the documents that a task was given. */
export function documentTools(use: DocumentUse): readonly GatedTool[] {
  const kept = new Map<string, ReadDocument>();
  const read: Read = async (context, given, signal) => {
    const { sha256, name, bytes } = fileNamed(context, given["file"]);
    const attachment = typeof given["attachment"] === "string" ? { attachment: given["attachment"] } : {};
    // By content, and the name as well: its ending may decide how it is read.
    const key = JSON.stringify([sha256, name, attachment]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const document = await use.documents.read({ name, bytes, path: await use.content.locate(sha256), ...attachment }, signal);
    kept.set(key, document);
    for (const old of [...kept.keys()].slice(0, -keptDocuments)) kept.delete(old);
    return document;
  };
  return [documentRead(read), spreadsheetRead(read)];
}

const documentRead = (read: Read): GatedTool => ({
  declaration: {
    ...base,
    name: "document.read",
    description:
      "Reads a document that this task was given as text: Word (.docx), PDF, Excel (.xlsx), HTML, mail (.eml), CSV or plain text; a page from an offset on. Tracked changes of a .docx are shown as if accepted; formulas stand as text; pages of a PDF without text are named; what the original does not show is left out and counted.",
    parameters: { type: "object", properties: { ...place, offset: { type: "integer", minimum: 0 } }, required: ["file"] },
  },
  async run({ context, arguments: given }, signal) {
    const document = await read(context, given, signal);
    const offset = typeof given["offset"] === "number" ? given["offset"] : 0;
    const page = pageOfText(textOf(document), offset);
    return { kind: document.kind, ...page, ...(offset === 0 ? aboutOf(document) : {}) };
  },
});

/** Said once, with the first page. */
const aboutOf = ({ parts, sheets, hidden, notes, attachments }: ReadDocument): JsonObject => ({
  parts: Math.max(parts.length, sheets.length),
  ...(hidden.length === 0 ? {} : { leftOut: hidden.map(({ what, count }) => ({ what, count })) }),
  ...(notes.length === 0 ? {} : { notes }),
  ...(attachments.length === 0 ? {} : { attachments: attachments.slice(0, 100).map((one) => ({ ...one })) }),
});

function textOf({ parts, sheets }: ReadDocument): string {
  if (sheets.length > 0) return sheets.map(sheetText).join("\n\n");
  return parts.map(({ name, text }) => (name === "" ? text : `[${name}]\n${text}`)).join("\n\n");
}

const sheetText = ({ name, isHidden, rows }: DocumentSheet): string =>
  [
    ...(name === "" ? [] : [`[sheet ${JSON.stringify(name)}${isHidden ? ", hidden in the file" : ""}]`]),
    ...rows.map((row) => `${row.number}${row.isHidden ? " (hidden)" : ""} | ${row.cells.map(cellText).join(" | ")}`),
  ].join("\n");

function cellText({ column, shown, formula }: SheetCell): string {
  const said = formula === null ? shown : `${shown}${shown === "" ? "" : " "}(=${formula})`;
  return `${columnName(column)}: ${said.replaceAll("\n", " / ").replaceAll("|", "\\|")}`;
}

const spreadsheetRead = (read: Read): GatedTool => ({
  declaration: {
    ...base,
    name: "spreadsheet.read",
    description:
      'Reads cells of a spreadsheet that this task was given (.xlsx or .csv): by column, from a row on. "values" are as stored, dates as ISO text; "shown" only where the sheet shows something else; formulas are never computed.',
    parameters: {
      type: "object",
      properties: {
        ...place,
        sheet: { type: "string", maxLength: 200, description: "Its name; without it the first sheet." },
        fromRow: { type: "integer", minimum: 1, maximum: 1_048_576 },
      },
      required: ["file"],
    },
  },
  async run({ context, arguments: given }, signal) {
    const { sheets, notes } = await read(context, given, signal);
    const wanted = given["sheet"];
    const sheet = wanted === undefined ? sheets[0] : sheets.find(({ name }) => name === wanted);
    if (sheet === undefined) throw noSheet(sheets);
    const fromRow = typeof given["fromRow"] === "number" ? given["fromRow"] : 1;
    return {
      sheets: sheets.map(({ name, isHidden, rows }) => ({ name, isHidden, lastRow: rows.at(-1)?.number ?? 0 })),
      sheet: sheet.name,
      ...rowsFrom(sheet, fromRow),
      ...(fromRow === 1 && notes.length > 0 ? { notes } : {}),
    };
  },
});

const noSheet = (sheets: readonly DocumentSheet[]): Failure =>
  new Failure("not-found", "tool.no-such-sheet", {
    message:
      sheets.length === 0
        ? "This document has no sheets; document.read reads it as text."
        : `The sheets are ${sheets.map(({ name }) => JSON.stringify(name)).join(", ")}.`.slice(0, 2_000),
  });

const pageChars = 14_000;

/** Whole rows as long as they fit on a page, and at least one. */
function rowsFrom({ rows }: DocumentSheet, fromRow: number): JsonObject {
  const page: Json[] = [];
  let chars = 0;
  for (const row of rows) {
    if (row.number < fromRow) continue;
    const told = rowOf(row);
    chars += JSON.stringify(told).length;
    if (chars > pageChars && page.length > 0) return { rows: page, next: row.number };
    page.push(told);
  }
  return { rows: page, next: null };
}

function rowOf({ number, isHidden, cells }: DocumentSheet["rows"][number]): JsonObject {
  const named = (pick: (cell: SheetCell) => Json | undefined): JsonObject =>
    Object.fromEntries(
      cells.flatMap((cell) => {
        const value = pick(cell);
        return value === undefined ? [] : [[columnName(cell.column), value] as const];
      }),
    );
  const shown = named((cell) => (String(cell.value ?? "") === cell.shown ? undefined : cell.shown));
  const formulas = named(({ formula }) => formula ?? undefined);
  return {
    row: number,
    ...(isHidden ? { isHidden } : {}),
    values: named(({ value }) => value),
    ...(Object.keys(shown).length === 0 ? {} : { shown }),
    ...(Object.keys(formulas).length === 0 ? {} : { formulas }),
  };
}
