import { z } from "zod";
import {
  idField,
  instantField,
  jsonField,
  jsonObjectField,
  lineField,
  listOf,
  pageOf,
  performerDocument,
  riskField,
  roleField,
  textField,
} from "./fields.ts";

export const itemStateField = z.enum(["open", "delegated", "answered", "expired", "withdrawn"]);
export const itemKindField = z.enum(["approval", "question", "escalation", "check", "unknown-effect", "patch", "mention"]);

export const itemChoiceDocument = z.object({
  id: z.string().max(100),
  label: lineField,
  needs: z.enum(["nothing", "reason", "text", "playbook", "plan", "task", "input"]),
});

/** One thing that waits for a person. */
export const inboxItemSummary = z.object({
  id: idField,
  kind: itemKindField,
  state: itemStateField,
  requestId: idField,
  requestLabel: z.string().max(50),
  requestTitle: lineField,
  projectId: idField,
  subjectKind: z.string().max(50),
  subjectId: z.string().max(100),
  /** One sentence: what is asked. */
  title: lineField,
  risk: riskField,
  roles: listOf(roleField, 10),
  delegate: performerDocument.nullable(),
  askedAtMs: instantField,
  dueAtMs: instantField.nullable(),
  /** What happens at `dueAtMs` without an answer; null: it keeps waiting. */
  defaultChoice: z.string().max(100).nullable(),
  choices: listOf(itemChoiceDocument, 20),
  /** Whether the reader may answer, and why not. */
  mayAnswer: z.boolean(),
  whyNot: lineField.nullable(),
  rehearsal: z.boolean(),
});
export type InboxItemSummary = z.infer<typeof inboxItemSummary>;

export const inboxPage = pageOf("xvc.inbox/1", inboxItemSummary);
export type InboxPage = z.infer<typeof inboxPage>;

export const itemAnswerDocument = z.object({
  choice: z.string().max(100),
  value: jsonField,
  reason: textField,
  by: performerDocument,
  atMs: instantField,
  soloWaiver: z.boolean(),
});

export const inboxItemDetail = inboxItemSummary.extend({
  schema: z.literal("xvc.inbox-item/1"),
  detail: textField,
  ruleId: z.string().max(200),
  evidence: jsonObjectField,
  answer: itemAnswerDocument.nullable(),
  /** Text a lone person types to confirm (the act's short id); null: nobody has to. */
  confirm: z.string().max(50).nullable(),
  /** The task the item is about, if any. */
  taskId: idField.nullable(),
  planId: idField.nullable(),
});
export type InboxItemDetail = z.infer<typeof inboxItemDetail>;

/** `POST /api/inbox/:id/answer`. */
export const itemAnswerBody = z.strictObject({
  choice: z.string().min(1).max(100),
  value: jsonField.optional(),
  reason: z.string().trim().max(4_000).optional(),
  confirm: z.string().trim().max(50).optional(),
});
export type ItemAnswerBody = z.infer<typeof itemAnswerBody>;

export const itemDelegateBody = z.strictObject({ personId: idField, reason: z.string().trim().max(4_000).optional() });
export type ItemDelegateBody = z.infer<typeof itemDelegateBody>;
