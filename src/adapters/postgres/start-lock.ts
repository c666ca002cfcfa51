import { randomBytes } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../core/shared/failure.ts";
import { processMark } from "./processes.ts";

const pollMs = 25;
/** Longer than a first start on a slow disk with recovery; a holder that lives this long is reported, never robbed. */
const defaultWaitMs = 180_000;

type Holder = { readonly kind: "free" } | { readonly kind: "held"; readonly pid: number; readonly mark: string };

/**
 * Runs `work` while no other process on this machine holds `directory`, taking over from a holder that died.
 *
 * The directory holds numbered generations; the highest one is the lock and is never deleted, only marked free or
 * outbid by an exclusive `link` of the next number. Deleting a dead holder's file instead would let two processes
 * that both saw it dead delete each other's new lock.
 *
 * @throws {Failure} `database.start-busy` when a living holder does not finish in time
 */
export async function withStartLock<T>(directory: string, work: () => Promise<T>, waitMs = defaultWaitMs): Promise<T> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const mine = await acquire(directory, waitMs);
  try {
    return await work();
  } finally {
    await release(mine);
  }
}

async function acquire(directory: string, waitMs: number): Promise<string> {
  const startedAtMs = performance.now();
  for (;;) {
    const top = await highestGeneration(directory);
    const holder = top === 0 ? free : await readHolder(join(directory, String(top)));
    if (holder.kind === "free" || !(await isAlive(holder))) {
      const mine = await claim(directory, top + 1);
      if (mine !== null) return mine;
    } else if (performance.now() - startedAtMs > waitMs) {
      throw new Failure("unavailable", "database.start-busy", {
        pid: holder.pid,
        message: `Process ${holder.pid} has been starting or stopping the database for over ${Math.round(waitMs / 1000)} s (${directory}). Wait for it, or end that process and try again.`,
      });
    }
    await sleep(pollMs);
  }
}

const free: Holder = { kind: "free" };

async function isAlive(holder: Holder & { readonly kind: "held" }): Promise<boolean> {
  return (await processMark(holder.pid)) === holder.mark;
}

async function claim(directory: string, generation: number): Promise<string | null> {
  const mine = join(directory, String(generation));
  const draft = join(directory, `draft-${randomBytes(8).toString("hex")}`);
  const holder: Holder = { kind: "held", pid: process.pid, mark: (await processMark(process.pid)) ?? "unknown" };
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600, flag: "wx" });
  try {
    await link(draft, mine); // atomic and exclusive, with its content already inside
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  // Whoever was asleep since reading an old top finds a higher one here and steps back.
  if ((await highestGeneration(directory)) !== generation) {
    await rm(mine, { force: true });
    return null;
  }
  await removeOlder(directory, generation);
  return mine;
}

async function release(mine: string): Promise<void> {
  const draft = `${mine}.free-${randomBytes(4).toString("hex")}`;
  await writeFile(draft, JSON.stringify(free), { mode: 0o600 });
  await rename(draft, mine);
}

async function highestGeneration(directory: string): Promise<number> {
  const names = await readdir(directory);
  return names.reduce((top, name) => (/^\d+$/.test(name) ? Math.max(top, Number(name)) : top), 0);
}

async function removeOlder(directory: string, generation: number): Promise<void> {
  for (const name of await readdir(directory)) {
    if (/^\d+$/.test(name) && Number(name) < generation) await rm(join(directory, name), { force: true });
  }
}

/** A file that vanished or cannot be read as ours counts as free: the exclusive `link` decides who gets the next one. */
async function readHolder(file: string): Promise<Holder> {
  const text = await readFile(file, "utf8").catch(() => "");
  try {
    const value = JSON.parse(text) as Partial<Record<"kind" | "pid" | "mark", unknown>>;
    const { kind, pid, mark } = value;
    return kind === "held" && typeof pid === "number" && typeof mark === "string" ? { kind, pid, mark } : free;
  } catch {
    return free;
  }
}
