import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import { type ChartKind, chartLimits, readChart } from "../../core/shared/chart.ts";
import { drawChart, summaryOf } from "../../core/shared/draw-chart.ts";
import { type CellValue, csvText } from "../../core/shared/csv-text.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { cellPlace, formulaProblem } from "../../core/shared/sheet-formula.ts";
import type { ContentStore } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { SheetToWrite, WorkbookWriter } from "../ports/documents.ts";
import type { GatedTool } from "../ports/gated-tool.ts";
import { keepOutput, outputNamed } from "./task-files.ts";

export interface DrawingUse {
  readonly content: ContentStore;
  readonly crash: CrashProbe;
  readonly workbooks: WorkbookWriter;
}

const base = {
  origin: "built-in",
  deliveryClass: "pure",
  effectKind: "write_private",
  targets: ["name"],
  amountArgument: null,
  costMicro: 0,
  timeLimitMs: 20_000,
  // What it makes is as trustworthy as what it was made of, which may have come from anywhere.
  result: { integrity: "external", readers: "project" },
} as const satisfies Partial<ToolDeclaration>;

const output = { type: "string", maxLength: 200, description: "One of the output names of this task." } as const;
const rowsOf = (maxItems: number, columns: number) =>
  ({
    type: "array",
    maxItems,
    items: { type: "array", maxItems: columns, items: { type: ["string", "number", "boolean", "null"] } },
  }) as const;

/** Tools that make an output of the task out of rows. */
export const drawingTools = (use: DrawingUse): readonly GatedTool[] => [spreadsheetWrite(use), chartDraw(use)];

const bad = (message: string): Failure => new Failure("invalid", "tool.specification-refused", { message });

const spreadsheetWrite = (use: DrawingUse): GatedTool => ({
  declaration: {
    ...base,
    name: "spreadsheet.write",
    description:
      'Makes an output of this task from rows: a workbook where its name ends in .xlsx, a table where it ends in .csv. The first row holds the names of the columns. Texts stay texts, whatever they begin with; formulas are given apart, by cell ("B4": "SUM(B2:B3)"), use plain functions of the same workbook, and are for .xlsx only.',
    parameters: {
      type: "object",
      properties: {
        name: output,
        sheets: {
          type: "array",
          maxItems: 20,
          items: {
            type: "object",
            properties: {
              name: { type: "string", minLength: 1, maxLength: 31 },
              rows: rowsOf(5_000, 200),
              formulas: {
                type: "array",
                maxItems: 2_000,
                items: {
                  type: "object",
                  properties: { cell: { type: "string", maxLength: 10 }, formula: { type: "string", maxLength: 2_000 } },
                  required: ["cell", "formula"],
                },
              },
            },
            required: ["name", "rows"],
          },
        },
      },
      required: ["name", "sheets"],
    },
  },
  async run({ context, arguments: given }) {
    const name = outputNamed(context, given["name"]);
    const sheets = listOf(given["sheets"]).map(sheetOf);
    const problem = sheetsProblem(name, sheets);
    if (problem !== null) throw bad(problem);
    const bytes = name.endsWith(".csv") ? new TextEncoder().encode(csvText(sheets[0]?.rows ?? [])) : await use.workbooks.write(sheets);
    const written = await keepOutput(use, name, bytes);
    return { written, sheets: sheets.map((sheet) => ({ name: sheet.name, rows: sheet.rows.length, formulas: sheet.formulas.size })) };
  },
});

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const listOf = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? (value as readonly JsonObject[]) : []); // objects, by the declaration

const sheetOf = (given: JsonObject): SheetToWrite => ({
  name: textOf(given["name"]),
  rows: (given["rows"] ?? []) as SheetToWrite["rows"], // rows of plain values, by the declaration
  formulas: new Map(listOf(given["formulas"]).map(({ cell, formula }) => [textOf(cell), textOf(formula).replace(/^=/u, "")])),
});

function sheetsProblem(name: string, sheets: readonly SheetToWrite[]): string | null {
  if (!/\.(?:xlsx|csv)$/u.test(name)) return `A spreadsheet is handed in as .xlsx or .csv; ${name} is neither.`;
  if (sheets.length === 0) return "It needs at least one sheet.";
  if (name.endsWith(".csv") && (sheets.length > 1 || sheets.some(({ formulas }) => formulas.size > 0)))
    return "A .csv is one table without formulas.";
  const names = sheets.map((sheet) => sheet.name.toLowerCase());
  const wrong = sheets.find((sheet) => /[[\]:*?/\\]|\p{Cc}|^'|'$/u.test(sheet.name));
  if (wrong !== undefined)
    return `${JSON.stringify(wrong.name)} is no name of a sheet: it may not hold [ ] : * ? / \\ or begin or end with an apostrophe.`;
  if (new Set(names).size < names.length) return "Two sheets have the same name.";
  return sheets.flatMap(formulaProblems)[0] ?? null;
}

const formulaProblems = ({ formulas }: SheetToWrite): readonly string[] =>
  [...formulas].flatMap(([cell, formula]) => {
    const problem = cellPlace(cell) === undefined ? "It names no cell." : formulaProblem(formula);
    return problem === null ? [] : [`The formula of ${JSON.stringify(cell)} is not written: ${problem}`];
  });

const chartDraw = (use: DrawingUse): GatedTool => ({
  declaration: {
    ...base,
    name: "chart.draw",
    description:
      'Draws rows as a chart and makes it an output of this task whose name ends in .svg: bar (names in "x"), line, scatter (numbers in "x") or histogram (counts "x", no "y"). Axes, units, and a table of the values are part of it. Write numbers as numbers.',
    parameters: {
      type: "object",
      properties: {
        name: output,
        kind: { type: "string", enum: ["bar", "line", "scatter", "histogram"] },
        title: { type: "string", minLength: 1, maxLength: 120 },
        columns: {
          type: "array",
          maxItems: chartLimits.columns,
          items: { type: "string", minLength: 1, maxLength: chartLimits.labelChars },
        },
        rows: rowsOf(chartLimits.rows, chartLimits.columns),
        x: { type: "string", maxLength: chartLimits.labelChars, description: "The column along the axis." },
        y: { type: "array", maxItems: chartLimits.series, items: { type: "string", maxLength: chartLimits.labelChars } },
        xUnit: { type: "string", maxLength: 40 },
        yUnit: { type: "string", maxLength: 40 },
        bins: { type: "integer", minimum: 1, maximum: chartLimits.bins },
      },
      required: ["name", "kind", "title", "columns", "rows", "x"],
    },
  },
  async run({ context, arguments: given }) {
    const name = outputNamed(context, given["name"]);
    if (!name.endsWith(".svg")) throw bad(`A chart is handed in as .svg; ${name} is none.`);
    const read = readChart({
      kind: textOf(given["kind"]) as ChartKind, // one of the four, by the declaration
      title: textOf(given["title"]),
      columns: (given["columns"] ?? []) as readonly string[],
      rows: (given["rows"] ?? []) as readonly (readonly CellValue[])[],
      x: textOf(given["x"]),
      y: (given["y"] ?? []) as readonly string[],
      xUnit: textOf(given["xUnit"]),
      yUnit: textOf(given["yUnit"]),
      bins: typeof given["bins"] === "number" ? given["bins"] : null,
    });
    if (!read.ok) throw bad(read.problem);
    const written = await keepOutput(use, name, new TextEncoder().encode(drawChart(read.chart)));
    return { written, summary: summaryOf(read.chart), leftOut: read.chart.leftOut };
  },
});
