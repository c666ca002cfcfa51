import { createHash } from "node:crypto";
import { lstat, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import { asId, type Sha256 } from "../../core/shared/ids.ts";
import type { ContentStore } from "../../engine/ports/content.ts";

export interface MemoryContent extends ContentStore {
  /** Changes stored bytes behind the store's back, as a failing disk would. */
  damage(sha256: Sha256): void;
  readonly hashes: () => readonly Sha256[];
}

const hashOf = (bytes: Uint8Array): Sha256 => asId<"sha256">(createHash("sha256").update(bytes).digest("hex"));

export interface MemoryContentOptions {
  /** Bytes held in all. Default 256 MiB. */
  readonly maxBytes?: number;
  /** False: `locate` answers with a name instead of laying bytes out on disk, for runs that touch nothing outside. Default true. */
  readonly laysOut?: boolean;
}

/** Content in memory. `locate` lays bytes out below the system's temporary directory; the caller's process owns them. */
export function createMemoryContent(options: MemoryContentOptions = {}): MemoryContent {
  const maxBytes = options.maxBytes ?? 256 * 1024 * 1024;
  const stored = new Map<Sha256, Uint8Array>();
  let heldBytes = 0;
  let directory: string | undefined;

  const bytesOf = (sha256: Sha256): Uint8Array => {
    const bytes = stored.get(sha256);
    if (bytes === undefined) throw new Failure("not-found", "content.not-found", { message: `There is no content ${sha256}.` });
    return bytes;
  };
  const keep = (bytes: Uint8Array): Sha256 => {
    const sha256 = hashOf(bytes);
    if (heldBytes + bytes.byteLength > maxBytes) {
      throw new Failure("exhausted", "content.too-large", { message: `Content in memory is limited to ${String(maxBytes)} bytes in all.` });
    }
    const known = stored.get(sha256);
    heldBytes += bytes.byteLength - (known?.byteLength ?? 0);
    stored.set(sha256, Uint8Array.from(bytes));
    return sha256;
  };
  const verified = (sha256: Sha256): Uint8Array => {
    const bytes = bytesOf(sha256);
    if (hashOf(bytes) !== sha256)
      throw new Failure("bug", "content.damaged", { message: `The bytes of content ${sha256} no longer match it.` });
    return Uint8Array.from(bytes);
  };

  return {
    hashes: () => [...stored.keys()],
    damage: (sha256) => void stored.set(sha256, Uint8Array.from([...bytesOf(sha256), 0])),
    write: async (bytes) => keep(bytes),
    read: async (sha256) => verified(sha256),
    has: async (sha256) => stored.has(sha256),
    async adopt(path) {
      const entry = await lstat(path).catch(() => undefined);
      if (entry?.isFile() !== true)
        throw new Failure("invalid", "content.not-a-file", { message: `Only a plain file can be taken in: ${path}` });
      const bytes = await readFile(path);
      return { sha256: keep(bytes), bytes: bytes.byteLength };
    },
    async locate(sha256) {
      const bytes = verified(sha256);
      if (options.laysOut === false) return `memory:${sha256}`;
      directory ??= await mkdtemp(join(tmpdir(), "xvc-content-"));
      const path = join(directory, sha256);
      await writeFile(path, bytes);
      return path;
    },
  };
}
