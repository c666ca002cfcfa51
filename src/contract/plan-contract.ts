import { z } from "zod";
import {
  countField,
  executorField,
  idField,
  instantField,
  jsonField,
  jsonObjectField,
  lineField,
  listOf,
  microField,
  nameField,
  performerDocument,
  riskField,
  sha256Field,
  textField,
  wireLimits,
} from "./fields.ts";
import { taskStateField } from "./task-contract.ts";

const hoursField = z.number().min(0).max(1_000_000);
const keyField = z.string().min(1).max(100);

export const estimateDocument = z.object({ lowHours: hoursField, likelyHours: hoursField, highHours: hoursField });

/** How a criterion is checked; a `rule` carries its own arguments. */
export const checkDocument = z.union([
  z.object({ kind: z.literal("output"), output: nameField, mediaType: z.string().max(200).optional() }),
  z.object({ kind: z.literal("schema"), output: nameField, schema: jsonObjectField }),
  z.looseObject({ kind: z.literal("rule"), rule: keyField }),
  z.object({ kind: z.literal("command"), run: z.string().min(1).max(4_000) }),
  z.object({ kind: z.literal("reviewer"), reviewer: keyField }),
  z.object({ kind: z.literal("person"), question: lineField }),
]);

export const criterionDocument = z.object({ id: keyField, statement: lineField, check: checkDocument });
export type CriterionDocument = z.infer<typeof criterionDocument>;

export const planTaskDocument = z.object({
  task: keyField,
  title: lineField,
  persona: keyField,
  dependencies: listOf(keyField),
  skills: listOf(keyField, 100),
  tools: listOf(keyField, 100),
  inputs: listOf(nameField, 200),
  outputs: listOf(nameField, 200),
  estimate: estimateDocument,
  costMicro: microField,
  acceptance: listOf(criterionDocument, 100),
  risk: riskField,
  origin: lineField,
  review: z.enum(["checks", "independent", "person"]),
  executor: executorField.optional(),
  outputSchema: jsonObjectField.optional(),
  maxAttempts: z.number().int().min(1).max(20),
  division: z.string().max(100).optional(),
});
export type PlanTaskDocument = z.infer<typeof planTaskDocument>;

export const forecastDocument = z.object({
  p50Hours: hoursField,
  p80Hours: hoursField,
  p90Hours: hoursField,
  criticalPath: listOf(keyField, wireLimits.planTasks),
  costMicro: z.object({ p50: microField, p90: microField }),
});
export type ForecastDocument = z.infer<typeof forecastDocument>;

/** `xvc.plan/1`, complete. */
export const planDocument = z.object({
  schema: z.literal("xvc.plan/1"),
  request: textField,
  version: z.number().int().min(1).max(1_000_000),
  decomposition: listOf(planTaskDocument, wireLimits.planTasks),
  estimated_timeline: z.string().max(200),
  resource_requirements: jsonObjectField,
  currency: z.string().max(10),
  deliverable: listOf(nameField, 200).optional(),
  forecast: forecastDocument.optional(),
});
export type PlanDocumentWire = z.infer<typeof planDocument>;

/** A plan as people may write it: only the tasks are needed, core fills in and judges the rest. */
export const planInput = z.looseObject({ decomposition: listOf(jsonObjectField, wireLimits.planTasks) });
export type PlanInput = z.infer<typeof planInput>;

/** Hash of the plan that was changed (`documentSha256` of the one that was read); another one by now is refused as `plan.changed`. */
const seenField = sha256Field.optional();

/** `POST /api/requests/:id/plan`: one of three ways to write it. */
export const planProposalBody = z.union([
  z.strictObject({ document: planInput, seenSha256: seenField }),
  z.strictObject({ markdown: z.string().min(1).max(wireLimits.documentChars) }),
  z.strictObject({ table: listOf(jsonObjectField, wireLimits.planTasks) }),
]);
export type PlanProposalBody = z.infer<typeof planProposalBody>;

export const planCheckBody = z.strictObject({ document: jsonField });

/** One thing wrong or odd about a plan. `error` refuses it, `warning` is shown. */
export const planProblem = z.object({
  severity: z.enum(["error", "warning"]),
  code: z.string().max(200),
  task: z.string().nullable(),
  message: textField,
});
export type PlanProblem = z.infer<typeof planProblem>;

export const planCheckAnswer = z.object({ schema: z.literal("xvc.plan-check/1"), ok: z.boolean(), problems: listOf(planProblem, 500) });
export type PlanCheckAnswer = z.infer<typeof planCheckAnswer>;

/** Where one planned task stands. */
export const plannedTaskState = z.object({
  taskId: idField,
  task: keyField,
  state: taskStateField,
  stateSinceMs: instantField,
  blockedBy: lineField.nullable(),
  performer: performerDocument.nullable(),
  executor: executorField.nullable(),
  attemptCount: countField,
  round: countField,
  costMicro: microField,
});
export type PlannedTaskState = z.infer<typeof plannedTaskState>;

export const planSummary = z.object({
  id: idField,
  requestId: idField,
  number: countField,
  state: z.enum(["proposed", "approved", "rejected", "superseded"]),
  title: lineField,
  origin: z.object({
    kind: z.enum(["playbook", "person", "model"]),
    name: lineField,
    edited: z.boolean(),
    proven: z.boolean(),
    author: performerDocument.nullable(),
  }),
  alwaysReview: listOf(z.string().max(40), 10),
  taskCount: countField,
  costMicro: microField,
  currency: z.string().max(10),
  forecast: forecastDocument.nullable(),
  documentSha256: z.string().max(64),
  proposedAtMs: instantField,
  decidedAtMs: instantField.nullable(),
});
export type PlanSummary = z.infer<typeof planSummary>;

/** `GET /api/requests/:id/plan`: the document (`xvc.plan/1`), where each task stands, and what the reader may do. */
export const planView = z.object({
  schema: z.literal("xvc.plan-view/1"),
  plan: planSummary,
  document: planDocument,
  tasks: listOf(plannedTaskState, wireLimits.planTasks),
  problems: listOf(planProblem, 500),
  /** The approval that waits, if any. */
  approvalItemId: idField.nullable(),
  mayDecide: z.boolean(),
  whyNot: lineField.nullable(),
  /** Text a lone person types to approve (the act's short id); null: nobody has to. */
  confirm: z.string().max(50).nullable(),
  /** Tasks whose persona has not passed a suite with what would do them: all of their results are judged. */
  provisional: listOf(keyField, wireLimits.planTasks).optional(),
});
export type PlanView = z.infer<typeof planView>;

export const planList = z.object({ schema: z.literal("xvc.plans/1"), items: listOf(planSummary, 500) });
export type PlanList = z.infer<typeof planList>;

/** `POST /api/plans/:id/{approve,reject}`. */
export const planDecisionBody = z.strictObject({
  reason: z.string().trim().max(4_000).optional(),
  confirm: z.string().trim().max(50).optional(),
  /** Hash of the plan that was looked at; another one by now means that it has changed. */
  documentSha256: sha256Field.optional(),
  /** `reject` only: another plan is asked for instead of ending the request. */
  changes: z.boolean().optional(),
});
export type PlanDecisionBody = z.infer<typeof planDecisionBody>;

/** `POST /api/plans/:id/patch`: the whole plan as it shall be. What has started stays as it is. */
export const planPatchBody = z.strictObject({
  reason: z.string().trim().min(1, "is empty: say why the plan changes").max(4_000),
  document: planInput,
  seenSha256: seenField,
  /** The request's label, typed to decide about one's own change where nobody else could. */
  confirm: z.string().trim().max(50).optional(),
});
export type PlanPatchBody = z.infer<typeof planPatchBody>;

/** What differs between two versions of a plan. */
export const planDiff = z.object({
  schema: z.literal("xvc.plan-diff/1"),
  from: countField,
  to: countField,
  added: listOf(keyField, wireLimits.planTasks),
  removed: listOf(keyField, wireLimits.planTasks),
  changed: listOf(z.object({ task: keyField, fields: listOf(keyField, 50) }), wireLimits.planTasks),
});
export type PlanDiff = z.infer<typeof planDiff>;
