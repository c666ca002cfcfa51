import { z } from "zod";
import {
  countField,
  idField,
  instantField,
  jsonObjectField,
  lineField,
  listOf,
  nameField,
  pageOf,
  pageQuery,
  performerDocument,
  referenceField,
  textField,
} from "./fields.ts";

export const decisionStateField = z.enum(["proposed", "made", "superseded"]);

export const verdictField = z.enum(["held", "mixed", "failed"]);

const pointField = z.string().trim().min(1).max(500);

const optionDocument = z.object({
  id: z.string().max(200),
  label: lineField,
  pros: listOf(pointField, 20),
  cons: listOf(pointField, 20),
});

/** What a decision rests on: a page of the web, or a row here. */
const evidenceLink = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("address"), label: nameField, address: z.string().max(2_000) }),
  z.strictObject({ kind: z.literal("record"), label: nameField, subjectKind: z.string().max(50), subjectId: idField }),
]);

const confidenceDocument = z.strictObject({ probability: z.number().min(0).max(1), wouldProveWrong: z.string().trim().min(1).max(4_000) });

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
  topic: z.string().max(200).nullable(),
  /** In force from and until; null until: another decision has not taken its place. */
  validFromMs: instantField.nullable(),
  validToMs: instantField.nullable(),
  /** How it turned out; null: not recorded. */
  verdict: verdictField.nullable(),
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
  /** The version that was read; whoever changes the decision names it. */
  version: countField,
  origin: z.enum(["flow", "recorded"]),
  projectKey: z.string().max(50).nullable(),
  options: listOf(optionDocument, 50),
  confidence: confidenceDocument.nullable(),
  links: listOf(evidenceLink, 50),
  rationale: textField,
  evidence: jsonObjectField,
  subjectKind: z.string().max(50),
  subjectId: z.string().max(100),
  reviewAtMs: instantField.nullable(),
  outcome: z.object({ verdict: verdictField, text: textField, by: performerDocument.nullable(), atMs: instantField }).nullable(),
  supersedesId: idField.nullable(),
  supersededById: idField.nullable(),
  /** Whether the reader may make, judge and replace it, and why not. */
  may: z.object({ decide: z.boolean(), reason: lineField.nullable() }),
  /** Later and earlier decisions about the same subject, the newest first. */
  related: listOf(decisionRow, 20),
});
export type DecisionDetail = z.infer<typeof decisionDetail>;

const reasonField = z.string().trim().max(4_000);

/** `POST /api/decisions`: made with a choice, proposed without one. */
export const decisionBody = z.strictObject({
  /** Key or id of the project; without one that of the request, or the only one there is. */
  project: z.string().min(1).max(100).optional(),
  /** Label or id of the request it belongs to. */
  request: referenceField.optional(),
  /** The row it is about; without one its request, or its project. */
  subject: z.strictObject({ kind: z.string().min(1).max(50), id: idField }).optional(),
  /** What it is about in a few words. */
  topic: z.string().trim().min(1).max(80).optional(),
  question: z.string().trim().min(1).max(500),
  options: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]{0,39}$/u, "is no id such as option-1")
          .optional(),
        label: nameField,
        pros: z.array(pointField).max(20).optional(),
        cons: z.array(pointField).max(20).optional(),
      }),
    )
    .min(1)
    .max(20),
  /** The id of an option, or its label. */
  choice: z.string().trim().min(1).max(200).optional(),
  rationale: reasonField.optional(),
  confidence: confidenceDocument.optional(),
  links: z.array(evidenceLink).max(50).optional(),
  reviewAtMs: instantField.optional(),
  validFromMs: instantField.optional(),
  supersedes: z.strictObject({ id: idField, version: countField }).optional(),
});
export type DecisionBody = z.infer<typeof decisionBody>;

/** `POST /api/decisions/{reference}/make`. */
export const decisionMakeBody = z.strictObject({
  version: countField,
  choice: z.string().trim().min(1).max(200),
  rationale: reasonField.optional(),
  validFromMs: instantField.optional(),
});

/** `POST /api/decisions/{reference}/outcome`. */
export const decisionOutcomeBody = z.strictObject({ version: countField, verdict: verdictField, text: reasonField });

/** `POST /api/decisions/{reference}/review`: null takes the day away. */
export const decisionReviewBody = z.strictObject({ version: countField, reviewAtMs: instantField.nullable() });
