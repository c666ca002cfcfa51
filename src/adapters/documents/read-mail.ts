import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { type ReadDocument, documentLimits } from "../../engine/ports/documents.ts";
import { countsOf, htmlText } from "./html-text.ts";
import { overLimit, refused } from "./refuse-document.ts";

const namesOf = (addresses: readonly Address[]): string =>
  addresses
    .slice(0, 200)
    .map((one) =>
      one.group === undefined ? (one.name === "" ? one.address : `${one.name} <${one.address}>`) : `${one.name}: ${namesOf(one.group)}`,
    )
    .join(", ");

/** @throws {Failure} `tool.document-refused` */
async function parseMail(bytes: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { maxNestingDepth: 32, maxHeadersSize: 1_048_576, maxRfc822NestingDepth: 0 });
  } catch {
    throw refused("it is no readable mail: its parts are nested too deep, or its headers are too long.");
  }
}

/** Headers, text and a list of what is attached. @throws {Failure} `tool.document-refused`, `tool.document-limit` */
export async function readMail(bytes: Uint8Array): Promise<ReadDocument> {
  const mail = await parseMail(bytes);
  const shown = headersOf(mail);
  if (shown.length === 0) throw refused("it has no header of a mail.");
  const { attachmentsLeft, attachments } = listOf(mail.attachments);
  const plain = (mail.text ?? "").trim();
  const page = mail.html === undefined ? null : htmlText(mail.html);
  const isPage = plain === "" && page !== null;
  return {
    kind: "mail",
    parts: [{ name: "", text: `${shown.join("\n")}\n\n${isPage ? page.text : plain}` }],
    sheets: [],
    attachments,
    hidden: isPage ? countsOf(page.hidden) : [],
    notes: [
      "Who sent it is what the mail says; nothing here has verified that.",
      ...(plain !== "" && page !== null
        ? ["The mail also has a form as a page, which may say something else; its plain text is shown."]
        : []),
      ...(attachmentsLeft > 0 ? [`${attachmentsLeft} more attachments are not listed.`] : []),
    ],
  };
}

function headersOf(mail: Email): readonly string[] {
  const headers: readonly (readonly [string, string | undefined])[] = [
    ["From", mail.from && namesOf([mail.from])],
    ["Reply-To", mail.replyTo && namesOf(mail.replyTo)],
    ["To", mail.to && namesOf(mail.to)],
    ["Cc", mail.cc && namesOf(mail.cc)],
    ["Date", mail.date],
    ["Subject", mail.subject],
  ];
  return headers.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`${name}: ${value.slice(0, 4_000)}`]));
}

function listOf(all: readonly Attachment[]): { readonly attachmentsLeft: number; readonly attachments: ReadDocument["attachments"] } {
  const attachments = all.slice(0, documentLimits.attachments).map((one, index) => ({
    place: String(index + 1),
    name: one.filename ?? `attachment ${index + 1}`,
    mediaType: one.mimeType,
    bytes: bytesOf(one).length,
  }));
  return { attachments, attachmentsLeft: all.length - attachments.length };
}

const bytesOf = ({ content }: Attachment): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content as ArrayBuffer); // both others are bytes

/** One attachment's name and content by its number. @throws {Failure} `tool.document-refused`, `tool.document-limit` */
export async function attachmentOf(bytes: Uint8Array, place: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const mail = await parseMail(bytes);
  const number = /^\d{1,4}$/u.test(place) ? Number(place) : 0;
  if (number > documentLimits.attachments) throw overLimit(`only the first ${documentLimits.attachments} attachments are read.`);
  const found = mail.attachments[number - 1];
  if (found === undefined)
    throw refused(`the mail has no attachment ${JSON.stringify(place.slice(0, 20))}; it has ${mail.attachments.length}.`);
  return { name: found.filename ?? (found.mimeType === "message/rfc822" ? "mail.eml" : `attachment ${number}`), bytes: bytesOf(found) };
}
