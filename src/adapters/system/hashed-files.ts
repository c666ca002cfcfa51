import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import path from "node:path";

/** A file as it was copied or read. */
export interface HashedFile {
  readonly bytes: number;
  readonly sha256: string;
}

const pieceBytes = 1 << 20;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? "";

/** Copies a plain file, hashing what is written; links are not followed, and nothing is replaced. On disk only after `syncFiles`. Null: the source is gone. */
export async function copyHashed(source: string, target: string, mode = 0o600): Promise<HashedFile | null> {
  const from = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  });
  if (from === null) return null;
  try {
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    const to = await open(target, "wx", mode);
    try {
      const hash = createHash("sha256");
      const piece = Buffer.allocUnsafe(pieceBytes);
      let bytes = 0;
      for (;;) {
        const { bytesRead } = await from.read(piece, 0, pieceBytes, null);
        if (bytesRead === 0) break;
        const read = piece.subarray(0, bytesRead);
        hash.update(read);
        await to.writeFile(read);
        bytes += bytesRead;
      }
      return { bytes, sha256: hash.digest("hex") };
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/** The hash of a plain file; null: there is none of that name. */
export async function hashOfFile(file: string): Promise<HashedFile | null> {
  const from = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (["ENOENT", "ELOOP", "ENOTDIR"].includes(codeOf(error))) return null;
    throw error;
  });
  if (from === null) return null;
  try {
    if (!(await from.stat()).isFile()) return null;
    const hash = createHash("sha256");
    const piece = Buffer.allocUnsafe(pieceBytes);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await from.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) return { bytes, sha256: hash.digest("hex") };
      hash.update(piece.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await from.close();
  }
}

/** Plain files below a directory, by name, in order; none where there is no directory. */
export async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Files flushed at one time: they share what the disk has to do. */
const syncedAtOnce = 16;

/** What was written is on disk, files and their folders. */
export async function syncFiles(files: readonly string[]): Promise<void> {
  const queue = [...files, ...new Set(files.map((file) => path.dirname(file)))].values();
  await Promise.all(
    Array.from({ length: syncedAtOnce }, async () => {
      for (const one of queue) await syncOne(one);
    }),
  );
}

/** A file, or a folder: a rename inside it is on disk when this resolves. */
export async function syncOne(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
