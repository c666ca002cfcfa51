import { isUtf8 } from "node:buffer";

const slash = 0x2f;
const percent = 0x25;

/** A path out of git as people read it. `raw` is there when the text is not the name itself. */
export interface PathText {
  readonly path: string;
  readonly raw?: Uint8Array;
}

/**
 * Each part that is UTF-8 stays as it is; in any other, `%` and every byte outside ASCII stand as `%XX`. Together with
 * `raw` nothing is lost, and without it only a name that already holds such an escape could be mistaken.
 */
export function pathText(bytes: Buffer): PathText {
  if (isUtf8(bytes)) return { path: bytes.toString("utf8") };
  return { path: partsOf(bytes).map(partText).join("/"), raw: Uint8Array.from(bytes) };
}

/** The path's name on disk. */
export const pathBytes = (path: PathText): Buffer => Buffer.from(path.raw ?? Buffer.from(path.path, "utf8"));

/** Splits at `/`; empty parts stay. */
export function partsOf(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(slash); end !== -1; end = bytes.indexOf(slash, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...parts, bytes.subarray(start)];
}

function partText(part: Buffer): string {
  if (isUtf8(part)) return part.toString("utf8");
  let text = "";
  for (const byte of part) {
    text += byte < 0x80 && byte !== percent ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}
