import JSZip from "jszip";
import { cellPlace, columnName } from "../../core/shared/sheet-formula.ts";
import type { SheetToWrite, WorkbookWriter } from "../../engine/ports/documents.ts";

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packages = "http://schemas.openxmlformats.org/package/2006";
const form = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The same sheets give the same bytes: the archive's times are all this one, the first that its form knows. */
const madeAt = new Date(Date.UTC(1980, 0, 1));

/** Makes workbooks of plain values and formulas. Texts are texts, whatever they begin with; formulas are computed by whoever opens it. */
export const workbookWriter: WorkbookWriter = {
  async write(sheets) {
    const archive = new JSZip();
    const put = (name: string, code: string): void => {
      archive.file(name, head + code, { date: madeAt, createFolders: false, unixPermissions: 0o644 });
    };
    const numbers = sheets.map((_, index) => index + 1);
    const overrides = numbers.map(
      (number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${form}.worksheet+xml"/>`,
    );
    put(
      "[Content_Types].xml",
      `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${form}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${form}.styles+xml"/>${overrides.join("")}</Types>`,
    );
    put("_rels/.rels", relationships([["rId1", `${relations}/officeDocument`, "xl/workbook.xml"]]));
    const named = sheets.map(({ name }, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`);
    put(
      "xl/workbook.xml",
      `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${named.join("")}</sheets><calcPr calcId="0" fullCalcOnLoad="1"/></workbook>`,
    );
    const targets = numbers.map((number) => [`rId${number}`, `${relations}/worksheet`, `worksheets/sheet${number}.xml`] as const);
    put("xl/_rels/workbook.xml.rels", relationships([...targets, [`rId${sheets.length + 1}`, `${relations}/styles`, "styles.xml"]]));
    put("xl/styles.xml", styles);
    sheets.forEach((sheet, index) => put(`xl/worksheets/sheet${index + 1}.xml`, sheetCode(sheet)));
    return archive.generateAsync({ type: "uint8array", compression: "DEFLATE", compressionOptions: { level: 6 }, platform: "UNIX" });
  },
};

const relationships = (all: readonly (readonly [id: string, type: string, target: string])[]): string =>
  `<Relationships xmlns="${packages}/relationships">${all.map(([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`).join("")}</Relationships>`;

/** One plain form, and one for the names of columns. */
const styles = `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>`;

function sheetCode({ rows, formulas }: SheetToWrite): string {
  const lines = new Map<number, Map<number, string>>();
  const cell = (row: number, column: number, code: (place: string) => string): void => {
    const line = lines.get(row) ?? new Map<number, string>();
    line.set(column, code(`r="${columnName(column)}${row}"${row === 1 ? ' s="1"' : ""}`));
    lines.set(row, line);
  };
  rows.forEach((row, index) =>
    row.forEach((value, column) => {
      if (value !== null && value !== "") cell(index + 1, column + 1, (place) => valueCode(place, value));
    }),
  );
  for (const [reference, formula] of formulas) {
    const place = cellPlace(reference);
    if (place !== undefined) cell(place.row, place.column, (at) => `<c ${at}><f>${escaped(formula.replace(/^=/u, ""))}</f></c>`);
  }
  const inOrder = [...lines].toSorted(([left], [right]) => left - right);
  const data = inOrder.map(([row, cells]) => `<row r="${row}">${inColumns(cells)}</row>`).join("");
  return `<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`;
}

const inColumns = (cells: ReadonlyMap<number, string>): string =>
  [...cells]
    .toSorted(([left], [right]) => left - right)
    .map(([, code]) => code)
    .join("");

function valueCode(place: string, value: string | number | boolean): string {
  if (typeof value === "number") return `<c ${place}><v>${value}</v></c>`;
  if (typeof value === "boolean") return `<c ${place} t="b"><v>${value ? 1 : 0}</v></c>`;
  return `<c ${place} t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
}

/** What XML cannot hold at all is left out. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\t\n]|[\uFFFE\uFFFF]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
