import { z } from "zod";
import { idField, instantField, lineField, listOf, performerDocument, textField } from "./fields.ts";

export const principleDocument = z.object({
  id: idField,
  label: z.string().max(20),
  state: z.enum(["in-force", "superseded", "withdrawn"]),
  statement: lineField,
  explanation: textField,
  writtenBy: performerDocument,
  writtenAtMs: instantField,
  /** The wording this one replaced. */
  replacesId: idField.nullable(),
});
export type PrincipleDocument = z.infer<typeof principleDocument>;

export const principlesDocument = z.object({
  schema: z.literal("xvc.principles/1"),
  items: listOf(principleDocument, 500),
  mayWrite: z.boolean(),
});
export type PrinciplesDocument = z.infer<typeof principlesDocument>;

const wording = {
  statement: z.string().trim().min(1, "is empty: a principle is a sentence").max(500),
  explanation: z.string().trim().max(4_000).optional(),
};

export const principleBody = z.strictObject(wording);
export type PrincipleBody = z.infer<typeof principleBody>;

export const principleRevisionBody = z.strictObject({ ...wording, reason: z.string().trim().max(4_000).optional() });
export type PrincipleRevisionBody = z.infer<typeof principleRevisionBody>;
