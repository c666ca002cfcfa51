import { z } from "zod";
import { countField, instantField } from "./fields.ts";

/** A file below the backup: never absolute, never upwards, in one of the places a backup has. */
const nameField = z
  .string()
  .max(1_000)
  .regex(/^(?:pg|wal|content|evidence)\/[^\0]+$|^(?:secret\.key|pg\.json)$/u)
  .refine((name) => name.split("/").every((part) => part !== "" && part !== "." && part !== ".."));

const directoryField = z
  .string()
  .max(1_000)
  .refine((name) => name !== "" && !name.includes("\0") && name.split("/").every((part) => part !== "" && part !== "." && part !== ".."));

const logFileField = z.string().regex(/^[0-9A-F]{24}$/u);

/** `manifest.json`, the last file of a backup to be written. */
export const backupManifest = z.object({
  schema: z.literal("xvc.backup/1"),
  version: z.string().max(50),
  takenAtMs: instantField,
  /** Null: the database is the operator's to back up; this holds content, evidence and keys. */
  database: z
    .object({
      serverVersion: z.string().max(50),
      startedAtMs: instantField,
      endedAtMs: instantField,
      firstLogFile: logFileField,
      lastLogFile: logFileField,
      directories: z.array(directoryField).max(100_000),
    })
    .nullable(),
  /** Where the log beyond the backup and content written later are looked for; null: no log was kept. */
  logArchive: z.string().max(4_096).nullable(),
  contentDirectory: z.string().max(4_096),
  /** False: the key was given as XVC_SECRET_KEY or kept apart, and has to be given again. */
  hasSecretKey: z.boolean(),
  bytes: countField,
  files: z.array(z.object({ name: nameField, bytes: countField, sha256: z.string().regex(/^[0-9a-f]{64}$/u) })).max(10_000_000),
});
export type BackupManifest = z.infer<typeof backupManifest>;
export type BackupFile = BackupManifest["files"][number];
