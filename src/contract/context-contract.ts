import { z } from "zod";
import { pieceKinds, packLimits } from "../core/memory/context-pack.ts";
import { countField, idField, instantField, lineField, listOf, sha256Field } from "./fields.ts";

/** Lines of a manifest that cross the wire: all that is told, and the best of what is left out. The stored manifest has every one. */
export const contextRows = 500;

/** A source such as `decision:<id>`; parts of files have the file's name in it. */
const pieceIdField = z.string().min(1).max(1_000);
const titleField = z.string().max(2_000);
const shareField = z.number().min(0).max(1);

/** One piece of what is known, in or out, with the reason. */
export const contextRow = z.object({
  id: pieceIdField,
  kind: z.enum(pieceKinds),
  title: titleField,
  pinned: z.boolean(),
  relevance: shareField,
  /** An estimate: of what is told, or of the whole piece when it is left out. */
  tokens: countField,
  state: z.enum(["whole", "shortened", "left-out"]),
  reason: lineField,
  why: z.string().max(3_000).nullable(),
  duplicateOf: pieceIdField.nullable(),
});
export type ContextRow = z.infer<typeof contextRow>;

export const contextQuery = z.object({
  /** Tokens, by the estimate. */
  budget: z.coerce.number().int().min(packLimits.minTokens).max(packLimits.maxTokens).optional(),
});

/** `GET /api/tasks/:id/context`: what the task's performer is told, and why. */
export const contextDocument = z.object({
  schema: z.literal("xvc.context/1"),
  taskId: idField,
  label: z.string().max(200),
  budgetTokens: countField,
  tokens: countField,
  estimate: z.literal("characters / 4"),
  /** SHA-256 of all that is told, as one text. */
  packSha256: sha256Field,
  looked: listOf(lineField, 20),
  /** Pieces left out, all of them. */
  leftOut: countField,
  rows: listOf(contextRow, contextRows),
  /** As they are told, in reading order. */
  pieces: listOf(
    z.object({
      id: pieceIdField,
      kind: z.enum(pieceKinds),
      title: titleField,
      text: z.string().max(4 * packLimits.maxTokens),
      pinned: z.boolean(),
      relevance: shareField,
      reason: lineField,
    }),
    packLimits.pieces,
  ),
  /** What was told when work began; null: nothing was kept of it. */
  given: z
    .object({
      attemptId: idField,
      number: countField,
      atMs: instantField,
      tokens: countField,
      budgetTokens: countField,
      /** What would be told now is word for word the same. */
      same: z.boolean(),
      leftOut: countField,
      /** Null: the manifest's content is not here any more. */
      rows: listOf(contextRow, contextRows).nullable(),
    })
    .nullable(),
});
export type ContextDocument = z.infer<typeof contextDocument>;
