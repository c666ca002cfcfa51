import { z } from "zod";
import { timelineEntry } from "./event-contract.ts";
import { countField, idField, instantField, lineField, listOf, pageOf, pageQuery } from "./fields.ts";

/** Kinds separated by commas, such as `task.accepted,task.rework`. */
const kindsField = z
  .string()
  .max(1_000)
  .regex(/^[a-z][a-z.-]{0,60}(?:,[a-z][a-z.-]{0,60}){0,19}$/u, "is no list of at most 20 kinds of events");

/** What the log is narrowed to; the same for the page, the export and links from other pages. */
const auditFilter = z.object({
  kinds: kindsField.optional(),
  subjectKind: z
    .string()
    .max(50)
    .regex(/^[a-z_]+$/u, "is no kind of subject")
    .optional(),
  subject: idField.optional(),
  /** Label or id of a request: everything of it. */
  request: z.string().max(200).optional(),
  /** Key or id of a project; facts of the whole organization stay in. */
  project: z.string().min(1).max(100).optional(),
  /** Id of a person or persona, or the name of a part of xVC. */
  actor: z.string().min(1).max(200).optional(),
  actorKind: z.enum(["person", "persona", "system"]).optional(),
  /** Epoch milliseconds, by the time of recording. */
  fromMs: z.coerce.number().int().min(0).max(8_640_000_000_000_000).optional(),
  toMs: z.coerce.number().int().min(0).max(8_640_000_000_000_000).optional(),
});

/** `GET /api/audit.jsonl`: the same filter, one event a line, the newest first. */
export const auditExportQuery = auditFilter;
export type AuditFilter = z.infer<typeof auditFilter>;

/** `GET /api/audit`. */
export const auditQuery = auditFilter.extend(pageQuery.shape);

export const auditEntry = timelineEntry.extend({
  projectId: idField.nullable(),
  /** The label of the request it belongs to; null: none, or not visible any more. */
  requestLabel: z.string().max(50).nullable(),
  number: countField,
  /** The idempotency key of the command that caused it. */
  cause: z.string().max(500),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditPage = pageOf("xvc.audit/1", auditEntry);
export type AuditPage = z.infer<typeof auditPage>;

/** `GET /api/audit/check`: what can be checked today, and what it does not prove. */
export const auditCheck = z.object({
  schema: z.literal("xvc.audit-check/1"),
  ok: z.boolean(),
  checkedAtMs: instantField,
  subjects: countField,
  events: countField,
  problems: listOf(lineField, 100),
  shows: listOf(lineField, 10),
  doesNotShow: listOf(lineField, 10),
});
export type AuditCheck = z.infer<typeof auditCheck>;
