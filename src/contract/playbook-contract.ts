import { z } from "zod";
import { idField, jsonObjectField, lineField, listOf, nameField } from "./fields.ts";
import { planInput } from "./plan-contract.ts";

const keyField = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/u, "is no playbook name: lower-case letters, digits, - and _");

/** `xvc.playbook/1`, as `POST /api/playbooks` takes it. */
export const playbookDocument = z.object({
  schema: z.literal("xvc.playbook/1"),
  name: keyField,
  version: z.number().int().min(1).max(1_000_000),
  division: z.string().max(100).optional(),
  matches: listOf(lineField, 200),
  inputs: listOf(z.object({ name: nameField, kind: z.string().max(100), required: z.boolean().optional() }), 50),
  deliverable: listOf(nameField, 200).optional(),
  plan: planInput,
});

/** What adds a playbook: its own form, or a bare plan such as the vision's, which is named after its `request`. */
export const playbookBody = z.union([playbookDocument, planInput]);
export type PlaybookBody = z.infer<typeof playbookBody>;

export const playbookSummary = z.object({
  id: idField,
  name: z.string().max(100),
  version: z.number().int(),
  division: z.string().max(100),
  matches: listOf(lineField, 200),
  inputs: listOf(z.object({ name: nameField, kind: z.string().max(100), required: z.boolean() }), 50),
  taskCount: z.number().int().min(0),
});
export type PlaybookSummary = z.infer<typeof playbookSummary>;

export const playbooksDocument = z.object({ schema: z.literal("xvc.playbooks/1"), items: listOf(playbookSummary, 1_000) });
export type PlaybooksDocument = z.infer<typeof playbooksDocument>;

/** `GET /api/playbooks/:name`. */
export const playbookDetail = playbookSummary.extend({ schema: z.literal("xvc.playbook-view/1"), plan: jsonObjectField });
export type PlaybookDetail = z.infer<typeof playbookDetail>;
