import path from "node:path";
import { erasureTimes } from "../adapters/postgres/erasure-times.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { Failure } from "../core/shared/failure.ts";
import type { SystemReport } from "../surfaces/cli/cli-dependencies.ts";
import { withDatabaseUp } from "./backup-report.ts";
import { firstOrganizationId } from "./first-run.ts";
import { findInstallation } from "./installation.ts";
import { type WholeBackup, backupPlaces, pruneBackups, wholeBackups } from "./prune-backups.ts";

const dayMs = 86_400_000;

/** When a backup stopped taking in what happened. */
const endOf = ({ manifest }: WholeBackup): number => manifest.database?.endedAtMs ?? manifest.takenAtMs;

async function knownBackups(environment: NodeJS.ProcessEnv, to: string | undefined): Promise<readonly WholeBackup[]> {
  const { home, contentDirectory } = findInstallation(environment);
  const places = new Set([...(await backupPlaces(home)), ...(to === undefined ? [] : [path.resolve(to)])]);
  const lists = await Promise.all([...places].map((place) => wholeBackups(place, contentDirectory)));
  return lists.flat().toSorted((one, other) => one.manifest.takenAtMs - other.manifest.takenAtMs);
}

/** What `xvc backup list` says: each whole backup, and how many people were erased since, whom it still opens. */
export async function reportBackups(environment: NodeJS.ProcessEnv, { to }: { readonly to: string | undefined }): Promise<SystemReport> {
  const backups = await knownBackups(environment, to);
  const erasures = await withDatabaseUp(environment, ({ owner }) => erasureTimes(owner, firstOrganizationId));
  const nowMs = systemClock.nowMs();
  const items = backups.map((backup) => ({
    folder: backup.folder,
    takenAtMs: backup.manifest.takenAtMs,
    ageDays: Math.floor((nowMs - backup.manifest.takenAtMs) / dayMs),
    bytes: backup.manifest.bytes,
    database: backup.manifest.database !== null,
    secretKey: backup.manifest.hasSecretKey,
    erasedSince: backup.manifest.database === null ? 0 : erasures.filter((atMs) => atMs >= endOf(backup)).length,
  }));
  const open = items.filter(({ erasedSince }) => erasedSince > 0);
  return {
    document: { schema: "xvc.backups/1", items },
    text: items.map((item) => `${lineOf(item)}\n`).join("") || "no whole backup is known here\n",
    notes:
      open.length === 0
        ? []
        : [
            `${open.length} were made before an erasure and still hold the key of whom it erased, sealed by the installation's key${open.some(({ secretKey }) => secretKey) ? ", which lies in those marked" : ""}. xvc backup prune --keep-days 35 removes what is older; the kept log of that time (XVC_WAL_ARCHIVE) goes by hand.`,
          ],
  };
}

interface ListedBackup {
  readonly folder: string;
  readonly takenAtMs: number;
  readonly ageDays: number;
  readonly bytes: number;
  readonly secretKey: boolean;
  readonly erasedSince: number;
}

function lineOf({ folder, takenAtMs, ageDays, bytes, secretKey, erasedSince }: ListedBackup): string {
  const age = `${ageDays} day${ageDays === 1 ? "" : "s"}`;
  const key = secretKey ? "with the installation's key" : "without the installation's key";
  const erased = erasedSince === 0 ? "nobody erased since" : `${erasedSince} erased since, readable in it`;
  return `${folder}\t${new Date(takenAtMs).toISOString()}\t${age}\t${(bytes / 1_000_000).toFixed(1)} MB\t${key}\t${erased}`;
}

export interface PruneFlags {
  readonly to: string | undefined;
  readonly keep: number | undefined;
  readonly keepDays: number | undefined;
}

/** What `xvc backup prune` does: removes old whole backups of this installation in one folder, never the newest. @throws {Failure} `backup.nothing-to-prune` */
export async function reportPruned(environment: NodeJS.ProcessEnv, { to, keep, keepDays }: PruneFlags): Promise<SystemReport> {
  const { home, contentDirectory } = findInstallation(environment);
  const parent = path.resolve(to ?? path.join(home, "backups"));
  const newest = (await wholeBackups(parent, contentDirectory)).at(-1);
  if (newest === undefined)
    throw new Failure("not-found", "backup.nothing-to-prune", {
      message: `There is no whole backup of this installation in ${parent}. Name the folder with --to.`,
    });
  const pruned = await pruneBackups({
    newest: newest.folder,
    keep,
    olderThanMs: keepDays === undefined ? undefined : systemClock.nowMs() - keepDays * dayMs,
    contentDirectory,
    notes: path.join(home, "backups"),
  });
  return {
    document: { schema: "xvc.backups-pruned/1", pruned: [...pruned], newest: newest.folder },
    text: pruned.length === 0 ? "nothing was old enough to remove\n" : pruned.map((folder) => `removed ${folder}\n`).join(""),
    notes: [],
  };
}
