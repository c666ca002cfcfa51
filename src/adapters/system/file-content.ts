import { createHash, randomBytes } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { chmod, copyFile, lstat, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Failure } from "../../core/shared/failure.ts";
import { asId, type Sha256 } from "../../core/shared/ids.ts";
import type { ContentStore } from "../../engine/ports/content.ts";

export interface FileContentOptions {
  /** Created when missing; nobody else may write below it. */
  readonly directory: string;
  /** Largest content that is read or written through memory. Default 256 MiB. */
  readonly maxMemoryBytes?: number;
  /** Largest file taken in by `adopt`. Default 8 GiB. */
  readonly maxFileBytes?: number;
}

interface Places {
  readonly directory: string;
  readonly incoming: string;
  readonly maxMemoryBytes: number;
  readonly maxFileBytes: number;
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "");

const notFound = (sha256: string): Failure => new Failure("not-found", "content.not-found", { message: `There is no content ${sha256}.` });

const tooLarge = (bytes: number, cap: number): Failure =>
  new Failure("invalid", "content.too-large", {
    message: `Content of ${String(bytes)} bytes is larger than the ${String(cap)} allowed here.`,
  });

/** What the operating system said, in our terms. */
function translated(error: unknown, sha256?: string): unknown {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  if (code === "ENOENT" && sha256 !== undefined) return notFound(sha256);
  if (code === "") return error;
  const message = ["ENOSPC", "EDQUOT"].includes(code)
    ? "The disk that holds content is full. Free space and try again; nothing was stored."
    : `Content cannot be reached on disk (${code}). Check the folder's permissions and the disk, then try again.`;
  return new Failure("unavailable", "content.unavailable", { message, code }, { cause: error });
}

/** After a failed sync nobody knows what is on disk, and a second sync may lie: the process has to stop. */
async function synced(path: string, flags: number): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } catch (error) {
    throw new Failure(
      "bug",
      "content.sync-failed",
      { message: `The disk did not confirm a write below ${path}. Check the disk before starting again.` },
      { cause: error },
    );
  } finally {
    await handle.close();
  }
}

async function hashFile(path: string): Promise<Sha256> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return asId<"sha256">(hash.digest("hex"));
}

const shardOf = (places: Places, sha256: Sha256): string => join(places.directory, sha256.slice(0, 2));

const fileOf = (places: Places, sha256: Sha256): string => join(shardOf(places, sha256), sha256);

/** A hash becomes part of a path, so anything else is refused before it does. */
function known(sha256: Sha256): Sha256 {
  if (!/^[0-9a-f]{64}$/u.test(sha256)) throw notFound(sha256);
  return sha256;
}

/** Puts a finished, synced file at its place. A damaged older copy is replaced; an equal one is not harmed. */
async function publish(places: Places, path: string, sha256: Sha256): Promise<void> {
  const shard = shardOf(places, sha256);
  const made = await mkdir(shard, { recursive: true, mode: 0o700 });
  if (made !== undefined) await synced(places.directory, constants.O_RDONLY);
  await rename(path, fileOf(places, sha256));
  await synced(shard, constants.O_RDONLY);
}

async function withIncoming<Result>(places: Places, work: (path: string) => Promise<Result>): Promise<Result> {
  const path = join(places.incoming, randomBytes(16).toString("hex"));
  try {
    const made = await mkdir(places.incoming, { recursive: true, mode: 0o700 });
    if (made !== undefined) await synced(dirname(made), constants.O_RDONLY);
    return await work(path);
  } catch (error) {
    // best effort: the first failure is the one to report, and what stays here is never read
    await rm(path, { force: true }).catch(() => undefined);
    throw translated(error);
  }
}

async function writeBytes(places: Places, bytes: Uint8Array): Promise<Sha256> {
  if (bytes.byteLength > places.maxMemoryBytes) throw tooLarge(bytes.byteLength, places.maxMemoryBytes);
  const sha256 = asId<"sha256">(createHash("sha256").update(bytes).digest("hex"));
  await withIncoming(places, async (path) => {
    const handle = await open(path, "wx", 0o400);
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await synced(path, constants.O_RDONLY);
    await publish(places, path, sha256);
  });
  return sha256;
}

async function adoptFile(places: Places, source: string): Promise<{ readonly sha256: Sha256; readonly bytes: number }> {
  const entry = await lstat(source).catch((error: unknown) => {
    throw translated(error);
  });
  if (!entry.isFile()) throw new Failure("invalid", "content.not-a-file", { message: `Only a plain file can be taken in: ${source}` });
  if (entry.size > places.maxFileBytes) throw tooLarge(entry.size, places.maxFileBytes);
  return withIncoming(places, async (path) => {
    // copied, not moved: whoever still holds the source open could otherwise change what has been hashed
    await copyFile(source, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(path, 0o400);
    const sha256 = await hashFile(path);
    const { size } = await stat(path);
    if (size > places.maxFileBytes) throw tooLarge(size, places.maxFileBytes);
    await synced(path, constants.O_RDONLY);
    await publish(places, path, sha256);
    return { sha256, bytes: size };
  });
}

async function readBytes(places: Places, sha256: Sha256): Promise<Uint8Array> {
  try {
    const path = fileOf(places, known(sha256));
    const { size } = await stat(path);
    if (size > places.maxMemoryBytes) throw tooLarge(size, places.maxMemoryBytes);
    const bytes = await readFile(path);
    if (createHash("sha256").update(bytes).digest("hex") === sha256) return bytes;
  } catch (error) {
    throw translated(error, sha256);
  }
  throw new Failure("bug", "content.damaged", {
    message: `The bytes of content ${sha256} on disk no longer match it. Restore them from a backup.`,
  });
}

/** Content in files named by their hash, two hex digits of it as folder. What is written is synced, file and folder, before it is acknowledged. */
export function createFileContent(options: FileContentOptions): ContentStore {
  const places: Places = {
    directory: options.directory,
    incoming: join(options.directory, "incoming"),
    maxMemoryBytes: options.maxMemoryBytes ?? 256 * 1024 * 1024,
    maxFileBytes: options.maxFileBytes ?? 8 * 1024 * 1024 * 1024,
  };
  const present = async (sha256: Sha256): Promise<boolean> => {
    const entry = await lstat(fileOf(places, sha256)).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw translated(error);
    });
    return entry?.isFile() === true;
  };
  return {
    write: (bytes) => writeBytes(places, bytes),
    adopt: (path) => adoptFile(places, path),
    read: (sha256) => readBytes(places, sha256),
    async locate(sha256) {
      if (!(await present(known(sha256)))) throw notFound(sha256);
      return fileOf(places, sha256);
    },
    has: async (sha256) => /^[0-9a-f]{64}$/u.test(sha256) && present(sha256),
  };
}
