import { constants } from "node:fs";
import type { Stats } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import { tooLarge, writeHashedFile } from "./hashed-file.ts";
import type { CapturedFile, WriteBytes } from "./hashed-file.ts";
import { ifThere, unreadable } from "./bounded-file.ts";
import { inputFailure } from "./input-failure.ts";
import { pathText } from "./path-text.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar-entry.ts";

export interface FolderLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
  readonly maxDepth: number;
}

export const folderLimits: FolderLimits = { maxBytes: 2_147_483_648, maxEntries: 500_000, maxDepth: 128 };

const chunkBytes = 262_144;
const maxWarnings = 50;
const slash = Buffer.from("/");

/**
 * A folder as one tar, in order of names. Links are kept as links and never followed; sockets, pipes and devices are left
 * out and named. @throws {Failure} `input.too-large`, `input.unreadable`
 */
export async function captureFolder(
  folder: string,
  file: string,
  limits: FolderLimits = folderLimits,
): Promise<{ readonly file: CapturedFile; readonly value: readonly string[] }> {
  return writeHashedFile({ path: file, maxBytes: limits.maxBytes, what: folder }, async (write) => {
    const walk: Walk = { write, limits, warnings: [], entries: 0 };
    await addFolder(walk, { location: Buffer.from(folder), name: Buffer.alloc(0), depth: 0 });
    await write(tarEnd);
    return walk.warnings;
  });
}

interface Walk {
  readonly write: WriteBytes;
  readonly limits: FolderLimits;
  readonly warnings: string[];
  entries: number;
}

interface Place {
  readonly location: Buffer;
  /** Inside the tar; empty for the folder itself. */
  readonly name: Buffer;
  readonly depth: number;
}

async function addFolder(walk: Walk, place: Place): Promise<void> {
  if (place.depth > walk.limits.maxDepth) {
    throw inputFailure(
      "invalid",
      "input.too-large",
      `${pathText(place.location).path} lies more than ${walk.limits.maxDepth} folders deep, the limit for an input. Give a part of it.`,
    );
  }
  const names = await ifThere(readdir(place.location, { encoding: "buffer" }), pathText(place.location).path);
  if (names === null) return warn(walk, place.name, "went away while it was read");
  for (const name of names.toSorted((left, right) => left.compare(right))) {
    await addEntry(walk, {
      location: Buffer.concat([place.location, slash, name]),
      name: place.name.length === 0 ? name : Buffer.concat([place.name, slash, name]),
      depth: place.depth + 1,
    });
  }
}

async function addEntry(walk: Walk, place: Place): Promise<void> {
  walk.entries += 1;
  if (walk.entries > walk.limits.maxEntries) {
    throw inputFailure(
      "invalid",
      "input.too-large",
      `The folder holds more than ${walk.limits.maxEntries} entries, the limit for an input. Give a part of it.`,
    );
  }
  const facts = await ifThere(lstat(place.location), pathText(place.location).path);
  if (facts === null) return warn(walk, place.name, "went away while it was read");
  const entry = { name: place.name, executable: false, bytes: 0, target: Buffer.alloc(0) };
  if (facts.isFile()) return addFile(walk, place, facts);
  if (facts.isDirectory()) {
    await walk.write(tarHeader({ ...entry, kind: "folder" }));
    return addFolder(walk, place);
  }
  if (facts.isSymbolicLink())
    return walk.write(tarHeader({ ...entry, kind: "symlink", target: await readlink(place.location, { encoding: "buffer" }) }));
  return warn(walk, place.name, "is a socket, a pipe or a device and was left out");
}

async function addFile(walk: Walk, place: Place, seen: Stats): Promise<void> {
  // Asked before reading: a file of a terabyte is refused at once.
  if (seen.size > walk.limits.maxBytes) throw tooLarge(pathText(place.location).path, walk.limits.maxBytes);
  const handle = await open(place.location, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
    throw unreadable(pathText(place.location).path, error);
  });
  try {
    const { size, mode } = await handle.stat();
    await walk.write(tarHeader({ kind: "file", name: place.name, executable: (mode & 0o100) !== 0, bytes: size, target: Buffer.alloc(0) }));
    const missing = await copyBytes(handle, size, walk.write);
    if (missing > 0) warn(walk, place.name, "became shorter while it was read; the rest is filled with zeros");
    await walk.write(tarPadding(size));
  } finally {
    await handle.close();
  }
}

interface Readable {
  read(buffer: Buffer, offset: number, length: number): Promise<{ readonly bytesRead: number }>;
}

/** Exactly `size` bytes, whatever the file does meanwhile; answers how many had to be made up. */
async function copyBytes(source: Readable, size: number, write: WriteBytes): Promise<number> {
  const chunk = Buffer.alloc(Math.min(chunkBytes, Math.max(size, 1)));
  let left = size;
  while (left > 0) {
    const { bytesRead } = await source.read(chunk, 0, Math.min(chunk.length, left));
    if (bytesRead === 0) break;
    await write(chunk.subarray(0, bytesRead));
    left -= bytesRead;
  }
  for (let filled = 0; filled < left; filled += chunk.length) await write(Buffer.alloc(Math.min(chunk.length, left - filled)));
  return left;
}

function warn(walk: Walk, name: Buffer, what: string): void {
  if (walk.warnings.length < maxWarnings) walk.warnings.push(`${pathText(name).path} ${what}.`);
}
