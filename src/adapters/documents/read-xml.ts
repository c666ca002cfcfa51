import { SaxesParser } from "saxes";
import { documentLimits } from "../../engine/ports/documents.ts";
import { overLimit, refused } from "./refuse-document.ts";

export interface XmlReading {
  /** Names without their prefix; `from` is where the tag begins in the text. */
  readonly open?: (name: string, attribute: (name: string) => string | undefined, from: number) => void;
  /** `to` is behind the end of the tag. */
  readonly close?: (name: string, to: number) => void;
  readonly text?: (text: string) => void;
  /** Asked from time to time: there is nothing more to be learned from the rest. */
  readonly isEnough?: () => boolean;
}

/**
 * Reads XML from its beginning to its end, keeping nothing. A document type is refused, so no entity is ever defined, fetched or
 * unfolded.
 *
 * @throws {Failure} `tool.document-refused`, `tool.document-limit`
 */
export function readXml(text: string, part: string, reading: XmlReading): void {
  const parser = new SaxesParser({ position: true });
  let depth = 0;
  parser.on("doctype", () => {
    throw refused(`${part} declares a document type, which could define entities. No program writes one into such a file.`);
  });
  parser.on("error", () => {
    throw refused(`${part} is no well-formed XML.`);
  });
  parser.on("opentag", ({ name, attributes }) => {
    depth += 1;
    if (depth > documentLimits.depth) throw overLimit(`${part} is nested deeper than ${documentLimits.depth} elements.`);
    const named: readonly (readonly [string, string])[] = Object.entries(attributes as Readonly<Record<string, string>>); // without namespaces they are texts
    const attribute = (wanted: string): string | undefined => named.find(([key]) => localName(key) === wanted)?.[1];
    reading.open?.(localName(name), attribute, text.lastIndexOf("<", parser.position - 1));
  });
  parser.on("closetag", ({ name }) => {
    depth -= 1;
    reading.close?.(localName(name), parser.position);
  });
  if (reading.text !== undefined) parser.on("text", reading.text);
  // Piece by piece, so that what the parser keeps of a piece can go with it.
  for (let at = 0; at < text.length; at += pieceChars) {
    if (reading.isEnough?.() === true) return;
    parser.write(text.slice(at, at + pieceChars));
  }
  parser.close();
}

const pieceChars = 262_144;

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/** The text of an XML part: by its byte order mark, otherwise UTF-8. Line breaks are made one character, as XML has them. */
export function xmlText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  const text = new TextDecoder(encoding).decode(bytes);
  // Most have none, and a copy of a large one costs what the process has.
  return text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
}
