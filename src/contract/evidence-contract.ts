import { z } from "zod";
import { countField, instantField, lineField, listOf } from "./fields.ts";

const numberField = z.number().int().min(1);

/** `GET /api/evidence/checkpoints` and `/api/evidence/check`. */
export const evidenceQuery = z.object({
  /** Number of the last checkpoint of the part before. */
  after: z.coerce.number().int().min(0).max(2_000_000_000).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});

/** Null where the text is not one that was written. */
export const checkpointEntry = z.object({
  number: numberField,
  sealedAtMs: instantField.nullable(),
  events: countField.nullable(),
  versions: countField.nullable(),
  /** `xvc.checkpoint/1`, letter for letter as it was signed. */
  text: z.string().max(2_000),
  /** Ed25519 over the UTF-8 of the text, base64. */
  signature: z.string().max(200),
});

export const checkpointPage = z.object({
  schema: z.literal("xvc.checkpoints/1"),
  /** Ed25519, 32 bytes, base64. */
  publicKey: z.string().max(100),
  latest: checkpointEntry.nullable(),
  items: listOf(checkpointEntry, 100),
  nextAfter: numberField.nullable(),
});
export type CheckpointPage = z.infer<typeof checkpointPage>;

export const evidenceCheck = z.object({
  schema: z.literal("xvc.evidence-check/1"),
  checkpoints: countField,
  events: countField,
  versions: countField,
  problems: listOf(z.object({ number: numberField, message: lineField }), 1_000),
  /** Number to go on after; null: everything that is sealed was checked. */
  nextAfter: numberField.nullable(),
  /** With the last part: rows that no checkpoint covers yet, counted up to 5,000 of each log. */
  unsealed: z.object({ events: countField, versions: countField }).nullable(),
});
export type EvidenceCheck = z.infer<typeof evidenceCheck>;
