import { z } from "zod";
import { decisionRow, verdictField } from "./decision-contract.ts";
import {
  countField,
  idField,
  instantField,
  lineField,
  listOf,
  nameField,
  pageOf,
  pageQuery,
  performerDocument,
  textField,
} from "./fields.ts";

/** Null: it is known that no value is known. */
export const factValueField = z.union([z.string().max(4_000), z.number(), z.boolean(), z.null()]);

/** A value for `[fromMs, toMs)`; null: without an end. */
export const factPeriodDocument = z.object({
  fromMs: z.number().int(),
  toMs: z.number().int().nullable(),
  value: factValueField,
  source: z.object({ text: lineField, address: z.string().max(2_000).nullable() }),
  byId: z.string().max(200),
  by: performerDocument.nullable(),
  recordedAtMs: instantField,
});
export type FactPeriodDocument = z.infer<typeof factPeriodDocument>;

const factHead = {
  id: idField,
  subjectKind: z.string().max(50),
  subjectId: z.string().max(200),
  subjectName: z.string().max(200),
  attribute: z.string().max(200),
};

export const factRow = z.object({
  ...factHead,
  /** The version that was read; whoever changes the fact names it. */
  version: countField,
  /** What holds at the instant asked about; null: nothing is known of it. */
  period: factPeriodDocument.nullable(),
  periodCount: countField,
});
export type FactRow = z.infer<typeof factRow>;

export const factPage = pageOf("xvc.facts/1", factRow);
export type FactPage = z.infer<typeof factPage>;

export const factDetail = factRow.extend({ schema: z.literal("xvc.fact/1"), periods: listOf(factPeriodDocument, 200) });
export type FactDetail = z.infer<typeof factDetail>;

/** `GET /api/facts`. */
export const factsQuery = pageQuery.extend({
  /** A part of what a fact is about, or of its attribute. */
  q: z.string().trim().min(1).max(200).optional(),
  /** Something without a row here, by its name. */
  subject: z.string().trim().min(1).max(200).optional(),
  attribute: z.string().trim().min(1).max(80).optional(),
  project: z.string().min(1).max(100).optional(),
});

const saidFields = {
  value: factValueField,
  source: z.string().trim().min(1, "is empty").max(1_000),
  address: z.string().max(2_000).optional(),
};

/** `POST /api/facts`: a value from an instant on. */
export const factBody = z.strictObject({
  project: z.string().min(1).max(100).optional(),
  /** The name of something without a row here, or a row by its kind and id. */
  subject: z.union([nameField, z.strictObject({ kind: z.string().min(1).max(50), id: idField, name: nameField })]),
  attribute: z.string().trim().min(1, "is empty").max(80),
  ...saidFields,
  /** Absent: from now. */
  fromMs: z.number().int().optional(),
  /** The version that was seen; absent: there was no such fact. */
  version: countField.optional(),
});
export type FactBody = z.infer<typeof factBody>;

/** `POST /api/facts/{reference}/correct`: another value for a time that was believed to be otherwise. */
export const factCorrectionBody = z.strictObject({
  ...saidFields,
  version: countField,
  fromMs: z.number().int(),
  /** Null: without an end. */
  toMs: z.number().int().nullable(),
});
export type FactCorrectionBody = z.infer<typeof factCorrectionBody>;

const standingField = z.enum(["in-force", "proposed", "later", "over", "unrecorded"]);

/** What was believed and decided about something, and what changed since. */
export const beliefsDocument = z.object({
  schema: z.literal("xvc.beliefs/1"),
  /** What was asked about, as people call it. */
  about: z.string().max(300),
  /** As the record was at this instant. */
  recordedMs: instantField,
  /** For what held at this instant. */
  validMs: z.number().int(),
  facts: listOf(
    z.object({
      ...factHead,
      /** What was believed then to hold on that day; null: nothing was. */
      believed: factPeriodDocument.nullable(),
      /** What is known now to have held on that day. */
      known: factPeriodDocument.nullable(),
      /** What holds today, where that is something else. */
      today: factPeriodDocument.nullable(),
      change: z.enum(["same", "corrected", "learned"]),
    }),
    100,
  ),
  decisions: listOf(
    z.object({
      /** As it is now. */
      decision: decisionRow,
      /** How it stood on that day: as the record had it then, and as it has it now. */
      stood: standingField,
      stands: standingField,
      /** What was recorded of it since. */
      changes: listOf(z.enum(["recorded", "made", "superseded", "outcome", "outcome-corrected", "review-moved"]), 6),
      supersededById: idField.nullable(),
      outcome: z.object({ verdict: verdictField, text: textField, atMs: instantField }).nullable(),
    }),
    100,
  ),
  /** More match than are told. */
  more: z.boolean(),
  /** Words that were taken because nothing has the wanted ones. */
  similar: listOf(z.string().max(100), 60),
});
export type BeliefsDocument = z.infer<typeof beliefsDocument>;
