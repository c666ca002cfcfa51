import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../core/shared/failure.ts";
import { postmasterFilePath, readPostmasterFile } from "./postmaster-file.ts";
import type { PostmasterFile } from "./postmaster-file.ts";
import { pidExists, processesWorkingIn } from "./processes.ts";
import { portAnswers } from "./server-process.ts";

type Verdict = "start" | "remove-and-start" | "wait";

/**
 * Clears the way for a start. Postgres replaces a pid file by itself when the pid is dead; it refuses when the pid
 * lives again as somebody else, or is a zombie. The file is removed only on evidence: no process works in the data
 * directory and the port is closed.
 *
 * @throws {Failure} `database.pid-file-held` when there is no such evidence within `patienceMs`
 */
export async function clearStalePidFile(dataDirectory: string, patienceMs = 10_000): Promise<void> {
  const startedAtMs = performance.now();
  for (;;) {
    const file = await readPostmasterFile(dataDirectory);
    const working = await processesWorkingIn(dataDirectory);
    const verdict = await judge(file, working);
    if (verdict === "remove-and-start") await rm(postmasterFilePath(dataDirectory), { force: true });
    if (verdict !== "wait") return working === null ? undefined : removeSockets(dataDirectory);
    if (performance.now() - startedAtMs > patienceMs) throw pidFileHeld(dataDirectory, file?.pid ?? null);
    await sleep(100);
  }
}

/** Nobody works here, so a socket and its lock are left over; their pid, too, may live again as somebody else. */
async function removeSockets(dataDirectory: string): Promise<void> {
  const names = await readdir(dataDirectory).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(".s.PGSQL."))) await rm(join(dataDirectory, name), { force: true });
}

async function judge(file: PostmasterFile | null, working: readonly number[] | null): Promise<Verdict> {
  const dead = file === null || !pidExists(file.pid);
  // This system cannot show who works where: Postgres' own rule is all there is.
  if (working === null) return dead ? "start" : "wait";
  // Backends may outlive a killed postmaster for a moment, and the shared memory they hold would stop a start.
  if (working.length > 0) return "wait";
  // A file cut short by a crash would stop Postgres with "bogus data in lock file".
  if (file === null) return "remove-and-start";
  if (dead) return "start";
  return file.port !== null && (await portAnswers(file.port)) ? "wait" : "remove-and-start";
}

function pidFileHeld(dataDirectory: string, pid: number | null): Failure {
  return new Failure("conflict", "database.pid-file-held", {
    pid,
    message: `A process (${pid ?? "unknown"}) still works in ${dataDirectory} but does not answer as its database. End it, then start again; do not delete postmaster.pid while it runs.`,
  });
}
