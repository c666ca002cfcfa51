import type { Sha256 } from "../../core/shared/ids.ts";

/** Content by hash, in files or a bucket (the `Fs` port). A key is the hash of the bytes, so writing twice is harmless. */
export interface ContentStore {
  /** Durable (synced) when it resolves. */
  write(bytes: Uint8Array): Promise<Sha256>;
  /** Moves or copies a finished file in; durable when it resolves. @returns hash and size */
  adopt(path: string): Promise<{ readonly sha256: Sha256; readonly bytes: number }>;
  /** @throws {Failure} `content.not-found`, or `content.damaged` when the bytes do not match their hash */
  read(sha256: Sha256): Promise<Uint8Array>;
  /** A readable path for large content; never write to it. @throws {Failure} `content.not-found` */
  locate(sha256: Sha256): Promise<string>;
  has(sha256: Sha256): Promise<boolean>;
}

/** SHA-256 of a UTF-8 text, in hex. Synchronous, so that a command's body is hashed without leaving the turn. */
export type Digest = (text: string) => Sha256;
