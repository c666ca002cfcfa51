import { open } from "node:fs/promises";
import { findInstallation } from "./installation.ts";

/** Read from the end of the log at most. */
const maxBytes = 4 * 1024 * 1024;

/** The last lines of the log; empty when nothing was logged yet. */
export async function lastLines(environment: NodeJS.ProcessEnv, lines: number): Promise<string> {
  const handle = await open(findInstallation(environment).logFile, "r").catch(() => undefined);
  if (handle === undefined) return "";
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, maxBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const all = buffer.subarray(0, bytesRead).toString("utf8").trimEnd().split("\n");
    return all.length === 1 && all[0] === "" ? "" : `${all.slice(-lines).join("\n")}\n`;
  } finally {
    await handle.close();
  }
}
