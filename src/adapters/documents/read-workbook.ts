import { type DocumentSheet, type ReadDocument, documentLimits } from "../../engine/ports/documents.ts";
import { type NumberShape, shapeOf } from "./cell-format.ts";
import { readXml, xmlText } from "./read-xml.ts";
import { overLimit, refused } from "./refuse-document.ts";
import { type Workbook, readSheet } from "./read-sheet.ts";
import type { ZipFile } from "./zip-entries.ts";

interface NamedSheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly path: string;
}

/** Sheets with their cells as they are stored; nothing is computed, fetched or run. @throws {Failure} `tool.document-refused`, `tool.document-limit` */
export function readWorkbook(archive: ZipFile): ReadDocument {
  const { sheets: named, is1904 } = sheetsOf(archive);
  if (named.length > documentLimits.sheets)
    throw overLimit(`it has ${named.length} sheets; at most ${documentLimits.sheets} are read. Split it.`);
  const workbook: Workbook = { strings: stringsOf(archive), shapes: shapesOf(archive), is1904 };
  const sheets: DocumentSheet[] = [];
  const notes: string[] = [];
  let cells = 0;
  for (const { name, isHidden, path } of named) {
    const content = archive.read(path);
    if (content === undefined) {
      notes.push(`The sheet ${JSON.stringify(name)} has no cells that are read here, such as a sheet that is a chart.`);
      continue;
    }
    const read = readSheet(xmlText(content), path, { workbook, cells: documentLimits.cells - cells });
    cells += read.cells;
    sheets.push({ name, isHidden, rows: read.rows });
    notes.push(...read.notes.map((note) => `${JSON.stringify(name)}: ${note}`));
  }
  const hiddenSheets = sheets.filter(({ isHidden }) => isHidden).length;
  if (hiddenSheets > 0) notes.unshift(`${hiddenSheets} of ${sheets.length} sheets are hidden in the file; they are shown here and marked.`);
  if (archive.names.some((name) => /vbaProject\.bin$/iu.test(name))) notes.push("It carries macros, which were neither read nor run.");
  return { kind: "xlsx", parts: [], sheets, attachments: [], hidden: [], notes: notes.slice(0, 50) };
}

function partOf(archive: ZipFile, name: string): string {
  const content = archive.read(name);
  if (content === undefined) throw refused("it is no readable workbook. Open it in Excel or LibreOffice and save it again as .xlsx.");
  return xmlText(content);
}

function sheetsOf(archive: ZipFile): { readonly sheets: readonly NamedSheet[]; readonly is1904: boolean } {
  const targets = new Map<string, string>();
  readXml(partOf(archive, "xl/_rels/workbook.xml.rels"), "xl/_rels/workbook.xml.rels", {
    open: (name, attribute) => {
      if (name === "Relationship") targets.set(attribute("Id") ?? "", attribute("Target") ?? "");
    },
  });
  const sheets: NamedSheet[] = [];
  let is1904 = false;
  readXml(partOf(archive, "xl/workbook.xml"), "xl/workbook.xml", {
    open: (name, attribute) => {
      if (name === "workbookPr") is1904 = ["1", "true"].includes(attribute("date1904") ?? "");
      if (name !== "sheet") return;
      const target = targets.get(attribute("id") ?? "") ?? "";
      const path = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
      sheets.push({
        name: attribute("name") ?? `Sheet ${sheets.length + 1}`,
        isHidden: (attribute("state") ?? "visible") !== "visible",
        path,
      });
    },
  });
  return { sheets, is1904 };
}

/** The texts that cells name by number; readings of Asian characters are not among them. */
function stringsOf(archive: ZipFile): readonly string[] {
  const content = archive.read("xl/sharedStrings.xml");
  const strings: string[] = [];
  let said = "";
  let isText = false;
  let phonetic = 0;
  if (content !== undefined)
    readXml(xmlText(content), "xl/sharedStrings.xml", {
      open: (name) => {
        if (name === "si") said = "";
        if (name === "rPh") phonetic += 1;
        if (name === "t") isText = phonetic === 0;
      },
      close: (name) => {
        if (name === "t") isText = false;
        if (name === "rPh") phonetic -= 1;
        if (name === "si") strings.push(said);
      },
      text: (text) => {
        if (isText) said += text;
      },
    });
  return strings;
}

function shapesOf(archive: ZipFile): readonly NumberShape[] {
  const content = archive.read("xl/styles.xml");
  const custom = new Map<number, string>();
  const shapes: NumberShape[] = [];
  let isCellFormats = false;
  if (content !== undefined)
    readXml(xmlText(content), "xl/styles.xml", {
      open: (name, attribute) => {
        if (name === "numFmt") custom.set(Number(attribute("numFmtId")), attribute("formatCode") ?? "");
        if (name === "cellXfs") isCellFormats = true;
        if (name === "xf" && isCellFormats) shapes.push(shapeOf(Number(attribute("numFmtId") ?? 0), custom));
      },
      close: (name) => {
        if (name === "cellXfs") isCellFormats = false;
      },
    });
  return shapes;
}
