import { crc32, deflateRawSync, deflateSync } from "node:zlib";

export interface ZipPart {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** What the archive says instead of the truth. */
  readonly declaredBytes?: number;
  readonly method?: number;
  readonly flags?: number;
}

const asBytes = (content: string | Uint8Array): Buffer =>
  typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content);

/** An archive byte by byte, so that it may lie. */
export function zipOf(parts: readonly ZipPart[], { times = 1 }: { readonly times?: number } = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, declaredBytes, method = 8, flags = 0 } of parts) {
    const bytes = asBytes(content);
    const packed = method === 8 ? deflateRawSync(bytes) : bytes;
    const label = Buffer.from(name, "utf8");
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(label.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc32(bytes), 16);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(declaredBytes ?? bytes.length, 24);
    central.writeUInt16LE(label.length, 28);
    central.writeUInt32LE(at, 42);
    bodies.push(local, label, packed);
    // More than once: entries that lie over each other.
    for (let time = 0; time < times; time++)
      directory.push(central, time === 0 ? label : Buffer.from(`${String(time).padStart(label.length, "x")}`.slice(0, label.length)));
    at += 30 + label.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length * times, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, listed, end]);
}

const xml = '<?xml version="1.0" encoding="UTF-8"?>';
const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const contentTypes = (main: string, type: string): string =>
  `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/${main}" ContentType="${type}"/></Types>`;
const rels = (target: string): string =>
  `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relations}/officeDocument" Target="${target}"/></Relationships>`;

/** A Word document with this code as its body. */
export const docxParts = (body: string, prolog = ""): readonly ZipPart[] => [
  {
    name: "[Content_Types].xml",
    content: contentTypes("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
  },
  { name: "_rels/.rels", content: rels("word/document.xml") },
  { name: "word/document.xml", content: `${xml}${prolog}<w:document xmlns:w="${word}"><w:body>${body}</w:body></w:document>` },
];

export const paragraph = (text: string, properties = ""): string =>
  `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;

const sheetMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/** A workbook with one sheet per code, and what they share. */
export const xlsxParts = (
  sheets: readonly { readonly name: string; readonly data: string; readonly state?: string }[],
  shared: { readonly strings?: string; readonly styles?: string; readonly properties?: string; readonly prolog?: string } = {},
): readonly ZipPart[] => [
  {
    name: "[Content_Types].xml",
    content: contentTypes("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
  },
  { name: "_rels/.rels", content: rels("xl/workbook.xml") },
  {
    name: "xl/workbook.xml",
    content: `${xml}<workbook xmlns="${sheetMain}" xmlns:r="${relations}">${shared.properties ?? ""}<sheets>${sheets.map(({ name, state }, at) => `<sheet name="${name}" sheetId="${at + 1}"${state === undefined ? "" : ` state="${state}"`} r:id="r${at + 1}"/>`).join("")}</sheets></workbook>`,
  },
  {
    name: "xl/_rels/workbook.xml.rels",
    content: `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${sheets.map((_, at) => `<Relationship Id="r${at + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`).join("")}</Relationships>`,
  },
  ...(shared.strings === undefined
    ? []
    : [{ name: "xl/sharedStrings.xml", content: `${xml}<sst xmlns="${sheetMain}">${shared.strings}</sst>` }]),
  ...(shared.styles === undefined
    ? []
    : [{ name: "xl/styles.xml", content: `${xml}<styleSheet xmlns="${sheetMain}">${shared.styles}</styleSheet>` }]),
  ...sheets.map(({ data }, at) => ({
    name: `xl/worksheets/sheet${at + 1}.xml`,
    content: `${xml}${shared.prolog ?? ""}<worksheet xmlns="${sheetMain}">${data}</worksheet>`,
  })),
];

/** A PDF of these objects by number; the first is its catalogue. */
export function pdfOf(objects: readonly (string | Buffer)[]): Buffer {
  const pieces: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  const offsets: number[] = [];
  let at = 9;
  const push = (piece: Buffer): void => {
    pieces.push(piece);
    at += piece.length;
  };
  objects.forEach((body, index) => {
    offsets.push(at);
    push(
      Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), typeof body === "string" ? Buffer.from(body) : body, Buffer.from("\nendobj\n")]),
    );
  });
  const from = at;
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${from}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(pieces);
}

/** A stream of a PDF, packed unless it says otherwise. */
export function pdfStream(content: Uint8Array, more = ""): Buffer {
  const packed = deflateSync(content);
  return Buffer.concat([
    Buffer.from(`<</Length ${packed.length}/Filter/FlateDecode${more}>>\nstream\n`),
    packed,
    Buffer.from("\nendstream"),
  ]);
}

/** Pages that show these texts; an empty one has none. */
export function pdfPages(texts: readonly string[]): Buffer {
  const kids = texts.map((_, at) => `${4 + at * 2} 0 R`).join(" ");
  const pages = texts.flatMap((text, at): readonly (string | Buffer)[] => [
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<</Font<</F 3 0 R>>>>/Contents ${5 + at * 2} 0 R>>`,
    pdfStream(Buffer.from(text === "" ? "" : `BT /F 12 Tf 20 200 Td (${text}) Tj ET`)),
  ]);
  return pdfOf([
    "<</Type/Catalog/Pages 2 0 R>>",
    `<</Type/Pages/Count ${texts.length}/Kids[${kids}]>>`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ...pages,
  ]);
}
