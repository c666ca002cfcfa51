import { z } from "zod";
import { idField, instantField, lineField, listOf, performerDocument } from "./fields.ts";

export const haltScopeField = z.enum(["everything", "project", "persona", "tool", "provider"]);

export const haltDocument = z.object({
  id: idField,
  scope: haltScopeField,
  scopeId: z.string().max(200),
  label: lineField,
  state: z.enum(["set", "lifting", "lifted"]),
  reason: z.string().max(2_000),
  setBy: performerDocument,
  setAtMs: instantField,
  liftedBy: performerDocument.nullable(),
  liftedAtMs: instantField.nullable(),
});
export type HaltDocument = z.infer<typeof haltDocument>;

export const haltsDocument = z.object({
  schema: z.literal("xvc.halts/1"),
  items: listOf(haltDocument, 200),
  maySet: z.boolean(),
  mayLift: z.boolean(),
});
export type HaltsDocument = z.infer<typeof haltsDocument>;

/** `POST /api/halts`. A project may be named by its key. */
export const haltBody = z.strictObject({
  scope: haltScopeField,
  scopeId: z.string().trim().max(200).default(""),
  reason: z.string().trim().min(1, "is empty").max(2_000),
});
export type HaltBody = z.infer<typeof haltBody>;

export const haltLiftBody = z.strictObject({ reason: z.string().trim().max(2_000).default("") });
