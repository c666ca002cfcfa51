import type { SystemReport } from "../surfaces/cli/cli-dependencies.ts";
import { migrateEngine } from "../adapters/dbos/migrate-engine.ts";
import { startDatabase } from "../adapters/postgres/supervisor.ts";
import type { DatabaseUrls } from "../adapters/postgres/database-url.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { backUp, type BackupOptions, type BackupReport } from "./backup.ts";
import { exportOrganization, importOrganization } from "./export.ts";
import { firstOrganizationId } from "./first-run.ts";
import { findInstallation } from "./installation.ts";
import { askToPause } from "./pause-at-start.ts";
import { restore, type RestoreOptions, type RestoreReport } from "./restore.ts";

/* What `xvc backup`, `xvc restore`, `xvc export` and `xvc import` say. */

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const instant = (atMs: number): string => new Date(atMs).toISOString();

export const reportBackup = async (environment: NodeJS.ProcessEnv, options: Omit<BackupOptions, "environment">): Promise<SystemReport> => {
  const made = await backUp({ environment, ...options });
  const { manifest, folder, sha256, durationMs } = made;
  const what = manifest.database === null ? "content, evidence and keys, without the database" : "database, content, evidence and keys";
  return {
    document: {
      schema: "xvc.backup-made/1",
      folder,
      manifestSha256: sha256,
      database: manifest.database !== null,
      endedAtMs: manifest.database?.endedAtMs ?? manifest.takenAtMs,
      files: manifest.files.length,
      bytes: manifest.bytes,
      durationMs: Math.round(durationMs),
      secretKey: manifest.hasSecretKey,
      archived: made.archived,
      damaged: [...made.damaged],
      pruned: [...made.pruned],
    },
    text: `${folder}\n  ${what}: ${manifest.files.length} files, ${megabytes(manifest.bytes)}, read again after writing, ${seconds(durationMs)}\n  SHA-256 of the manifest: ${sha256}\n${made.pruned.map((one) => `  removed ${one}\n`).join("")}`,
    notes: backupNotes(made),
  };
};

function backupNotes({ manifest, archived, damaged }: BackupReport): readonly string[] {
  return [
    ...(manifest.database === null
      ? [
          "The database of DATABASE_URL is NOT in this backup. Back it up with pg_basebackup or your provider's snapshots, before content: a row's content was stored before the row.",
        ]
      : []),
    ...(manifest.hasSecretKey
      ? []
      : [
          "The installation's key is not in this backup: it was given as XVC_SECRET_KEY, or lies where --key-to said. Keep it: without it nothing sealed can be opened.",
        ]),
    ...(manifest.database !== null && archived === null
      ? [
          "No log is kept beyond this backup, so only its own moment can be restored. XVC_WAL_ARCHIVE names a folder for it, from the next start of the database on.",
        ]
      : []),
    ...(archived === false ? ["The log could not be archived yet; see pg-18.log. This backup is whole without it."] : []),
    ...(damaged.length > 0
      ? [`${damaged.length} contents do not match their name any more and were copied as they are: ${damaged.slice(0, 5).join(", ")}.`]
      : []),
  ];
}

export const reportRestore = async (options: RestoreOptions): Promise<SystemReport> => {
  const done = await restore(options);
  const { home, asOfMs, files, bytes, laterContents, durationMs } = done;
  return {
    document: {
      schema: "xvc.restored/1",
      home,
      database: done.hasDatabase,
      asOfMs,
      files,
      bytes,
      laterContents,
      durationMs: Math.round(durationMs),
    },
    text: `${home}\n  as of ${instant(asOfMs)}: ${files} files, ${megabytes(bytes)}, each as the manifest says, ${seconds(durationMs)}\n`,
    notes: restoreNotes(done),
  };
};

const restoreNotes = ({ hasDatabase, needsSecretKey }: RestoreReport): readonly string[] => [
  ...(hasDatabase ? [] : ["Put the database back with the tools that backed it up, and start with its DATABASE_URL."]),
  ...(needsSecretKey
    ? [
        "The installation's key is not in the backup: start with the same XVC_SECRET_KEY as before, or put secret.key from where it was kept into the new home first.",
      ]
    : []),
  "xvc up starts with everything halted. Stop the old system first, look at what it did after this instant, then xvc halt lift.",
];

/** The database up to date for the time of one act; stopped again where it was started for that. */
export async function withDatabaseUp<Result>(
  environment: NodeJS.ProcessEnv,
  work: (urls: DatabaseUrls) => Promise<Result>,
): Promise<Result> {
  const { migrationsDirectory } = findInstallation(environment);
  const database = await startDatabase({ environment, migrationsDirectory, afterMigrate: (urls) => migrateEngine(urls.engine) });
  try {
    return await work(database.urls);
  } finally {
    if (!database.adopted) await database.stop({ ifUnused: true });
  }
}

export async function reportExport(environment: NodeJS.ProcessEnv, { to }: { readonly to: string }): Promise<SystemReport> {
  const { contentDirectory } = findInstallation(environment);
  const made = await withDatabaseUp(environment, ({ owner }) =>
    exportOrganization({ ownerUrl: owner, organizationId: firstOrganizationId, contentDirectory, to }),
  );
  return {
    document: { schema: "xvc.exported/1", ...made },
    text: `${made.folder}\n  ${made.lines} lines, ${megabytes(made.bytes)}, and ${made.contents} contents\n  SHA-256 of the record: ${made.sha256}\n`,
    notes: [
      "Not in it: sign-ins, API keys, sealed secrets of channels, the installation's key and queued jobs. xvc backup has all of them.",
    ],
  };
}

export async function reportImport(environment: NodeJS.ProcessEnv, { from }: { readonly from: string }): Promise<SystemReport> {
  const { contentDirectory, home } = findInstallation(environment);
  const done = await withDatabaseUp(environment, async ({ owner }) => {
    const imported = await importOrganization({ ownerUrl: owner, organizationId: firstOrganizationId, contentDirectory, from });
    await askToPause(home, { schema: "xvc.pause/1", atMs: systemClock.nowMs(), reason: "Imported from an export.", imported: true });
    return imported;
  });
  return {
    document: { schema: "xvc.imported/1", ...done },
    text: `${done.lines} lines and ${done.contents} contents are in ${home}\n`,
    notes: [
      "xvc up starts with everything halted; jobs that were waiting are given out again and wait for the lift. Channels need their secrets again.",
      "Put the secret.key of the old installation into the new home first: without it, its checkpoints count as signed by another key.",
    ],
  };
}
