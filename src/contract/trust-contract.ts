import { z } from "zod";
import {
  countField,
  executorField,
  idField,
  instantField,
  jsonObjectField,
  lineField,
  listOf,
  microField,
  nameField,
  performerDocument,
} from "./fields.ts";

const keyField = z.string().regex(/^[a-z][a-z0-9_-]{0,99}$/u, "is no key: lower-case letters, digits, - and _");
const partField = z.number().min(0).max(1);
export const rungField = z.enum(["suggest", "review", "sampled"]);

/** Figures with their number: 95 %, of the share that was good. */
const evidenceDocument = z.object({ n: countField, good: countField, low: partField, high: partField });
export type EvidenceDocument = z.infer<typeof evidenceDocument>;

const suiteCostDocument = z.object({
  providerId: idField,
  provider: nameField,
  model: nameField,
  local: z.boolean(),
  /** An estimate; null: nobody has said what the model costs. */
  estimateMicro: microField.nullable(),
});

const suiteSummary = z.object({
  id: idField,
  name: lineField,
  title: lineField,
  personas: listOf(keyField),
  taskTypes: listOf(keyField),
  cases: countField,
  repeats: countField,
  trials: countField,
  /** Passed trials from which on the bar is passed. */
  needed: countField,
  lower: partField,
  origin: z.enum(["shipped", "own"]),
});
export type SuiteSummary = z.infer<typeof suiteSummary>;

export const suitesDocument = z.object({ schema: z.literal("xvc.suites/1"), items: listOf(suiteSummary, 1_000) });

const trialDocument = z.object({
  number: countField,
  caseId: keyField,
  passed: z.boolean(),
  reason: lineField,
  interpretation: z.string().max(2_000),
  costMicro: microField,
  endedAtMs: instantField,
});

const qualificationDocument = z.object({
  id: idField,
  suite: lineField,
  personaVersion: countField,
  executor: executorField,
  model: z.string().max(300).nullable(),
  state: z.enum(["running", "passed", "failed", "stopped"]),
  planned: countField,
  figures: evidenceDocument,
  estimateMicro: microField.nullable(),
  costMicro: microField,
  startedBy: performerDocument,
  startedAtMs: instantField,
  endedAtMs: instantField.nullable(),
  stopReason: lineField,
  trials: listOf(trialDocument, 100),
});
export type QualificationDocument = z.infer<typeof qualificationDocument>;

const proofDocument = z.object({
  executor: executorField,
  personaVersion: countField,
  model: z.string().max(300).nullable(),
  suite: lineField,
  atMs: instantField,
  /** It is of the present version. */
  holds: z.boolean(),
});

const rungChangeDocument = z.object({
  from: rungField,
  to: rungField,
  atMs: instantField,
  /** Null: it fell by itself. */
  by: performerDocument.nullable(),
  reason: z.string().max(2_000),
  evidence: evidenceDocument,
});

const ladderDocument = z.object({
  taskType: z.string().max(200),
  rung: rungField,
  /** Of its results that are judged. */
  share: partField,
  evidence: evidenceDocument,
  redirections: countField,
  /** The open question whether it may rise; null: none. */
  itemId: idField.nullable(),
  sinceMs: instantField,
  history: listOf(rungChangeDocument, 100),
});
export type LadderDocument = z.infer<typeof ladderDocument>;

const candidacyDocument = z.object({
  id: idField,
  state: z.enum(["running", "promoted", "rolled-back", "withdrawn"]),
  baseVersion: countField,
  candidateVersion: countField,
  share: partField,
  base: evidenceDocument,
  candidate: evidenceDocument,
  startedAtMs: instantField,
  endedAtMs: instantField.nullable(),
  endReason: z.string().max(2_000),
});
export type CandidacyDocument = z.infer<typeof candidacyDocument>;

export const trustDocument = z.object({
  schema: z.literal("xvc.trust/1"),
  personaKey: keyField,
  personaVersion: countField,
  currency: z.string().max(10),
  mayChange: z.boolean(),
  /** How its work is done: with which executors it is provisional. */
  executors: listOf(z.object({ executor: executorField, needsProof: z.boolean(), provisional: z.boolean() }), 10),
  proofs: listOf(proofDocument, 100),
  suites: listOf(suiteSummary.extend({ costs: listOf(suiteCostDocument, 1_000) }), 1_000),
  qualifications: listOf(qualificationDocument, 20),
  ladders: listOf(ladderDocument),
  candidacies: listOf(candidacyDocument, 20),
});
export type TrustDocument = z.infer<typeof trustDocument>;

const reasonField = z.string().trim().min(1, "is missing: say why").max(2_000);

/** `POST /api/suites`: an `xvc.suite/1` document. */
export const suiteBody = jsonObjectField;

/** `POST /api/personas/{reference}/qualify`: the go for one run, with the estimate that was shown. */
export const qualifyBody = z.strictObject({
  suiteId: idField,
  executor: executorField.default("model"),
  personaVersion: countField.optional(),
  providerId: idField.nullable().default(null),
  model: z.string().max(120).nullable().default(null),
  project: z.string().max(200).optional(),
  shownMicro: microField.nullable(),
  capMicro: microField,
});
export type QualifyBody = z.infer<typeof qualifyBody>;

export const stopBody = z.strictObject({ reason: reasonField });

/** `POST /api/personas/{reference}/lower`. */
export const lowerBody = z.strictObject({ taskType: z.string().trim().min(1).max(200), to: rungField, reason: reasonField });

/** `POST /api/personas/{reference}/candidacy`: a new version beside the present one, as an entry of `xvc.personas/1`. */
export const candidacyBody = z.strictObject({ persona: jsonObjectField, share: z.number().min(0.01).max(0.9), reason: reasonField });

export const shareBody = z.strictObject({ share: z.number().min(0.01).max(0.9) });

/** `POST /api/tasks/{reference}/redirect`: how the task is to be understood. */
export const redirectBody = z.strictObject({ attemptId: idField, direction: z.string().trim().min(1, "is missing").max(2_000) });

/** How far whoever made an attempt is trusted. */
export const attemptTrust = z.object({
  /** It has not passed a suite: everything is judged, and nothing of consequence is done. */
  provisional: z.boolean(),
  personaVersion: countField.nullable(),
  /** Null: nothing was handed in yet. */
  watch: z
    .object({
      by: z.enum(["nobody", "reviewer", "person"]),
      rung: z.enum(["suggest", "review", "sampled"]).nullable(),
      share: z.number().min(0).max(1),
      draw: z.number().min(0).max(1).nullable(),
      reasons: listOf(lineField, 10),
    })
    .nullable(),
  /** A person said that the task was understood wrongly. */
  redirection: z.object({ direction: z.string().max(2_000), by: performerDocument, atMs: instantField }).nullable(),
});
export type AttemptTrust = z.infer<typeof attemptTrust>;
