import type { ReadDocument, SheetCell } from "../../engine/ports/documents.ts";
import { refused } from "./refuse-document.ts";

/** Text of unknown encoding: by its byte order mark, as UTF-8 where it is that, otherwise as Windows-1252. @throws {Failure} `tool.document-refused` */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (bytes.subarray(0, 65_536).includes(0))
    throw refused(
      "it is no text and none of the forms that are read here. Those are Word (.docx), PDF, Excel (.xlsx), HTML, mail (.eml), CSV and plain text.",
    );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/*
 * Characters that show nothing and change the order or the reading of what stands beside them: signs of direction, zero-width spaces,
 * the byte order mark, and the tags by which a text can hide in a text. Joiners stay: scripts and emoji need them.
 */
const unseen = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
/** What no text needs, line breaks and tabs apart. */
const controls = /[^\P{Cc}\n\t]/gu;

type SheetRow = ReadDocument["sheets"][number]["rows"][number];

const toClean = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}\r]|[^\P{Cc}\n\t]|\p{Cs}/u;
const isUnclean = ({ shown, value, formula }: SheetCell): boolean =>
  toClean.test(shown) ||
  (typeof value === "string" && value !== shown && toClean.test(value)) ||
  (formula !== null && toClean.test(formula));

/** The same document without characters that nobody sees; they are counted as hidden. */
export function withoutUnseen(read: ReadDocument): ReadDocument {
  let count = 0;
  const clean = (text: string): string => {
    const shown = text
      .replaceAll(/\r\n?/gu, "\n")
      .replace(unseen, () => {
        count += 1;
        return "";
      })
      .replace(controls, " ");
    return shown.toWellFormed();
  };
  const parts = read.parts.map(({ name, text }) => ({ name: clean(name), text: clean(text) }));
  const cleanCell = (cell: SheetCell): SheetCell => ({
    ...cell,
    shown: clean(cell.shown),
    value: typeof cell.value === "string" ? clean(cell.value) : cell.value,
    formula: cell.formula === null ? null : clean(cell.formula),
  });
  // A sheet may have very many cells, and few of them anything to take out: only those are made anew.
  const cleanRow = (row: SheetRow): SheetRow =>
    row.cells.some(isUnclean) ? { ...row, cells: row.cells.map((cell) => (isUnclean(cell) ? cleanCell(cell) : cell)) } : row;
  const sheets = read.sheets.map((sheet) => ({ ...sheet, name: clean(sheet.name), rows: sheet.rows.map(cleanRow) }));
  const attachments = read.attachments.map((one) => ({ ...one, name: clean(one.name).slice(0, 200), mediaType: clean(one.mediaType) }));
  const hidden = count === 0 ? read.hidden : [...read.hidden, { what: "characters that show nothing", count }];
  return { ...read, parts, sheets, attachments, hidden };
}
