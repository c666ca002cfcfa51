import JSZip from "jszip";
import mammoth from "mammoth";
import { type ReadDocument, documentLimits } from "../../engine/ports/documents.ts";
import { docxMarks, paragraphsOf } from "./docx-marks.ts";
import { htmlText } from "./html-text.ts";
import { xmlText } from "./read-xml.ts";
import { overLimit, refused } from "./refuse-document.ts";
import type { ZipFile } from "./zip-entries.ts";

/** Text with headings, lists, tables, notes and comments, and what headers and footers say. @throws {Failure} `tool.document-refused`, `tool.document-limit` */
export async function readDocx(archive: ZipFile): Promise<ReadDocument> {
  const safe = safeCopy(archive);
  const { value } = await mammoth
    .convertToHtml(
      { buffer: await safe.copy.generateAsync({ type: "nodebuffer", compression: "STORE" }) },
      {
        styleMap: ["comment-reference => sup", "strike => s"],
        externalFileAccess: false,
        // Pictures were left behind; their places and descriptions stay.
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: "" })),
      },
    )
    .catch(() => {
      throw refused("it is no readable Word document. Open it in Word or LibreOffice and save it again as .docx.");
    });
  const { text } = htmlText(value);
  const around = safe.around.join("\n");
  return {
    kind: "docx",
    parts:
      around === ""
        ? [{ name: "", text }]
        : [
            { name: "text", text },
            { name: "headers and footers", text: around },
          ],
    sheets: [],
    attachments: [],
    hidden: safe.unseen > 0 ? [{ what: "pieces marked as hidden text", count: safe.unseen }] : [],
    notes: notesOf(safe),
  };
}

interface SafeCopy {
  readonly copy: JSZip;
  readonly around: readonly string[];
  readonly insertions: number;
  readonly deletions: number;
  readonly comments: number;
  readonly unseen: number;
}

/** Only the parts that the text is made of, each read once for what must not be in it. */
function safeCopy(archive: ZipFile): SafeCopy {
  const copy = new JSZip();
  const sums = { insertions: 0, deletions: 0, comments: 0, unseen: 0 };
  const around = new Set<string>();
  let bytes = 0;
  for (const name of archive.names) {
    if (!/\.(?:xml|rels)$/iu.test(name)) continue;
    const content = archive.read(name);
    if (content === undefined) continue;
    bytes += content.length;
    if (bytes > documentLimits.docxCodeBytes)
      throw overLimit(`its text and code are larger than ${documentLimits.docxCodeBytes} bytes. Split it.`);
    const code = xmlText(content);
    const marks = docxMarks(code, name);
    sums.insertions += marks.insertions;
    sums.deletions += marks.deletions;
    sums.comments += marks.comments;
    sums.unseen += marks.unseen;
    if (/^word\/(?:header|footer)\d*\.xml$/iu.test(name)) for (const said of paragraphsOf(marks.shown, name)) around.add(said);
    copy.file(name, marks.shown.replace(/^(<\?xml[^>]{0,200}encoding=["'])[\w-]+/iu, "$1UTF-8"));
  }
  return { copy, around: [...around], ...sums };
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

function notesOf({ insertions, deletions, comments }: SafeCopy): readonly string[] {
  const changes = insertions + deletions;
  return [
    ...(changes > 0
      ? [
          `It has tracked changes (${counted(insertions, "insertion")}, ${counted(deletions, "deletion")}); the text is shown as if all of them were accepted.`,
        ]
      : []),
    ...(comments > 0 ? [`It has ${counted(comments, "comment")}, shown at the end.`] : []),
  ];
}
