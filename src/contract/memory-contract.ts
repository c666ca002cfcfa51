import { z } from "zod";
import { actorDocument, countField, idField, instantField, jsonField, jsonObjectField, lineField, listOf, wireLimits } from "./fields.ts";

/** Kind of row as its table is called, such as `inbox_item`; hyphens stand for underscores. */
export const kindField = z.string().regex(/^[a-z][a-z_-]{1,39}$/u, "is no kind of row");

/** A row by its id or by what people call it: `ENG-42`, `ENG-42/backend`, `O-3`, the key of a persona or policy. */
export const rowReferenceField = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w][\w.@/-]*$/u, "is neither an id nor a label");

export const rowQuery = z.object({ kind: kindField, ref: rowReferenceField });

export const historyQuery = rowQuery.extend({
  before: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  limit: z.coerce.number().int().min(1).max(wireLimits.pageRows).optional(),
});

const versionField = z.number().int().min(1);

const versionFields = {
  version: versionField,
  recordedAtMs: instantField,
  actor: actorDocument,
  cause: z.string().max(500),
};

/** `GET /api/memory/as-of`: one row whole, as it was recorded. */
export const memoryAsOf = z.object({
  schema: z.literal("xvc.memory-as-of/1"),
  kind: kindField,
  id: idField,
  atMs: instantField.nullable(),
  ...versionFields,
  row: jsonObjectField,
});
export type MemoryAsOf = z.infer<typeof memoryAsOf>;

const changeKind = z.enum(["added", "removed", "changed"]);

const historyEntry = z.object({
  ...versionFields,
  changes: listOf(
    z.object({
      path: lineField,
      kind: changeKind,
      before: lineField.nullable(),
      after: lineField.nullable(),
    }),
    20,
  ),
  more: countField,
});

/** `GET /api/memory/history`: what a row was, the newest version first. */
export const memoryHistory = z.object({
  schema: z.literal("xvc.memory-history/1"),
  kind: kindField,
  id: idField,
  items: listOf(historyEntry, wireLimits.pageRows),
  nextBefore: versionField.nullable(),
});
export type MemoryHistory = z.infer<typeof memoryHistory>;

const diffSide = z.object({ atMs: instantField.nullable(), version: versionField, recordedAtMs: instantField, actor: actorDocument });

/** A line of a text that was compared, or how many lines are left out because both have them. */
export const textLine = z.object({
  kind: z.enum(["same", "added", "removed", "skipped"]),
  text: z.string().max(wireLimits.documentChars),
  /** Lines that this stands for. */
  lines: countField,
});
export type TextLine = z.infer<typeof textLine>;

export const diffChange = z.object({
  path: z.string().max(20_000),
  kind: changeKind,
  before: jsonField,
  after: jsonField,
  /** Line by line, where both are texts of several lines; null: compare the values. */
  lines: listOf(textLine, 4_000).nullable(),
});
export type DiffChangeDocument = z.infer<typeof diffChange>;

/** `GET /api/memory/diff`: what changed of a row from one instant to another. */
export const memoryDiff = z.object({
  schema: z.literal("xvc.memory-diff/1"),
  kind: kindField,
  id: idField,
  from: diffSide,
  to: diffSide,
  changes: listOf(diffChange, 500),
  more: countField,
});
export type MemoryDiff = z.infer<typeof memoryDiff>;

const changeRow = z.object({
  cursor: z.string().max(50),
  kind: kindField,
  id: idField,
  projectId: idField.nullable(),
  ...versionFields,
  operation: z.enum(["created", "changed"]),
  title: lineField,
  state: z.string().max(50).nullable(),
});

/** `GET /api/memory/changes`: every version since, each once, in the order of commits. */
export const memoryChanges = z.object({
  schema: z.literal("xvc.memory-changes/1"),
  items: listOf(changeRow, wireLimits.pageRows),
  nextCursor: z.string().max(50).nullable(),
});
export type MemoryChanges = z.infer<typeof memoryChanges>;
