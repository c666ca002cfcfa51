import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { inputFailure } from "./input-failure.ts";

/** A file that was written once and hashed on the way. */
export interface CapturedFile {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** @throws {Failure} `input.too-large` */
export type WriteBytes = (chunk: Uint8Array) => Promise<void>;

/** Writes and hashes in one pass. A second file of that name, or more than `maxBytes`, is a failure; the caller removes what was written. */
export async function writeHashedFile<Value>(
  wanted: { readonly path: string; readonly maxBytes: number; readonly what: string },
  fill: (write: WriteBytes) => Promise<Value>,
): Promise<{ readonly file: CapturedFile; readonly value: Value }> {
  const handle = await open(wanted.path, "wx", 0o600);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    const write = async (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > wanted.maxBytes) throw tooLarge(wanted.what, wanted.maxBytes);
      hash.update(chunk);
      // `writeFile` on a handle goes on where the last one ended, and does not stop half way.
      await handle.writeFile(chunk);
    };
    const value = await fill(write);
    return { file: { path: wanted.path, sha256: hash.digest("hex"), bytes }, value };
  } finally {
    await handle.close();
  }
}

/** States the limit in units people use. */
export const tooLarge = (what: string, maxBytes: number) =>
  inputFailure(
    "invalid",
    "input.too-large",
    `${what} holds more than ${Math.floor(maxBytes / 1_048_576)} MiB, the limit for an input. Give a smaller part of it, or a clone with less history ('git clone --depth').`,
  );
