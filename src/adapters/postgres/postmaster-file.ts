import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a running server writes into its data directory. */
export interface PostmasterFile {
  readonly pid: number;
  readonly dataDirectory: string;
  readonly port: number | null;
  readonly ready: boolean;
}

/**
 * Null: no such file, or not one a server wrote (cut short by a crash, edited by hand).
 * Source: PostgreSQL `src/include/utils/pidfile.h` (line 1 pid, 2 data directory, 4 port, 8 state).
 */
export function parsePostmasterFile(text: string): PostmasterFile | null {
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Math.abs(Number(lines[0])); // negative while a standalone backend holds the directory
  const dataDirectory = lines[1] ?? "";
  if (!Number.isSafeInteger(pid) || pid < 1 || dataDirectory === "") return null;
  const port = Number(lines[3]);
  const validPort = Number.isInteger(port) && port > 0 && port < 65_536;
  return { pid, dataDirectory, port: validPort ? port : null, ready: lines[7] === "ready" };
}

export function postmasterFilePath(dataDirectory: string): string {
  return join(dataDirectory, "postmaster.pid");
}

/** The file of this data directory, parsed. Null: absent or unusable. */
export async function readPostmasterFile(dataDirectory: string): Promise<PostmasterFile | null> {
  const text = await readFile(postmasterFilePath(dataDirectory), "utf8").catch(() => null);
  return text === null ? null : parsePostmasterFile(text);
}
