import { readFile, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { BackupManifest } from "../contract/backup-contract.ts";
import { readManifest } from "./backup-folder.ts";

const backupName = /^\d{4}-\d{2}-\d{2}T\d{6}\.\d{3}Z$/u;

export interface PruneOptions {
  /** The latest backup that is whole; none newer than it is touched, and it is not either. */
  readonly newest: string;
  /** How many whole backups stay, the newest among them; at least 1. Absent: however many. */
  readonly keep?: number | undefined;
  /** Those made before this instant go. Absent: however old. */
  readonly olderThanMs?: number | undefined;
  /** Whose backups: those of other installations in the same folder stay. */
  readonly contentDirectory: string;
  /** The folder below the home that says where backups lie elsewhere. */
  readonly notes: string;
}

/** A finished backup with what its manifest says. */
export interface WholeBackup {
  readonly folder: string;
  readonly manifest: BackupManifest;
}

/** Whole backups of an installation in a folder, the oldest first. What is cut off, unreadable or of somebody else is none. */
export async function wholeBackups(parent: string, contentDirectory: string): Promise<readonly WholeBackup[]> {
  const names: readonly string[] = await readdir(parent).catch(() => []); // no folder: no backup
  const whole: WholeBackup[] = [];
  for (const name of names.toSorted()) {
    if (!backupName.test(name)) continue;
    const folder = path.join(parent, name);
    const manifest = await readManifest(folder).catch(() => null); // not whole: see above
    if (manifest?.contentDirectory === contentDirectory) whole.push({ folder, manifest });
  }
  return whole;
}

/** Folders that backups of this home were made in, as its notes say: its own, and those elsewhere. At most so many notes are read. */
export async function backupPlaces(home: string): Promise<readonly string[]> {
  const own = path.join(home, "backups");
  const notes = (await readdir(own).catch(() => [])).filter((name) => name.endsWith(".json")).slice(-mostNotes);
  const places = new Set([own]);
  for (const name of notes) {
    const noted = placeIn(await readFile(path.join(own, name), "utf8").catch(() => ""));
    if (noted !== null) places.add(path.dirname(noted));
  }
  return [...places];
}

const mostNotes = 1_000;

function placeIn(text: string): string | null {
  try {
    const note = JSON.parse(text) as unknown; // looked at below
    return typeof note === "object" && note !== null && "folder" in note && typeof note.folder === "string" ? note.folder : null;
  } catch {
    return null;
  }
}

/**
 * Removes whole backups beside a newer one: the oldest beyond a count, and those made before an instant. What is cut off, unreadable or of
 * somebody else stays: it counts for nothing, and who put it there decides.
 *
 * @returns the folders removed, the oldest first
 */
export async function pruneBackups({ newest, keep, olderThanMs, contentDirectory, notes }: PruneOptions): Promise<readonly string[]> {
  const last = path.basename(newest);
  const whole = (await wholeBackups(path.dirname(newest), contentDirectory)).filter(({ folder }) => path.basename(folder) <= last);
  const beyond = keep === undefined ? 0 : Math.max(0, whole.length - Math.max(1, keep));
  const removed: string[] = [];
  for (const [at, { folder, manifest }] of whole.entries()) {
    const isOld = olderThanMs !== undefined && manifest.takenAtMs < olderThanMs;
    if (path.basename(folder) === last || !(at < beyond || isOld)) continue;
    // Under the name of one that was cut off: killed in between, it is never taken for a whole one.
    await rename(folder, `${folder}.part`);
    await rm(`${folder}.part`, { recursive: true, force: true });
    await rm(path.join(notes, `${path.basename(folder)}.json`), { force: true });
    removed.push(folder);
  }
  return removed;
}
