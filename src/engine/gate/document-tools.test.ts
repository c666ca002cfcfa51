import { expect, test } from "vitest";
import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { workbookWriter } from "../../adapters/documents/write-workbook.ts";
import { declarationProblems } from "../../core/gate/tool-declaration.ts";
import { misfit } from "../../core/gate/check-schema.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { DocumentFile, ReadDocument } from "../ports/documents.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { GatedTool } from "../ports/gated-tool.ts";
import { documentTools } from "./document-tools.ts";
import { drawingTools } from "./drawing-tools.ts";

const content = createMemoryContent();
const located = { ...content, locate: (sha256: string) => Promise.resolve(`/content/${sha256}`) };
const nothing = { parts: [], sheets: [], attachments: [], hidden: [], notes: [] } as const;

function readerOf(document: ReadDocument) {
  const asked: DocumentFile[] = [];
  const documents = {
    read: (file: DocumentFile) => {
      asked.push(file);
      return Promise.resolve(document);
    },
  };
  return { asked, tools: documentTools({ content: located, documents }) };
}

/** Only what these tools look at. */
const context = {
  inputs: [{ name: "brief", artifacts: [{ name: "a.docx", sha256: "s1", mediaType: "", bytes: 5 }] }],
  upstream: [],
  task: { spec: { outputs: ["table.xlsx", "table.csv", "chart.svg", "note.md"] } },
} as unknown as AttemptContext;

async function call(tools: readonly GatedTool[], name: string, given: JsonObject): Promise<JsonObject> {
  const tool = tools.find(({ declaration }) => declaration.name === name);
  if (tool === undefined) throw new Error(`There is no ${name}.`);
  expect(misfit(given, tool.declaration.parameters)).toBeNull();
  return tool.run({ context, arguments: given, effectKey: "k" }, new AbortController().signal);
}

const drawing = drawingTools({ content, crash: () => undefined, workbooks: workbookWriter });

test("the declarations can be registered, and whatever they read or make is external", () => {
  for (const { declaration } of [...readerOf({ kind: "text", ...nothing }).tools, ...drawing]) {
    expect(declarationProblems(declaration)).toEqual([]);
    expect(declaration.result.integrity).toBe("external");
  }
});

test("a long document is read page by page without losing a character, and once only", async () => {
  const text = `${'"\n'.repeat(9_000)}${"\u{1f600}".repeat(9_000)}end`;
  const { tools, asked } = readerOf({
    kind: "docx",
    ...nothing,
    parts: [{ name: "", text }],
    notes: ["It has tracked changes."],
    hidden: [{ what: "scripts", count: 2 }],
  });
  let offset: number | null = 0;
  let read = "";
  for (let page = 0; offset !== null && page < 50; page++) {
    const answer: JsonObject = await call(tools, "document.read", { file: "input/brief/a.docx", offset });
    expect(JSON.stringify(answer).length).toBeLessThan(20_000);
    expect((answer["notes"] !== undefined) === (page === 0)).toBe(true);
    const said = answer["text"] as string;
    expect(said.isWellFormed()).toBe(true);
    read += said;
    offset = answer["next"] as number | null;
  }
  expect(read).toBe(text);
  expect(asked).toEqual([{ name: "a.docx", path: "/content/s1", bytes: 5 }]);
});

test("a file that the task was not given is refused", async () => {
  const { tools, asked } = readerOf({ kind: "text", ...nothing });
  await expect(call(tools, "document.read", { file: "../a.docx" })).rejects.toMatchObject({ code: "tool.no-such-file" });
  expect(asked).toEqual([]);
});

const cell = (column: number, value: string | number, more: { readonly shown?: string; readonly formula?: string } = {}) => ({
  column,
  value,
  shown: more.shown ?? String(value),
  formula: more.formula ?? null,
});

test("a spreadsheet is told as values with what is shown and the formulas beside, from a row on", async () => {
  const rows = [
    { number: 1, isHidden: false, cells: [cell(1, "share"), cell(28, 0.5, { shown: "50%", formula: "A1/2" })] },
    ...Array.from({ length: 600 }, (_, at) => ({ number: at + 3, isHidden: at === 0, cells: [cell(1, `${at} ${"x".repeat(40)}`)] })),
  ];
  const sheets = [{ name: "Data", isHidden: true, rows }];
  const { tools } = readerOf({ kind: "xlsx", ...nothing, sheets });
  const first = await call(tools, "spreadsheet.read", { file: "input/brief/a.docx" });
  expect(first["sheets"]).toEqual([{ name: "Data", isHidden: true, lastRow: 602 }]);
  const shown = first["rows"] as readonly JsonObject[];
  expect(shown.slice(0, 2)).toEqual([
    { row: 1, values: { A: "share", AB: 0.5 }, shown: { AB: "50%" }, formulas: { AB: "A1/2" } },
    { row: 3, isHidden: true, values: { A: `0 ${"x".repeat(40)}` } },
  ]);
  const next = await call(tools, "spreadsheet.read", { file: "input/brief/a.docx", sheet: "Data", fromRow: Number(first["next"]) });
  expect((next["rows"] as readonly JsonObject[])[0]?.["row"]).toBe(first["next"]);
  await expect(call(tools, "spreadsheet.read", { file: "input/brief/a.docx", sheet: "No" })).rejects.toThrow('The sheets are "Data"');
  const asText = await call(tools, "document.read", { file: "input/brief/a.docx" });
  expect(asText["text"]).toMatch(/^\[sheet "Data", hidden in the file\]\n1 \| A: share \| AB: 50% \(=A1\/2\)\n3 \(hidden\) \| A: 0 x/u);
});

test("a table is written as an output of the task, and formulas of strangers are texts in it", async () => {
  const rows = [
    ["name", "n"],
    ['=cmd|"/c calc"', -5],
  ];
  const answer = await call(drawing, "spreadsheet.write", { name: "table.csv", sheets: [{ name: "a", rows }] });
  const { sha256 } = answer["written"] as { readonly sha256: Parameters<typeof content.read>[0] };
  expect(answer["written"]).toMatchObject({ name: "table.csv", mediaType: "text/csv" });
  expect(new TextDecoder().decode(await content.read(sha256))).toBe('name,n\r\n"\'=cmd|""/c calc""",-5\r\n');
  const workbook = await call(drawing, "spreadsheet.write", {
    name: "table.xlsx",
    sheets: [{ name: "a", rows, formulas: [{ cell: "B3", formula: "=SUM(B2:B2)" }] }],
  });
  expect(workbook["sheets"]).toEqual([{ name: "a", rows: 2, formulas: 1 }]);
});

test.each([
  [{ name: "note.md", sheets: [{ name: "a", rows: [] }] }, /neither/u],
  [
    {
      name: "table.csv",
      sheets: [
        { name: "a", rows: [] },
        { name: "b", rows: [] },
      ],
    },
    /one table/u,
  ],
  [{ name: "table.xlsx", sheets: [] }, /at least one/u],
  [{ name: "table.xlsx", sheets: [{ name: "a/b", rows: [] }] }, /no name of a sheet/u],
  [
    {
      name: "table.xlsx",
      sheets: [
        { name: "a", rows: [] },
        { name: "A", rows: [] },
      ],
    },
    /same name/u,
  ],
  [{ name: "table.xlsx", sheets: [{ name: "a", rows: [], formulas: [{ cell: "B0", formula: "1" }] }] }, /names no cell/u],
  [{ name: "table.xlsx", sheets: [{ name: "a", rows: [], formulas: [{ cell: "B1", formula: 'WEBSERVICE("x")' }] }] }, /WEBSERVICE/u],
])("a table like %o is refused with what is wrong", async (given, message) => {
  await expect(call(drawing, "spreadsheet.write", given)).rejects.toThrow(message);
});

test("a chart is drawn as an output of the task and told in a sentence; nothing in it leads outside", async () => {
  const given = {
    name: "chart.svg",
    kind: "bar",
    title: "Cost <script>",
    columns: ["who", "cost"],
    rows: [
      ["Ann", 3],
      ["Bob", null],
      ["https://evil.example/x", 5],
    ],
    x: "who",
    y: ["cost"],
    yUnit: "k€",
  };
  const answer = await call(drawing, "chart.draw", given);
  expect(answer["summary"]).toBe(
    "Bar chart of cost (k€) by who: 2 values, from 3 at Ann to 5 at https://evil.example/x. 1 values are missing.",
  );
  const { sha256 } = answer["written"] as { readonly sha256: Parameters<typeof content.read>[0] };
  const svg = new TextDecoder().decode(await content.read(sha256));
  expect(svg).not.toMatch(/href|<script|url\(|src=/u);
  expect(svg).toContain('role="table"');
  await expect(call(drawing, "chart.draw", { ...given, x: "nobody" })).rejects.toThrow("none of the columns");
  await expect(call(drawing, "chart.draw", { ...given, name: "note.md" })).rejects.toThrow(".svg");
});
