import { type DocumentKind, type ReadDocument, documentLimits } from "../../engine/ports/documents.ts";
import { countsOf, htmlText } from "./html-text.ts";
import { decodeText, withoutUnseen } from "./plain-text.ts";
import { readCsv } from "./read-csv.ts";
import { overLimit, refused } from "./refuse-document.ts";
import { type ZipFile, openZip } from "./zip-entries.ts";

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a document, or an attachment of a mail by its place. Called in a process of its own: what it is given may take all of the
 * memory and time that there is. The libraries are loaded only for the form that needs them.
 *
 * @throws {Failure} `tool.document-refused`, `tool.document-limit`
 */
export async function readDocument(file: NamedBytes, attachment: string | undefined): Promise<ReadDocument> {
  const wanted = attachment === undefined ? file : await attached(file, attachment.split("/"));
  return withoutUnseen(cutToLimit(await read(wanted)));
}

async function attached(file: NamedBytes, [place, ...rest]: readonly string[]): Promise<NamedBytes> {
  if (place === undefined) return file;
  if (rest.length >= documentLimits.attachmentDepth)
    throw overLimit(`mails inside of mails are opened ${documentLimits.attachmentDepth} deep at most.`);
  if (kindOf(file) !== "mail") throw refused(`${JSON.stringify(file.name.slice(0, 100))} is no mail and has no attachments.`);
  const { attachmentOf } = await import("./read-mail.ts");
  return attached(await attachmentOf(file.bytes, place), rest);
}

async function read(file: NamedBytes): Promise<ReadDocument> {
  const { bytes, name } = file;
  if (bytes.length === 0) throw refused("it is empty.");
  if (startsWith(bytes, "PK")) return readArchive(openZip(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  switch (kindOf(file)) {
    case "pdf":
      return (await import("./read-pdf.ts")).readPdf(bytes);
    case "mail":
      return (await import("./read-mail.ts")).readMail(bytes);
    case "html":
      return readHtml(decodeText(bytes));
    case "csv":
      return readCsv(decodeText(bytes).replace(/^\ufeff/u, ""), name);
    default:
      return { ...nothing, kind: "text", parts: [{ name: "", text: decodeText(bytes) }] };
  }
}

const nothing = { sheets: [], attachments: [], hidden: [], notes: [] } as const;

const startsWith = (bytes: Uint8Array, mark: string): boolean => Buffer.from(bytes.subarray(0, mark.length)).toString("latin1") === mark;

/** By what the content begins with where that says it, otherwise by the ending. */
function kindOf({ name, bytes }: NamedBytes): DocumentKind {
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString("latin1");
  if (head.includes("%PDF-")) return "pdf";
  if (head.startsWith("\u00d0\u00cf\u0011\u00e0"))
    throw refused("it is an Office file of the old form, or one that is locked with a password. Save it as .docx or .xlsx without one.");
  if (/\.(?:eml|mht|mhtml)$/iu.test(name)) return "mail";
  if (/\.(?:csv|tsv)$/iu.test(name)) return "csv";
  if (/\.(?:html?|xhtml)$/iu.test(name) || /^\s*(?:<!doctype html|<html)/iu.test(head.replace(/^\u00ef\u00bb\u00bf/u, ""))) return "html";
  return "text";
}

async function readArchive(archive: ZipFile): Promise<ReadDocument> {
  const { names } = archive;
  if (names.includes("word/document.xml") || names.some((name) => /^word\/document\d*\.xml$/u.test(name)))
    return (await import("./read-docx.ts")).readDocx(archive);
  if (names.includes("xl/workbook.xml")) return (await import("./read-workbook.ts")).readWorkbook(archive);
  throw refused("it is an archive, and neither a Word document (.docx) nor an Excel workbook (.xlsx). Hand in the files that are in it.");
}

function readHtml(html: string): ReadDocument {
  const { title, text, hidden } = htmlText(html);
  return { ...nothing, kind: "html", parts: [{ name: title, text }], hidden: countsOf(hidden) };
}

/** Whole parts as long as they fit. */
function cutToLimit(document: ReadDocument): ReadDocument {
  let left: number = documentLimits.textChars;
  const parts = document.parts.map(({ name, text }) => {
    const kept = text.slice(0, Math.max(0, left));
    left -= text.length;
    return { name, text: kept };
  });
  if (left >= 0) return document;
  return { ...document, parts, notes: [...document.notes, `Only the first ${documentLimits.textChars} characters are shown.`] };
}
