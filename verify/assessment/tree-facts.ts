import { type FileHandle, lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathText, type TreeEntry } from "./git-facts.ts";

const maxEntries = 1_000_000;

/** Where a path of the report lies on disk; undefined: it would leave the tree. */
export function placeOf(tree: string, path: string): string | undefined {
  const parts = path.split("/");
  return parts.includes("..") || parts.includes("") || path.includes("\0") ? undefined : join(tree, ...parts);
}

/** Every file and link below a folder, for inputs that are no repository. */
export async function listFolder(tree: string): Promise<readonly TreeEntry[]> {
  const found: TreeEntry[] = [];
  const folders = [{ location: Buffer.from(tree), path: "" }];
  for (let folder = folders.pop(); folder !== undefined && found.length < maxEntries; folder = folders.pop()) {
    const entries = await readdir(folder.location, { withFileTypes: true, encoding: "buffer" });
    for (const entry of entries) {
      const location = Buffer.concat([folder.location, Buffer.from("/"), entry.name]);
      const path = folder.path === "" ? pathText(entry.name) : `${folder.path}/${pathText(entry.name)}`;
      if (entry.isDirectory() && entry.name.toString("latin1") !== ".git") folders.push({ location, path });
      else if (entry.isFile() || entry.isSymbolicLink())
        found.push({ path, kind: entry.isFile() ? "file" : "symlink", bytes: (await lstat(location)).size });
    }
  }
  return found;
}

export interface FileLines {
  readonly lines: number;
  readonly binary: boolean;
  /** Its bytes are UTF-8 text. */
  readonly readable: boolean;
}

const chunkBytes = 64 * 1024;

interface Counting {
  lines: number;
  last: number;
  seen: number;
  binary: boolean;
}

function countChunk(counting: Counting, chunk: Buffer): void {
  for (const [place, byte] of chunk.entries()) {
    if (byte === 10) counting.lines += 1;
    if (byte === 0 && counting.seen + place < 8_000) counting.binary = true;
  }
  counting.last = chunk.at(-1) ?? counting.last;
  counting.seen += chunk.length;
}

/** Counts line feeds byte by byte; what follows the last one is a line too. A zero byte in the first 8,000 means binary, as git has it. */
export async function countLines(path: string): Promise<FileLines | undefined> {
  const entry = await lstat(path).catch(() => undefined);
  if (entry?.isFile() !== true) return undefined;
  const file = await open(path, "r");
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const counting: Counting = { lines: 0, last: 10, seen: 0, binary: false };
  let readable = true;
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (let length = await fill(file, chunk); length > 0; length = await fill(file, chunk)) {
      countChunk(counting, chunk.subarray(0, length));
      readable &&= decodes(utf8, chunk.subarray(0, length));
    }
    return {
      lines: counting.last === 10 ? counting.lines : counting.lines + 1,
      binary: counting.binary,
      readable: readable && decodes(utf8, undefined),
    };
  } finally {
    await file.close();
  }
}

const fill = async (file: FileHandle, chunk: Buffer): Promise<number> => (await file.read(chunk, 0, chunk.length, null)).bytesRead;

/** Whether the bytes go on a valid text; without bytes, whether they may end here. */
function decodes(utf8: InstanceType<typeof TextDecoder>, bytes: Buffer | undefined): boolean {
  try {
    utf8.decode(bytes, { stream: bytes !== undefined });
    return true;
  } catch {
    return false; // the decoder throws for one reason: bytes that are no UTF-8
  }
}
