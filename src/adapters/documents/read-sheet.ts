import type { DocumentSheet, SheetCell } from "../../engine/ports/documents.ts";
import { cellPlace } from "../../core/shared/sheet-formula.ts";
import { type NumberShape, dateText, numberText } from "./cell-format.ts";
import { readXml } from "./read-xml.ts";

/** What all sheets of a workbook share. */
export interface Workbook {
  readonly strings: readonly string[];
  readonly shapes: readonly NumberShape[];
  readonly is1904: boolean;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  value: string | null;
  formula: string | null;
  isShared: boolean;
}

type Rows = DocumentSheet["rows"];
type Mutable<List> = List extends readonly (infer Member)[] ? Member[] : never;

interface SheetReading {
  readonly workbook: Workbook;
  readonly rows: Mutable<Rows>;
  row: { number: number; isHidden: boolean; cells: SheetCell[] } | null;
  cell: OpenCell | null;
  said: string;
  isSaying: boolean;
  cells: number;
  merged: number;
  hiddenColumns: number;
  leftOut: number;
}

export interface ReadSheet {
  readonly rows: Rows;
  readonly cells: number;
  readonly notes: readonly string[];
}

/** The cells of one sheet's code, at most so many. @throws {Failure} `tool.document-refused`, `tool.document-limit` */
export function readSheet(code: string, part: string, given: { readonly workbook: Workbook; readonly cells: number }): ReadSheet {
  const sheet: SheetReading = {
    workbook: given.workbook,
    rows: [],
    row: null,
    cell: null,
    said: "",
    isSaying: false,
    cells: 0,
    merged: 0,
    hiddenColumns: 0,
    leftOut: 0,
  };
  readXml(code, part, {
    open: (name, attribute) => open(sheet, name, attribute),
    close: (name) => close(sheet, name, given.cells),
    text: (text) => {
      if (sheet.isSaying) sheet.said += text;
    },
    isEnough: () => sheet.leftOut > 0,
  });
  return { rows: sheet.rows, cells: sheet.cells, notes: notesOf(sheet) };
}

const notesOf = ({ rows, merged, hiddenColumns, leftOut }: SheetReading): readonly string[] => {
  const hiddenRows = rows.filter(({ isHidden }) => isHidden).length;
  return [
    ...(hiddenRows > 0 ? [`${hiddenRows} rows are hidden in the file; they are shown here and marked.`] : []),
    ...(hiddenColumns > 0 ? [`${hiddenColumns} columns are hidden in the file; they are shown here.`] : []),
    ...(merged > 0 ? [`${merged} ranges are merged; their value stands in the first cell.`] : []),
    ...(leftOut > 0 ? ["The cells at its end are left out: there are more than are read."] : []),
  ];
};

const isYes = (value: string | undefined): boolean => value === "1" || value === "true";

type Attribute = (name: string) => string | undefined;

const opening: { readonly [name: string]: (sheet: SheetReading, attribute: Attribute) => void } = {
  row: (sheet, attribute) => {
    sheet.row = { number: Number(attribute("r") ?? sheet.rows.length + 1), isHidden: isYes(attribute("hidden")), cells: [] };
  },
  c: (sheet, attribute) => {
    const column = cellPlace(attribute("r") ?? "")?.column ?? (sheet.row?.cells.at(-1)?.column ?? 0) + 1;
    sheet.cell = { column, type: attribute("t") ?? "n", style: Number(attribute("s") ?? 0), value: null, formula: null, isShared: false };
  },
  f: (sheet, attribute) => {
    if (sheet.cell !== null) sheet.cell.isShared = attribute("t") === "shared";
    begin(sheet);
  },
  v: begin,
  t: begin,
  mergeCell: (sheet) => {
    sheet.merged += 1;
  },
  col: (sheet, attribute) => {
    if (isYes(attribute("hidden"))) sheet.hiddenColumns += Math.max(1, Number(attribute("max")) - Number(attribute("min")) + 1) || 1;
  },
};

function open(sheet: SheetReading, name: string, attribute: Attribute): void {
  if (Object.hasOwn(opening, name)) opening[name]?.(sheet, attribute);
}

function begin(sheet: SheetReading): void {
  sheet.said = "";
  sheet.isSaying = sheet.cell !== null;
}

const closing: { readonly [name: string]: (sheet: SheetReading, most: number) => void } = {
  f: (sheet) => said(sheet, (cell) => (cell.formula = sheet.said === "" && cell.isShared ? "(as in the cells before it)" : sheet.said)),
  v: (sheet) => said(sheet, (cell) => (cell.value = sheet.said)),
  t: (sheet) => said(sheet, (cell) => (cell.value = (cell.value ?? "") + sheet.said)),
  c: (sheet, most) => {
    if (sheet.cell !== null) keep(sheet, sheet.cell, most);
    sheet.cell = null;
  },
  row: (sheet) => {
    if (sheet.row !== null && sheet.row.cells.length > 0) sheet.rows.push(sheet.row);
    sheet.row = null;
  },
};

function close(sheet: SheetReading, name: string, most: number): void {
  if (Object.hasOwn(closing, name)) closing[name]?.(sheet, most);
}

function said(sheet: SheetReading, put: (cell: OpenCell) => void): void {
  if (sheet.cell !== null && sheet.isSaying) put(sheet.cell);
  sheet.isSaying = false;
}

function keep(sheet: SheetReading, cell: OpenCell, most: number): void {
  const { column, formula } = cell;
  if ((cell.value === null || cell.value === "") && formula === null) return;
  if (sheet.cells >= most) {
    sheet.leftOut += 1;
    return;
  }
  sheet.cells += 1;
  sheet.row?.cells.push({ column, formula, ...valueOf(cell, sheet.workbook) });
}

function valueOf({ type, style, value }: OpenCell, workbook: Workbook): Pick<SheetCell, "shown" | "value"> {
  if (value === null || value === "") return { shown: "", value: null };
  switch (type) {
    case "s": {
      const text = workbook.strings[Number(value)] ?? "";
      return { shown: text, value: text };
    }
    case "b":
      return { shown: value === "1" ? "TRUE" : "FALSE", value: value === "1" };
    case "n":
      return numberOf(Number(value), style, workbook);
    default:
      // Texts, errors such as #DIV/0!, and dates that are written as such.
      return { shown: value, value };
  }
}

function numberOf(value: number, style: number, { shapes, is1904 }: Workbook): Pick<SheetCell, "shown" | "value"> {
  if (!Number.isFinite(value)) return { shown: "", value: null };
  const shape = shapes[style];
  const date = shape?.isDate === true ? dateText(value, shape, is1904) : null;
  if (date !== null) return { shown: date, value: date };
  return { shown: shape === undefined ? String(value) : numberText(value, shape), value };
}
