import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { copyCluster } from "../adapters/postgres/base-backup.ts";
import { databasePaths } from "../adapters/postgres/data-directory.ts";
import { type RunningDatabase, startDatabase, type StartOptions } from "../adapters/postgres/supervisor.ts";
import { Failure } from "../core/shared/failure.ts";
import { filesBelow } from "../adapters/system/hashed-files.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { type BackupDraft, draftBackup, type FinishedBackup } from "./backup-folder.ts";
import { evidenceDirectory } from "./evidence.ts";
import { findInstallation, type Installation } from "./installation.ts";
import { pruneBackups } from "./prune-backups.ts";

export interface BackupOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** The folder that gets one more folder; absent: `backups` below the home. */
  readonly to?: string | undefined;
  /** How many whole backups stay in that folder, this one among them; absent: all. */
  readonly keep?: number | undefined;
  /** Whole backups there that were made longer ago go, this one apart; absent: however old. */
  readonly keepDays?: number | undefined;
  /** A folder for the installation's key, apart from the backup: who has one of the two opens nothing sealed. Absent: in the backup. */
  readonly keyTo?: string | undefined;
  /** With DATABASE_URL: content, evidence and keys alone, which has to be said. */
  readonly withoutDatabase?: boolean;
  /** Only tests turn it off. */
  readonly fsync?: StartOptions["fsync"];
}

export interface BackupReport extends FinishedBackup {
  readonly durationMs: number;
  /** Contents whose bytes no longer match their name; copied as they are. */
  readonly damaged: readonly string[];
  /** Whether the archive of the log has all of it by now; null: none is kept. */
  readonly archived: boolean | null;
  /** Older backups that were removed. */
  readonly pruned: readonly string[];
}

/**
 * Copies everything that this home keeps, while it works. The database first, then content: what a row names was stored before the
 * row, and content is never edited. Checkpoints go before both, so that none is ahead of the record.
 *
 * @throws {Failure} `backup.*`, `database.*`
 */
export async function backUp({ environment, to, withoutDatabase = false, fsync, ...options }: BackupOptions): Promise<BackupReport> {
  const begunMs = systemClock.monotonicMs();
  checkDatabase(environment, withoutDatabase);
  const installation = findInstallation(environment);
  const takenAtMs = systemClock.nowMs();
  const parent = path.resolve(to ?? path.join(installation.home, "backups"));
  const database = withoutDatabase ? null : await startDatabase({ environment, ...(fsync === undefined ? {} : { fsync }) });
  const draft = await draftBackup(parent, { name: nameOf(takenAtMs), durable: fsync !== "off" });
  try {
    await copyFolder(draft, { from: evidenceDirectory(installation, environment), as: "evidence" });
    const copied = await copyDatabase(draft, database);
    const damaged = await copyContent(draft, installation.contentDirectory);
    await copyPasswords(draft, installation, database);
    const hasSecretKey = await copyKey(draft, installation, options.keyTo);
    const finished = await draft.finish({
      schema: "xvc.backup/1",
      version: installation.version,
      takenAtMs,
      database: copied.database,
      logArchive: archiveOf(environment),
      contentDirectory: installation.contentDirectory,
      hasSecretKey,
    });
    if (to !== undefined) await noteElsewhere(installation, finished);
    const pruned = await prune(installation, finished.folder, options);
    return { ...finished, damaged, archived: copied.archived, pruned, durationMs: systemClock.monotonicMs() - begunMs };
  } catch (error) {
    await draft.discard();
    throw error;
  } finally {
    if (database?.adopted === false) await database.stop({ ifUnused: true });
  }
}

const dayMs = 86_400_000;

const prune = (
  { home, contentDirectory }: Installation,
  newest: string,
  { keep, keepDays }: Pick<BackupOptions, "keep" | "keepDays">,
): Promise<readonly string[]> =>
  pruneBackups({
    newest,
    keep,
    olderThanMs: keepDays === undefined ? undefined : systemClock.nowMs() - keepDays * dayMs,
    contentDirectory,
    notes: path.join(home, "backups"),
  });

const archiveOf = (environment: NodeJS.ProcessEnv): string | null => environment["XVC_WAL_ARCHIVE"] || null;

/** `2026-11-23T083112.204Z`: as text in the order of time, and not the name of one that was cut off a moment ago. */
const nameOf = (atMs: number): string => new Date(atMs).toISOString().replaceAll(":", "");

/** A backup that lacks the database is never made by surprise. */
function checkDatabase(environment: NodeJS.ProcessEnv, withoutDatabase: boolean): void {
  const isExternal = Boolean(environment["DATABASE_URL"]);
  if (isExternal === withoutDatabase) return;
  throw isExternal
    ? new Failure("invalid", "backup.external-database", {
        message:
          "The server that DATABASE_URL names is backed up with its own tools: pg_basebackup with its log archive, or snapshots of your provider. Then xvc backup --without-database copies content, checkpoints and the key. xvc export writes the whole record of any database.",
      })
    : new Failure("invalid", "backup.embedded-database", {
        message: "--without-database is for installations with DATABASE_URL. Here the database is part of the backup; leave it out.",
      });
}

async function copyDatabase(draft: BackupDraft, running: RunningDatabase | null): Promise<CopiedDatabase> {
  const { urls, dataDirectory } = running ?? { urls: { admin: null }, dataDirectory: null };
  if (urls.admin === null || dataDirectory === null) return { database: null, archived: null };
  const { archived, ...copied } = await copyCluster({
    adminUrl: urls.admin,
    dataDirectory,
    label: path.basename(draft.folder),
    copy: async (source, name) => void (await draft.copy(source, name)),
    write: (name, text) => draft.write(name, text),
  });
  return { database: { ...copied, directories: [...copied.directories] }, archived };
}

interface CopiedDatabase {
  readonly database: Parameters<BackupDraft["finish"]>[0]["database"];
  readonly archived: boolean | null;
}

async function copyFolder(draft: BackupDraft, { from, as }: { readonly from: string; readonly as: string }): Promise<void> {
  for (const name of await filesBelow(from)) await draft.copy(path.join(from, name), `${as}/${name}`);
}

/** What is being written has another name, and no row knows it yet. */
const contentName = /^[0-9a-f]{2}\/([0-9a-f]{64})$/u;

/** @returns what is damaged */
async function copyContent(draft: BackupDraft, directory: string): Promise<readonly string[]> {
  const damaged: string[] = [];
  for (const name of await filesBelow(directory)) {
    const named = contentName.exec(name)?.[1];
    if (named === undefined) continue;
    const sha256 = await draft.copy(path.join(directory, name), `content/${name}`);
    if (sha256 !== null && sha256 !== named) damaged.push(named);
  }
  return damaged;
}

async function copyPasswords(draft: BackupDraft, { home }: Installation, database: RunningDatabase | null): Promise<void> {
  if (database?.kind === "embedded") await draft.write("pg.json", await readFile(databasePaths(home).settingsFile, "utf8"));
}

/** The key that opens what is sealed, into the backup or apart from it. A key that is given is not ours to copy. @returns whether it is in the backup */
async function copyKey(draft: BackupDraft, { home }: Installation, keyTo: string | undefined): Promise<boolean> {
  const file = path.join(home, "secret.key");
  if (keyTo === undefined) return (await draft.copy(file, "secret.key")) !== null;
  const key = await readFile(file).catch(() => null); // none is there: it was given
  if (key === null) return false;
  const folder = path.resolve(keyTo);
  if (isInside(path.dirname(draft.folder), folder))
    throw new Failure("invalid", "backup.key-beside", {
      message: "The key would lie among the backups. Name a folder of its own with --key-to, best on another disk.",
    });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // One key for all backups of this home: the same bytes under the same name.
  await writeFile(path.join(folder, "secret.key"), key, { mode: 0o600 });
  return false;
}

const isInside = (parent: string, folder: string): boolean => {
  const way = path.relative(parent, folder);
  return way === "" || (!way.startsWith("..") && !path.isAbsolute(way));
};

/** So that `xvc status` knows of a backup that lies elsewhere. */
async function noteElsewhere({ home }: Installation, { folder, sha256 }: FinishedBackup): Promise<void> {
  const own = path.join(home, "backups");
  await mkdir(own, { recursive: true, mode: 0o700 });
  await writeFile(
    path.join(own, `${path.basename(folder)}.json`),
    `${JSON.stringify({ schema: "xvc.backup-elsewhere/1", folder, sha256 })}\n`,
    {
      mode: 0o600,
    },
  );
}

/** When the newest finished backup was; null: there is none. A folder that is being written does not count. */
export async function lastBackupAtMs(home: string): Promise<number | null> {
  const folder = path.join(home, "backups");
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  // Names begin with the day: the newest is among the last.
  for (const name of names
    .filter((one) => !one.endsWith(".part"))
    .toSorted()
    .toReversed()) {
    const file = name.endsWith(".json") ? path.join(folder, name) : path.join(folder, name, "manifest.json");
    const about = await stat(file).catch(() => null); // something else that lies there
    if (about !== null) return Math.floor(about.mtimeMs);
  }
  return null;
}
