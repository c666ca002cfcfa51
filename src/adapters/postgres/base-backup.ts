import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { withClient, withDatabase } from "./database-url.ts";

/** What a running server is copied with. */
export interface BaseBackup {
  /** As the bootstrap superuser. */
  readonly adminUrl: string;
  readonly dataDirectory: string;
  /** Copies one file below the data directory to a name below the backup. A file that is gone by now is no error. */
  readonly copy: (source: string, name: string) => Promise<void>;
  /** Writes a small file of ours below the backup. */
  readonly write: (name: string, text: string) => Promise<void>;
  /** After the last file and before the end, so that everything else is at least as new as the copy begins. */
  readonly label: string;
}

/** What the copy needs to become a database again. */
export interface BaseBackupEnd {
  /** Directories below the data directory, which the server expects even where they are empty. */
  readonly directories: readonly string[];
  readonly startedAtMs: number;
  /** From this instant on the copy can be carried to. */
  readonly endedAtMs: number;
  readonly firstLogFile: string;
  readonly lastLogFile: string;
  readonly serverVersion: string;
  /** Whether an archive has all of the log by now; null: none is kept. */
  readonly archived: boolean | null;
}

/** Held while a backup is made: one at a time. */
const backupLock = 7_841_264_402_871_001n;

/**
 * Copies the data directory of a running server while it works, with the log that makes the copy whole. Whatever ends this process
 * or its connection ends the backup on the server as well: the slot and the mode are the session's.
 *
 * Source: PostgreSQL 18, Continuous Archiving, Making a Base Backup Using the Low Level API
 *
 * @throws {Failure} `backup.running`, `backup.tablespace`
 */
export function copyCluster(backup: BaseBackup): Promise<BaseBackupEnd> {
  return withClient(withDatabase(backup.adminUrl, "postgres"), { applicationName: "xvc backup" }, async (client) => {
    const [lock] = (await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [String(backupLock)])).rows;
    if (lock?.taken !== true)
      throw new Failure("conflict", "backup.running", { message: "Another backup is being made. Wait for its end, then try again." });
    await refuseTablespaces(client);
    // Keeps the log from being recycled under us; reserved before the start, gone with the session.
    await client.query("select pg_create_physical_replication_slot($1, true, true)", [`xvc_backup_${process.pid}`]);
    const [begun] = (
      await client.query<{ file: string; at: string; version: string }>(
        `select pg_walfile_name(pg_backup_start($1, true)) as file, floor(extract(epoch from clock_timestamp()) * 1000)::text as at,
                current_setting('server_version') as version`,
        [backup.label],
      )
    ).rows;
    if (begun === undefined) throw new Failure("bug", "backup.no-start", { message: "The server did not begin a backup." });
    const directories = await copyData(backup);
    const end = await endBackup(client, backup);
    await copyLog(backup, begun.file, end.file);
    return {
      directories,
      startedAtMs: Number(begun.at),
      endedAtMs: Number(end.at),
      firstLogFile: begun.file,
      lastLogFile: end.file,
      serverVersion: begun.version,
      archived: await awaitArchive(client, end.file),
    };
  });
}

async function refuseTablespaces(client: Client): Promise<void> {
  const { rows } = await client.query("select 1 from pg_tablespace where spcname not in ('pg_default', 'pg_global') limit 1");
  if (rows.length > 0)
    throw new Failure("invalid", "backup.tablespace", {
      message:
        "The database has tablespaces outside its directory, which this backup does not copy. Use pg_basebackup of the same version.",
    });
}

interface Ended {
  readonly file: string;
  readonly at: string;
}

/** Closes the piece of the log as well, so that an archive has all of it. */
async function endBackup(client: Client, { write }: BaseBackup): Promise<Ended> {
  // A commit by itself: whoever recovers to an instant before it meets a later one, and knows that nothing is missing.
  await client.query("select pg_current_xact_id()");
  const [ended] = (
    await client.query<{ label: string; map: string; file: string; at: string }>(
      `select labelfile as label, spcmapfile as map, pg_walfile_name(lsn) as file, ceil(extract(epoch from clock_timestamp()) * 1000)::text as at
         from pg_backup_stop(false)`,
    )
  ).rows;
  if (ended === undefined) throw new Failure("bug", "backup.no-end", { message: "The server did not end the backup." });
  await write("pg/backup_label", ended.label);
  return ended;
}

/** The server archives a piece at a time; one that fails is tried again for ever, and the backup is whole without it. */
const archivePatienceMs = 60_000;

async function awaitArchive(client: Client, last: string): Promise<boolean | null> {
  const startedAtMs = performance.now();
  for (;;) {
    const [row] = (
      await client.query<{ mode: string; archived: boolean }>(
        "select current_setting('archive_mode') as mode, coalesce(last_archived_wal >= $1, false) as archived from pg_stat_archiver",
        [last],
      )
    ).rows;
    if (row?.mode === "off") return null;
    if (row?.archived === true) return true;
    if (performance.now() - startedAtMs > archivePatienceMs) return false;
    await sleep(100);
  }
}

/** What belongs to the running server or is made anew. Source: the same chapter, and pg_basebackup. */
const emptied = new Set([
  "pg_wal",
  "pg_dynshmem",
  "pg_notify",
  "pg_replslot",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  "pgsql_tmp",
]);
const left = new Set(["postmaster.pid", "postmaster.opts", "backup_label", "tablespace_map", "recovery.signal", "standby.signal"]);
const isLeft = (name: string): boolean => left.has(name) || name.startsWith(".s.PGSQL.") || name.startsWith("pg_internal.init");

/** Files being copied at one time. */
const atOnce = 4;

/** @returns the directories */
async function copyData({ dataDirectory, copy }: BaseBackup): Promise<readonly string[]> {
  const directories: string[] = ["pg_wal/archive_status", "pg_wal/summaries"];
  const files: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(dataDirectory, below), { withFileTypes: true }).catch(goneIsEmpty)) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        directories.push(name);
        if (!emptied.has(entry.name)) await walk(name);
      } else if (entry.isFile() && !isLeft(entry.name) && name !== controlFile) files.push(name);
    }
  };
  await walk("");
  const queue = files.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const name of queue) await copy(join(dataDirectory, name), `pg/${name}`);
    }),
  );
  // Last, as pg_basebackup does: a copy that was cut off has none.
  await copy(join(dataDirectory, controlFile), `pg/${controlFile}`);
  return directories.toSorted();
}

const controlFile = "global/pg_control";

const goneIsEmpty = (error: NodeJS.ErrnoException): readonly never[] => {
  if (error.code === "ENOENT") return [];
  throw error;
};

/** A piece of the log, or the history of a timeline. */
export const isLogFile = (name: string): boolean => /^[0-9A-F]{24}$/u.test(name) || /^[0-9A-F]{8}\.history$/u.test(name);

async function copyLog({ dataDirectory, copy }: BaseBackup, first: string, last: string): Promise<void> {
  const names = (await readdir(join(dataDirectory, "pg_wal"))).filter((name) => isLogFile(name)).toSorted();
  const wanted = names.filter((name) => name.endsWith(".history") || (name >= first && name <= last));
  for (const name of wanted) await copy(join(dataDirectory, "pg_wal", name), `wal/${name}`);
  if (!wanted.includes(first) || !wanted.includes(last))
    throw new Failure("bug", "backup.log-missing", { message: `A piece of the database's log between ${first} and ${last} is gone.` });
}
