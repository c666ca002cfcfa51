const blockBytes = 512;
const nameBytes = 100;
const zeros = Buffer.alloc(blockBytes);

/** What a tar holds of one thing: names as bytes, so that nothing a file system allows is lost. */
export interface TarEntry {
  readonly kind: "file" | "folder" | "symlink";
  /** Relative, without `/` at the end. */
  readonly name: Buffer;
  readonly executable: boolean;
  readonly bytes: number;
  /** Of a symlink; empty otherwise. */
  readonly target: Buffer;
}

const types = { file: "0", symlink: "2", folder: "5" } as const;

/**
 * The blocks before an entry's content. GNU format: long and odd names travel as raw bytes, and every tar reads it. Owner
 * and times are left out, so the same files give the same bytes.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const name = entry.kind === "folder" ? Buffer.concat([entry.name, Buffer.from("/")]) : entry.name;
  return Buffer.concat([
    ...(entry.target.length > nameBytes ? longName("K", entry.target) : []),
    ...(name.length > nameBytes ? longName("L", name) : []),
    header({ name, type: types[entry.kind], bytes: entry.kind === "file" ? entry.bytes : 0, mode: modeOf(entry), target: entry.target }),
  ]);
}

/** What fills the last block of content. */
export const tarPadding = (bytes: number): Buffer => zeros.subarray(0, (blockBytes - (bytes % blockBytes)) % blockBytes);

export const tarEnd: Buffer = Buffer.alloc(2 * blockBytes);

const modeOf = (entry: TarEntry): number => (entry.kind === "folder" || entry.executable ? 0o755 : 0o644);

function longName(type: "K" | "L", name: Buffer): Buffer[] {
  const content = Buffer.concat([name, Buffer.of(0)]);
  return [
    header({ name: Buffer.from("././@LongLink"), type, bytes: content.length, mode: 0o644, target: Buffer.alloc(0) }),
    content,
    tarPadding(content.length),
  ];
}

interface Header {
  readonly name: Buffer;
  readonly type: string;
  readonly bytes: number;
  readonly mode: number;
  readonly target: Buffer;
}

function header(fields: Header): Buffer {
  const block = Buffer.alloc(blockBytes);
  fields.name.copy(block, 0, 0, nameBytes);
  block.write(octal(fields.mode, 7), 100, "latin1");
  block.write(octal(0, 7), 108, "latin1");
  block.write(octal(0, 7), 116, "latin1");
  block.write(octal(fields.bytes, 11), 124, "latin1");
  block.write(octal(0, 11), 136, "latin1");
  // The sum counts its own field as blanks.
  block.write("        ", 148, "latin1");
  block.write(fields.type, 156, "latin1");
  fields.target.copy(block, 157, 0, nameBytes);
  block.write("ustar  \0", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return block;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
