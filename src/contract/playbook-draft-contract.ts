import { z } from "zod";
import { jsonObjectField, lineField, listOf, textField } from "./fields.ts";

/** `POST /api/requests/:id/playbook-draft`: what a person chooses about it. */
export const playbookDraftBody = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/u, "is no playbook name: lower-case letters, digits, - and _")
    .optional(),
  /** Phrases by which a request finds it. */
  matches: listOf(lineField, 200).optional(),
});
export type PlaybookDraftBody = z.infer<typeof playbookDraftBody>;

export const playbookDraft = z.object({
  schema: z.literal("xvc.playbook-draft/1"),
  /** An `xvc.playbook/1`, ready for `POST /api/playbooks`. */
  playbook: jsonObjectField,
  /** What would keep it from being added. */
  problems: listOf(textField, 500),
});
export type PlaybookDraft = z.infer<typeof playbookDraft>;
