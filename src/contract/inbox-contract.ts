import { z } from "zod";
import {
  countField,
  idField,
  instantField,
  microField,
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
  /** Null: it belongs to no request; label and title are then the project's key and name. */
  requestId: idField.nullable(),
  requestLabel: z.string().max(50),
  requestTitle: lineField,
  projectId: idField,
  subjectKind: z.string().max(50),
  subjectId: z.string().max(100),
  /** One sentence: what is asked. */
  title: lineField,
  risk: riskField,
  ruleId: z.string().max(200),
  roles: listOf(roleField, 10),
  delegate: performerDocument.nullable(),
  askedAtMs: instantField,
  /** When an answer is due; null: it waits without a clock, or its clock stands still (`paused`). */
  dueAtMs: instantField.nullable(),
  /** The choice that is applied at `dueAtMs` without an answer; null: it stays open and climbs its ladder. */
  defaultChoice: z.string().max(100).nullable(),
  /** Its clock stands still, because somebody asked back. */
  paused: z.boolean(),
  /** The due time has passed. */
  overdue: z.boolean(),
  /** The reader is the one to act: by role, hand-over, delegation or as a substitute; not excluded, not put off until later. */
  mine: z.boolean(),
  /** A question about the item waits for the reader's reply. */
  asksMe: z.boolean(),
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

/** A person as the inbox names them. */
const personName = z.object({ personId: idField, name: lineField });

/** What time does to the item. */
export const itemClockDocument = z.object({
  dueAtMs: instantField.nullable(),
  pausedAtMs: instantField.nullable(),
  /** Reminders still to come. */
  remindersAtMs: listOf(instantField, 20),
  /** What happens at the due time, as a sentence. */
  atExpiry: lineField,
  /** Steps of escalation still to come, with the names of those who hear of it (20 at most). */
  ladder: listOf(z.object({ atMs: instantField, who: listOf(lineField, 20) }), 20),
});

/** How many people have to agree, and who said what so far. */
export const itemAgreementDocument = z.object({
  quorum: countField,
  votes: listOf(personName.extend({ choice: z.string().max(100), reason: textField, atMs: instantField }), 100),
  /** Who could still be counted; 20 at most. */
  stillNeeded: listOf(personName, 20),
});

/** A question that somebody who answers asked about the item; the clock stands still until the reply. */
export const askBackDocument = z.object({
  by: performerDocument,
  of: performerDocument,
  question: textField,
  askedAtMs: instantField,
  reply: textField.nullable(),
  repliedBy: performerDocument.nullable(),
  repliedAtMs: instantField.nullable(),
});

export const itemWhyDocument = z.object({
  ruleId: z.string().max(200),
  ruleText: lineField,
  policies: listOf(z.object({ key: z.string().max(200), version: countField, statement: textField }), 20),
});

/** A decision under the same rule that was made before. */
export const earlierDecisionDocument = z.object({
  decisionId: idField,
  /** The request's label. */
  label: z.string().max(50),
  title: lineField,
  choice: z.string().max(100),
  byName: lineField,
  atMs: instantField,
});

export const inboxItemDetail = inboxItemSummary.extend({
  schema: z.literal("xvc.inbox-item/1"),
  detail: textField,
  clock: itemClockDocument,
  agreement: itemAgreementDocument,
  why: itemWhyDocument,
  /** What the decision is about in money, where that is known. */
  money: z.object({ costMicro: microField, currency: z.string().max(10) }).nullable(),
  earlier: listOf(earlierDecisionDocument, 5),
  may: z.object({ answer: z.boolean(), delegate: z.boolean(), askBack: z.boolean(), reply: z.boolean(), reason: lineField.nullable() }),
  /** Hidden from the reader's own list until then. */
  laterUntilMs: instantField.nullable(),
  askBacks: listOf(askBackDocument, 10),
  /** Hand-overs so far, oldest first. */
  handOvers: listOf(z.object({ from: performerDocument, to: performerDocument, reason: textField, atMs: instantField }), 10),
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

/** `POST /api/inbox/:id/ask-back`: of the requester, unless somebody is named. */
export const askBackBody = z.strictObject({ question: z.string().trim().min(1).max(4_000), personId: idField.optional() });
export type AskBackBody = z.infer<typeof askBackBody>;

/** `POST /api/inbox/:id/reply`: the reply to the open question; the clock goes on. */
export const askBackReplyBody = z.strictObject({ reply: z.string().trim().min(1).max(4_000) });
export type AskBackReplyBody = z.infer<typeof askBackReplyBody>;

/** `POST /api/inbox/:id/later`: out of the reader's own list until then, 30 days at most; null: back at once. */
export const itemLaterBody = z.strictObject({ untilMs: instantField.nullable() });
export type ItemLaterBody = z.infer<typeof itemLaterBody>;

/** `POST /api/inbox/answers`: one answer for several items of low risk that ask by the same rule. */
export const itemAnswersBody = z.strictObject({
  itemIds: z.array(idField).min(1).max(100),
  choice: z.string().min(1).max(100),
  reason: z.string().trim().max(4_000).optional(),
});
export type ItemAnswersBody = z.infer<typeof itemAnswersBody>;

/** What became of each, in the order asked. */
export const itemAnswersDocument = z.object({
  schema: z.literal("xvc.inbox-answers/1"),
  results: listOf(z.object({ itemId: idField, done: z.boolean(), code: z.string().max(200).nullable(), message: lineField }), 100),
});
export type ItemAnswersDocument = z.infer<typeof itemAnswersDocument>;
