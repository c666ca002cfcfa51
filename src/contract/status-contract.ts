import { z } from "zod";
import { countField, instantField, lineField, listOf } from "./fields.ts";

/** One real probe: something was done and it worked, or why not. */
export const probeDocument = z.object({ name: z.string().max(100), ok: z.boolean(), durationMs: z.number().min(0), message: lineField });
export type ProbeDocument = z.infer<typeof probeDocument>;

/** What this installation is and holds; about the machine, not about the organization. */
export const installationDocument = z.object({
  /** `PostgreSQL 18.1, embedded`. */
  database: lineField,
  databaseBytes: countField,
  diskFreeBytes: countField,
  diskTotalBytes: countField,
  /** The newest file of the folder where backups lie; null: there is none. */
  lastBackupAtMs: instantField.nullable(),
});
export type InstallationDocument = z.infer<typeof installationDocument>;

/** `GET /api/status?probe=`: that probe alone. */
export const statusQuery = z.object({ probe: z.enum(["database", "content", "disk"]).optional() });
export type ProbeName = NonNullable<z.infer<typeof statusQuery>["probe"]>;

/** `GET /api/status`. */
export const statusDocument = z.object({
  schema: z.literal("xvc.status/1"),
  ok: z.boolean(),
  version: z.string().max(50),
  startedAtMs: instantField,
  probes: listOf(probeDocument, 50),
  /** Rows of each kind that the caller may see. */
  counts: z.record(z.string().max(100), countField),
  installation: installationDocument.nullable(),
  notes: listOf(lineField, 50),
});
export type StatusDocument = z.infer<typeof statusDocument>;

/** The 0600 file beside the data that tells programs of this machine where the server is. */
export const serverFile = z.object({ url: z.url().max(300), token: z.string().min(20).max(200), pid: z.number().int().min(1) });
export type ServerFile = z.infer<typeof serverFile>;
