import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isLogFile } from "../adapters/postgres/base-backup.ts";
import { readSettings } from "../adapters/postgres/data-directory.ts";
import { adoptCluster, type ClusterPlace, makeClusterPlace, recoverCluster } from "../adapters/postgres/restore-cluster.ts";
import { copyHashed, filesBelow, syncFiles } from "../adapters/system/hashed-files.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { Failure } from "../core/shared/failure.ts";
import type { BackupFile, BackupManifest } from "../contract/backup-contract.ts";
import { readManifest, takeFile } from "./backup-folder.ts";
import { findInstallation, type Installation } from "./installation.ts";
import { askToPause, type PauseNote } from "./pause-at-start.ts";

export interface RestoreOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly from: string;
  /** Null: the end of the backup. */
  readonly untilMs: number | null;
  /** Where the log beyond the backup lies; absent: where the backup says. */
  readonly log?: string | undefined;
  /** Where content written after the backup lies; absent: where it lay then. */
  readonly content?: string | undefined;
  readonly durable?: boolean;
}

export interface RestoreReport {
  readonly home: string;
  readonly hasDatabase: boolean;
  /** The instant as of which the record is. */
  readonly asOfMs: number;
  readonly files: number;
  readonly bytes: number;
  /** Contents taken from where the old system kept them. */
  readonly laterContents: number;
  readonly needsSecretKey: boolean;
  readonly durationMs: number;
}

/**
 * Puts a backup back into an empty home and carries it on to an instant. What comes out is stopped, and halted from its first start on.
 * Until the last act the home cannot be started; whatever fails before leaves it empty again.
 *
 * @throws {Failure} `backup.*`
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const begunMs = systemClock.monotonicMs();
  const installation = findInstallation(options.environment);
  const from = path.resolve(options.from);
  const manifest = await readManifest(from);
  checkAsked(options, manifest);
  await requireEmpty(installation.home);
  const place = await makeClusterPlace(installation.home);
  try {
    const laterContents = await putBack({ options, installation, place, manifest, from });
    return {
      home: installation.home,
      hasDatabase: manifest.database !== null,
      asOfMs: options.untilMs ?? manifest.database?.endedAtMs ?? manifest.takenAtMs,
      files: manifest.files.length,
      bytes: manifest.bytes,
      laterContents,
      needsSecretKey: !manifest.hasSecretKey,
      durationMs: systemClock.monotonicMs() - begunMs,
    };
  } catch (error) {
    await rm(place.dataDirectory, { recursive: true, force: true });
    for (const name of await readdir(installation.home))
      if (!harmless.has(name)) await rm(path.join(installation.home, name), { recursive: true, force: true });
    throw error;
  }
}

function checkAsked({ environment, untilMs }: RestoreOptions, { database }: BackupManifest): void {
  if (database !== null && environment["DATABASE_URL"])
    throw new Failure("invalid", "backup.not-for-this-database", {
      message:
        "This backup holds an embedded database, and DATABASE_URL names another server. Unset it, and restore into a home of its own.",
    });
  if (untilMs === null) return;
  if (database === null)
    throw new Failure("invalid", "backup.no-database", {
      message:
        "This backup holds no database, so it cannot be carried to an instant. Restore the database with the tools that backed it up.",
    });
  if (untilMs < database.endedAtMs)
    throw new Failure("invalid", "backup.until-too-early", {
      endedAtMs: database.endedAtMs,
      message: `This backup was finished at ${new Date(database.endedAtMs).toISOString()} and goes no further back. Name a later instant, or an earlier backup.`,
    });
}

/** What a program may leave in a home before anything is kept there. */
const harmless = new Set(["cache"]);

async function requireEmpty(home: string): Promise<void> {
  const names = await readdir(home).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const [first] = names.filter((name) => !harmless.has(name));
  if (first !== undefined)
    throw new Failure("conflict", "backup.home-used", {
      message: `${home} is not empty (${first}). Set XVC_HOME to a new directory; nothing is ever restored over something else.`,
    });
}

interface Restoring {
  readonly options: RestoreOptions;
  readonly installation: Installation;
  readonly place: ClusterPlace;
  readonly manifest: BackupManifest;
  readonly from: string;
}

async function putBack(restoring: Restoring): Promise<number> {
  const { options, installation, place, manifest, from } = restoring;
  const { untilMs } = options;
  if (untilMs !== null) await requireLog(options.log ?? manifest.logArchive, manifest.database?.firstLogFile ?? "");
  await putFiles(restoring);
  const laterContents = untilMs === null ? 0 : await addLaterContent(options.content ?? manifest.contentDirectory, installation);
  const note = noteOf(from, untilMs);
  if (manifest.database !== null) await bringUp(restoring, { first: manifest.database.firstLogFile, note });
  else {
    await rm(place.dataDirectory, { recursive: true, force: true });
    await askToPause(place.home, note);
  }
  return laterContents;
}

async function putFiles({ place, manifest, from }: Restoring): Promise<void> {
  for (const directory of manifest.database?.directories ?? [])
    await mkdir(path.join(place.dataDirectory, directory), { recursive: true, mode: 0o700 });
  for (const file of manifest.files) await takeFile(from, file, targetOf(file, place));
}

const noteOf = (from: string, untilMs: number | null): PauseNote => {
  const asOf = untilMs === null ? "" : `, as of ${new Date(untilMs).toISOString()}`;
  return { schema: "xvc.pause/1", atMs: systemClock.nowMs(), reason: `Restored from the backup ${path.basename(from)}${asOf}.` };
};

/** Recovers the copied database; the home can be started from the last line on, and is halted then. */
async function bringUp(
  { options, place, manifest }: Restoring,
  { first, note }: { readonly first: string; readonly note: PauseNote },
): Promise<void> {
  const { environment, untilMs, durable = true } = options;
  if (untilMs !== null) await addLog(options.log ?? manifest.logArchive, { place, first });
  const passwords = path.join(place.home, passwordsDraft);
  const settings = await readSettings(passwords);
  if (settings === null) throw new Failure("invalid", "backup.manifest-unreadable", { message: "The backup has no passwords (pg.json)." });
  if (durable) await syncFiles(await everyFile(place));
  await recoverCluster(place, { environment, settings, untilMs, durable });
  await rm(passwords);
  await askToPause(place.home, note);
  await adoptCluster(place, settings);
}

const everyFile = async ({ home, dataDirectory }: ClusterPlace): Promise<readonly string[]> => {
  const [own, data] = [await filesBelow(home), await filesBelow(dataDirectory)];
  return [...new Set([...own.map((name) => path.join(home, name)), ...data.map((name) => path.join(dataDirectory, name))])];
};

const passwordsDraft = "pg.json.restoring";

function targetOf({ name }: BackupFile, { home, dataDirectory }: ClusterPlace): string {
  if (name.startsWith("pg/")) return path.join(dataDirectory, name.slice("pg/".length));
  if (name.startsWith("wal/")) return path.join(dataDirectory, "pg_wal", name.slice("wal/".length));
  return path.join(home, name === "pg.json" ? passwordsDraft : name);
}

async function logFiles(archive: string | null, first: string): Promise<readonly string[]> {
  const names = archive === null ? [] : await readdir(archive).catch(() => []); // not there, or not to be read: nothing is found
  return names.filter((name) => isLogFile(name) && (name.endsWith(".history") || name.slice(8) >= first.slice(8))).toSorted();
}

/** Before a long copy, not after it. */
async function requireLog(archive: string | null, first: string): Promise<void> {
  if ((await logFiles(archive, first)).length > 0) return;
  throw new Failure("invalid", "backup.no-archive", {
    message: `No log beyond the backup was found${archive === null ? "" : ` in ${archive}`}. Without XVC_WAL_ARCHIVE only the moment of the backup itself can be restored; --log names the folder.`,
  });
}

/** Pieces of the log from the backup's first on, of any timeline. What they hold is checked by the server: each record has a CRC. */
async function addLog(archive: string | null, { place, first }: { readonly place: ClusterPlace; readonly first: string }): Promise<void> {
  for (const name of await logFiles(archive, first)) {
    const target = path.join(place.dataDirectory, "pg_wal", name);
    await copyHashed(path.join(archive ?? "", name), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error; // the backup's own copy of it
    });
  }
}

/** Content written after the backup. Only what is what its name says. @returns how many */
async function addLaterContent(directory: string, { contentDirectory }: Installation): Promise<number> {
  let added = 0;
  for (const name of await filesBelow(directory)) {
    const named = /^[0-9a-f]{2}\/([0-9a-f]{64})$/u.exec(name)?.[1];
    if (named === undefined) continue;
    const target = path.join(contentDirectory, name);
    const copied = await copyHashed(path.join(directory, name), target, 0o400).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return null; // the backup had it
      throw error;
    });
    if (copied === null) continue;
    if (copied.sha256 === named) added += 1;
    else await rm(target);
  }
  return added;
}
