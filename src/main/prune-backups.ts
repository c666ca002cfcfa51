import { readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { readManifest } from "./backup-folder.ts";

const backupName = /^\d{4}-\d{2}-\d{2}T\d{6}\.\d{3}Z$/u;

export interface PruneOptions {
  /** The backup that was just finished; none newer than it is touched, and it is not either. */
  readonly newest: string;
  /** How many whole backups stay, the newest among them; at least 1. */
  readonly keep: number;
  /** Whose backups: those of other installations in the same folder stay. */
  readonly contentDirectory: string;
  /** The folder below the home that says where backups lie elsewhere. */
  readonly notes: string;
}

/**
 * Removes the oldest whole backups beside a newer one. What is cut off, unreadable or of somebody else stays: it counts for nothing, and
 * who put it there decides.
 *
 * @returns the folders removed, the oldest first
 */
export async function pruneBackups({ newest, keep, contentDirectory, notes }: PruneOptions): Promise<readonly string[]> {
  const parent = path.dirname(newest);
  const last = path.basename(newest);
  const whole: string[] = [];
  for (const name of (await readdir(parent)).toSorted()) {
    if (!backupName.test(name) || name > last) continue;
    const manifest = await readManifest(path.join(parent, name)).catch(() => null); // not whole: see above
    if (manifest?.contentDirectory === contentDirectory) whole.push(name);
  }
  const removed: string[] = [];
  for (const name of whole.filter((one) => one !== last).slice(0, Math.max(0, whole.length - Math.max(1, keep)))) {
    const folder = path.join(parent, name);
    // Under the name of one that was cut off: killed in between, it is never taken for a whole one.
    await rename(folder, `${folder}.part`);
    await rm(`${folder}.part`, { recursive: true, force: true });
    await rm(path.join(notes, `${name}.json`), { force: true });
    removed.push(folder);
  }
  return removed;
}
