import { getDocumentProxy } from "unpdf";
import type { DocumentPart, ReadDocument } from "../../engine/ports/documents.ts";
import { documentLimits } from "../../engine/ports/documents.ts";
import { overLimit, refused } from "./refuse-document.ts";

/** The text of every page in the order of the file. Pictures are not read: a scanned page has no text. @throws {Failure} `tool.document-refused`, `tool.document-limit` */
export async function readPdf(bytes: Uint8Array): Promise<ReadDocument> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    // Pictures of more than one point are skipped: nobody looks at them here.
    maxImageSize: 1,
    enableXfa: false,
    useSystemFonts: false,
    verbosity: 0,
  }).catch((error: unknown) => {
    throw refusedFor(error);
  });
  if (pdf.numPages > documentLimits.pages)
    throw overLimit(`it has ${pdf.numPages} pages; at most ${documentLimits.pages} are read. Split it.`);
  const parts: DocumentPart[] = [];
  const notes: string[] = [];
  let chars = 0;
  for (let number = 1; number <= pdf.numPages && chars < documentLimits.textChars; number++) {
    const text = await pageText(pdf, number);
    if (text === null) notes.push(`Page ${number} is damaged and was not read.`);
    chars += text?.length ?? 0;
    parts.push({ name: `page ${number}`, text: text ?? "" });
  }
  if (parts.length < pdf.numPages) notes.push(`The text ends after page ${parts.length} of ${pdf.numPages}: it is too long.`);
  return { kind: "pdf", parts, sheets: [], attachments: [], hidden: [], notes: [...emptyPages(parts), ...notes].slice(0, 50) };
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Null: the page cannot be read. */
async function pageText(pdf: Pdf, number: number): Promise<string | null> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    return items
      .map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : ""))
      .join("")
      .replaceAll(/[ \t]+\n/gu, "\n")
      .trim();
  } catch {
    return null;
  }
}

function emptyPages(parts: readonly DocumentPart[]): readonly string[] {
  const empty = parts.filter(({ text }) => text === "").map(({ name }) => name.replace("page ", ""));
  if (empty.length === 0) return [];
  const which = empty.length === parts.length ? "No page has" : `Pages without: ${empty.slice(0, 100).join(", ")}. They have`;
  return [`${which} text that can be read; they are pictures or empty, and characters in pictures are not recognized here.`];
}

function refusedFor(error: unknown) {
  const { name } = error as Error;
  if (name === "PasswordException") return refused("it is locked with a password. Save it without one.");
  return refused("it is no readable PDF. Get the file again from where it came from, or print it to a new PDF.");
}
