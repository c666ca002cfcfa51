import { z } from "zod";
import { countField, idField, instantField, lineField, listOf, performerDocument, sha256Field } from "./fields.ts";

const keyField = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*$/u, "has lower-case letters, digits and -, and starts with a letter");
/** Cedar; what is too long is told with its length by the engine, so the wire lets a little more through. */
const policyTextField = z.string().max(20_000);
const reasonField = z.string().max(2_000);
const policyNames = listOf(z.string().max(80), 200);

export const policyStateField = z.enum(["proposed", "in-force", "rejected", "superseded", "withdrawn"]);

export const policyDocument = z.object({
  id: idField,
  name: z.string().max(80),
  key: z.string().max(64),
  policyVersion: z.number().int().min(1),
  state: policyStateField,
  statement: z.string().max(300),
  text: policyTextField,
  reason: reasonField,
  proposedBy: performerDocument.nullable(),
  proposedAtMs: instantField,
  approvedBy: listOf(performerDocument, 10),
  soloWaiver: z.boolean(),
  decidedAtMs: instantField.nullable(),
  withdrawal: z.object({ by: performerDocument, reason: reasonField, atMs: instantField }).nullable(),
  may: z.object({
    agree: z.boolean(),
    reject: z.boolean(),
    withdraw: z.boolean(),
    confirm: z.string().max(80).nullable(),
    whyNot: lineField.nullable(),
  }),
});
export type PolicyDocument = z.infer<typeof policyDocument>;

export const policiesDocument = z.object({
  schema: z.literal("xvc.policies/1"),
  setSha256: sha256Field,
  mayPropose: z.boolean(),
  items: listOf(policyDocument, 200),
  /** Shipped policies that this organization never had: it was founded before them. */
  missing: listOf(z.object({ key: z.string().max(64), statement: z.string().max(300), text: policyTextField }), 100),
});
export type PoliciesDocument = z.infer<typeof policiesDocument>;

export const policyDetail = z.object({
  schema: z.literal("xvc.policy/1"),
  policy: policyDocument,
  versions: listOf(policyDocument, 200),
});
export type PolicyDetail = z.infer<typeof policyDetail>;

/** `POST /api/policies`. */
export const policyBody = z.strictObject({
  key: keyField,
  statement: z.string().trim().min(1, "is empty").max(300),
  text: policyTextField,
  reason: z.string().trim().min(1, "is empty").max(2_000),
});
export type PolicyBody = z.infer<typeof policyBody>;

/** `POST /api/policy-check`. */
export const policyCheckBody = z.strictObject({ text: policyTextField });
export const policyProblemDocument = z.object({ message: z.string().max(1_000), line: countField, column: countField });
export const policyCheck = z.object({ schema: z.literal("xvc.policy-check/1"), problems: listOf(policyProblemDocument, 20) });
export type PolicyCheck = z.infer<typeof policyCheck>;

/** `POST /api/policy-change-check`: a text in the place of its key's policy, or the key's policy gone. */
export const policyDiffBody = z.strictObject({ key: keyField, text: policyTextField.nullable() });

const verdictDocument = z.object({ allowed: z.boolean(), policies: policyNames, errors: listOf(z.string().max(400), 10) });

export const policyDiffDocument = z.object({
  schema: z.literal("xvc.policy-diff/1"),
  definition: lineField,
  flips: listOf(
    z.object({
      decisionId: idField,
      requestId: idField.nullable(),
      question: lineField,
      choice: z.string().max(200).nullable(),
      who: performerDocument,
      action: z.string().max(60),
      madeAtMs: instantField.nullable(),
      before: verdictDocument,
      after: verdictDocument,
    }),
    200,
  ),
  flipCount: countField,
  reach: listOf(
    z.object({ who: performerDocument, action: z.string().max(60), example: lineField, before: verdictDocument, after: verdictDocument }),
    200,
  ),
  reachCount: countField,
  replayed: countField,
  looked: countField,
  complete: z.boolean(),
});
export type PolicyDiffDocument = z.infer<typeof policyDiffDocument>;

/** `POST /api/policies/{reference}/agree`. `confirm`: typed by somebody who decides alone. */
export const policyAgreeBody = z.strictObject({ confirm: z.string().max(80).optional() });
export const policyReasonBody = z.strictObject({ reason: z.string().trim().min(1, "is empty").max(2_000) });

/** `GET /api/oversight/load`. */
export const decisionLoadDocument = z.object({
  schema: z.literal("xvc.decision-load/1"),
  definition: lineField,
  fromMs: instantField,
  toMs: instantField,
  workingDays: countField,
  arrived: countField,
  answered: countField,
  arrivedPerDay: z.number().min(0),
  answeredPerDay: z.number().min(0),
  open: countField,
  medianAgeMs: z.number().min(0).nullable(),
  oldestAgeMs: z.number().min(0).nullable(),
  overloaded: z.boolean(),
  n: countField,
  complete: z.boolean(),
});
export type DecisionLoadDocument = z.infer<typeof decisionLoadDocument>;
