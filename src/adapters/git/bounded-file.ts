import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { Failure } from "../../core/shared/failure.ts";

const absent = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"]);
const refused = new Set(["EACCES", "EPERM"]);

/** Null for what is not there. @throws {Failure} `input.unreadable` */
export async function ifThere<Value>(asked: Promise<Value>, place: string): Promise<Value | null> {
  try {
    return await asked;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (absent.has(code)) return null;
    if (refused.has(code)) throw unreadable(place, error);
    throw error;
  }
}

export const unreadable = (place: string, cause: unknown): Failure =>
  new Failure(
    "forbidden",
    "input.unreadable",
    { message: `${place} may not be read by this user. Change its permissions, or run the command as its owner.` },
    { cause },
  );

/** A regular file of at most `maxBytes`; null for anything else. Never follows a link in the last part, never waits on a pipe. */
export async function readBounded(file: string, maxBytes: number): Promise<Buffer | null> {
  const handle = await ifThere(open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK), file);
  if (handle === null) return null;
  try {
    const facts = await handle.stat();
    return facts.isFile() && facts.size <= maxBytes ? await handle.readFile() : null;
  } finally {
    await handle.close();
  }
}
