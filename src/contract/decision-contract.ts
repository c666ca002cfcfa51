import { z } from "zod";
import { idField, instantField, jsonObjectField, lineField, listOf, pageOf, pageQuery, performerDocument, textField } from "./fields.ts";

export const decisionStateField = z.enum(["proposed", "made", "superseded"]);

/** `GET /api/decisions`. */
export const decisionsQuery = pageQuery.extend({
  state: decisionStateField.optional(),
  /** Label or id of a request. */
  request: z.string().max(200).optional(),
  /** Key or id of a project. */
  project: z.string().min(1).max(100).optional(),
});
export type DecisionsQuery = z.infer<typeof decisionsQuery>;

/** A decision on record as a row. */
export const decisionRow = z.object({
  id: idField,
  state: decisionStateField,
  question: lineField,
  choice: z.string().max(200).nullable(),
  decider: performerDocument.nullable(),
  /** The rule or policy that gave the authority. */
  authority: lineField,
  soloWaiver: z.boolean(),
  madeAtMs: instantField.nullable(),
  requestLabel: z.string().max(50).nullable(),
  requestTitle: lineField.nullable(),
  rehearsal: z.boolean(),
});
export type DecisionRow = z.infer<typeof decisionRow>;

export const decisionPage = pageOf("xvc.decisions/1", decisionRow);
export type DecisionPage = z.infer<typeof decisionPage>;

/** `GET /api/decisions/{reference}`. */
export const decisionDetail = decisionRow.extend({
  schema: z.literal("xvc.decision/1"),
  options: listOf(z.object({ id: z.string().max(200), label: lineField }), 50),
  rationale: textField,
  evidence: jsonObjectField,
  subjectKind: z.string().max(50),
  subjectId: z.string().max(100),
  reviewAtMs: instantField.nullable(),
  outcome: textField.nullable(),
  supersedesId: idField.nullable(),
  supersededById: idField.nullable(),
  /** Later and earlier decisions about the same subject, the newest first. */
  related: listOf(decisionRow, 20),
});
export type DecisionDetail = z.infer<typeof decisionDetail>;

/** `GET /api/memory`. */
export const recallQuery = z.object({ q: z.string().trim().min(2, "needs two characters or more").max(200) });

export const recalledHit = z.object({
  kind: z.enum(["request", "task", "decision", "persona", "person"]),
  /** Where it opens in the page. */
  address: z.string().max(300),
  label: z.string().max(200),
  title: lineField,
  /** Where the words were found, with some of the text around them. */
  found: lineField,
  state: z.string().max(50).nullable(),
  rehearsal: z.boolean(),
});
export type RecalledHit = z.infer<typeof recalledHit>;

export const recallDocument = z.object({
  schema: z.literal("xvc.recall/1"),
  query: z.string().max(200),
  items: listOf(recalledHit, 200),
  /** What was looked through, so that nothing found is not taken for nothing there. */
  searched: listOf(lineField, 10),
});
export type RecallDocument = z.infer<typeof recallDocument>;
