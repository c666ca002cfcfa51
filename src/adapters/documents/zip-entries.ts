import { crc32, inflateRawSync } from "node:zlib";
import { documentLimits } from "../../engine/ports/documents.ts";
import { overLimit, refused } from "./refuse-document.ts";

const signatures = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50 } as const;
const endBytes = 22;
const centralBytes = 46;
const localBytes = 30;
const maxCommentBytes = 65_535;
/** Small entries may shrink as much as they like. */
const ratioFromBytes = 1_048_576;

interface Entry {
  readonly name: string;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly crc: number;
  readonly isDeflated: boolean;
  readonly at: number;
}

/** The files of an archive, none of them unpacked yet. */
export interface ZipFile {
  readonly names: readonly string[];
  /** Unpacked within the size it declares; undefined: not there. @throws {Failure} `tool.document-refused` */
  read(name: string): Buffer | undefined;
}

/**
 * Lists an archive by its directory and judges every declared size before anything is unpacked. A size that was declared too small is
 * found while unpacking, which stops there. Nothing is ever written to a path that the archive names.
 *
 * @throws {Failure} `tool.document-refused`, `tool.document-limit`
 */
export function openZip(file: Buffer): ZipFile {
  const entries = new Map<string, Entry>();
  for (const entry of directoryOf(file)) {
    if (entries.has(entry.name)) throw refused(`its archive names ${JSON.stringify(entry.name.slice(0, 100))} twice.`);
    entries.set(entry.name, entry);
  }
  judgeSizes([...entries.values()], file.length);
  return {
    names: [...entries.keys()],
    read: (name) => {
      const entry = entries.get(name);
      return entry === undefined ? undefined : unpack(file, entry);
    },
  };
}

function directoryOf(file: Buffer): readonly Entry[] {
  const end = endOf(file);
  const count = file.readUInt16LE(end + 10);
  let at = file.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw refused("its archive is in the form for more than 4 GB.");
  if (count > documentLimits.zipEntries)
    throw overLimit(`its archive holds ${count} files; at most ${documentLimits.zipEntries} are looked at.`);
  const entries: Entry[] = [];
  for (let number = 0; number < count; number++) {
    if (at + centralBytes > end || file.readUInt32LE(at) !== signatures.central) throw damaged();
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset)) as [number, number, number]; // three numbers of three
    const name = file.toString("utf8", at + centralBytes, at + centralBytes + nameBytes);
    if (!name.endsWith("/")) entries.push(entryAt(file, at, name));
    at += centralBytes + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

function endOf(file: Buffer): number {
  const last = file.length - endBytes;
  for (let at = last; at >= Math.max(0, last - maxCommentBytes); at--) if (file.readUInt32LE(at) === signatures.end) return at;
  throw damaged();
}

const damaged = () => refused("its archive is damaged or cut off. Get the file again from where it came from.");

function entryAt(file: Buffer, at: number, name: string): Entry {
  if (/(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\0/u.test(name))
    throw refused(`its archive names a path outside of itself (${JSON.stringify(name.slice(0, 100))}).`);
  const method = file.readUInt16LE(at + 10);
  if ((file.readUInt16LE(at + 8) & 1) === 1) throw refused("its archive is locked with a password. Save it without one.");
  if (method !== 0 && method !== 8) throw refused(`its archive packs ${JSON.stringify(name.slice(0, 100))} in an unknown way.`);
  return {
    name,
    crc: file.readUInt32LE(at + 16),
    packedBytes: file.readUInt32LE(at + 20),
    bytes: file.readUInt32LE(at + 24),
    isDeflated: method === 8,
    at: file.readUInt32LE(at + 42),
  };
}

function judgeSizes(entries: readonly Entry[], fileBytes: number): void {
  const { zipEntryBytes, zipTotalBytes, zipRatio } = documentLimits;
  for (const { name, bytes, packedBytes } of entries) {
    const said = `its archive says that ${JSON.stringify(name.slice(0, 100))} unpacks to ${bytes} bytes`;
    if (bytes > zipEntryBytes) throw overLimit(`${said}; at most ${zipEntryBytes} are unpacked.`);
    if (bytes > ratioFromBytes && bytes > packedBytes * zipRatio)
      throw overLimit(`${said} from ${packedBytes}, more than ${zipRatio} times as much, as only archives do that are made to harm.`);
  }
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > zipTotalBytes) throw overLimit(`its archive unpacks to ${total} bytes; at most ${zipTotalBytes} are unpacked.`);
  if (entries.reduce((sum, { packedBytes }) => sum + packedBytes, 0) > fileBytes)
    throw refused("the files of its archive lie over each other, as only archives do that are made to harm.");
}

function unpack(file: Buffer, { name, at, packedBytes, bytes, isDeflated, crc }: Entry): Buffer {
  if (at + localBytes > file.length || file.readUInt32LE(at) !== signatures.local) throw damaged();
  const from = at + localBytes + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
  const packed = file.subarray(from, from + packedBytes);
  const unpacked = isDeflated ? inflated(packed, bytes) : packed;
  if (unpacked === null || unpacked.length !== bytes)
    throw refused(`its archive declares another size for ${JSON.stringify(name.slice(0, 100))} than it has.`);
  if (crc32(unpacked) !== crc) throw damaged();
  return unpacked;
}

/** Null: it is more than declared. */
function inflated(packed: Buffer, bytes: number): Buffer | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return null;
    throw damaged();
  }
}
