import { z } from "zod";
import { idField, instantField, lineField, listOf, performerDocument, textField } from "./fields.ts";
import { servesFields } from "./progress-contract.ts";
import { requestStateField, stageField } from "./request-contract.ts";

const measureField = z.number().min(-1e15).max(1e15);
const shareField = z.number().min(0).max(1);

export const keyResultDocument = z.object({
  id: z.string().max(40),
  statement: lineField,
  unit: z.string().max(40),
  startValue: measureField,
  targetValue: measureField,
  currentValue: measureField,
  /** From start to target, 0 to 1. */
  progress: shareField,
});
export type KeyResultDocument = z.infer<typeof keyResultDocument>;

export const objectiveSummary = z.object({
  id: idField,
  label: z.string().max(20),
  state: z.enum(["open", "reached", "missed", "withdrawn"]),
  title: lineField,
  owner: performerDocument,
  dueAtMs: instantField.nullable(),
  keyResults: listOf(keyResultDocument, 10),
  /** Mean over its key results, 0 to 1; null: it has none. */
  progress: shareField.nullable(),
  mayChange: z.boolean(),
});
export type ObjectiveSummary = z.infer<typeof objectiveSummary>;

export const objectivesDocument = z.object({
  schema: z.literal("xvc.objectives/1"),
  items: listOf(objectiveSummary, 500),
  mayCreate: z.boolean(),
});
export type ObjectivesDocument = z.infer<typeof objectivesDocument>;

export const objectiveDocument = objectiveSummary.extend({
  schema: z.literal("xvc.objective/1"),
  requests: listOf(
    z.object({
      id: idField,
      label: z.string().max(50),
      title: lineField,
      state: requestStateField,
      stage: stageField,
      stateSinceMs: instantField,
    }),
    200,
  ),
  changes: listOf(
    z.object({
      kind: z.string().max(100),
      atMs: instantField,
      by: lineField,
      keyResultId: z.string().max(40).nullable(),
      from: measureField.nullable(),
      to: measureField.nullable(),
      reason: textField,
    }),
    50,
  ),
});
export type ObjectiveDocument = z.infer<typeof objectiveDocument>;

/** `POST /api/objectives`. */
export const objectiveBody = z.strictObject({
  title: z.string().trim().min(1, "is empty").max(300),
  /** Absent: whoever creates it. */
  ownerId: idField.optional(),
  dueAtMs: instantField.optional(),
  keyResults: listOf(
    z.strictObject({
      statement: z.string().trim().min(1, "is empty").max(300),
      unit: z.string().trim().max(40).optional(),
      startValue: measureField,
      targetValue: measureField,
    }),
    10,
  ).optional(),
});
export type ObjectiveBody = z.infer<typeof objectiveBody>;

export const keyResultBody = z.strictObject({
  keyResultId: z.string().min(1).max(40),
  value: measureField,
  reason: z.string().trim().min(1, "is empty: say where the value comes from").max(4_000),
});
export type KeyResultBody = z.infer<typeof keyResultBody>;

export const objectiveEndBody = z.strictObject({
  outcome: z.enum(["reached", "missed", "withdrawn"]),
  reason: z.string().trim().min(1, "is empty: say why it ends like this").max(4_000),
});
export type ObjectiveEndBody = z.infer<typeof objectiveEndBody>;

/** `POST /api/requests/:id/objective`: id or label; null: it serves none. */
export const servingBody = z.strictObject({ objective: z.string().min(1).max(100).nullable() });
export type ServingBody = z.infer<typeof servingBody>;

/** `GET /api/requests/:id/serves`. */
export const servesDocument = servesFields.extend({ schema: z.literal("xvc.serves/1") });
export type ServesDocument = z.infer<typeof servesDocument>;
