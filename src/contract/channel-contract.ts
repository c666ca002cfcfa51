import { z } from "zod";
import { channelForms, noticeTopics } from "../core/oversight/channel.ts";
import { countField, idField, instantField, lineField, listOf, nameField, pageOf, pageQuery, riskField, textField } from "./fields.ts";

export const channelFormField = z.enum(channelForms as readonly ["mail", ...typeof channelForms]); // the list holds at least this one
export const noticeTopicField = z.enum(noticeTopics);

/** `POST /api/channels`. */
export const channelBody = z.strictObject({
  form: channelFormField,
  name: nameField,
  /** Of the organization: a room or a program that hears of all open projects. */
  forOrganization: z.boolean().default(false),
  /** Mail only; absent: the address on record. */
  address: z.string().max(254).optional(),
  /** Chat and webhook only. */
  url: z.string().max(2_000).optional(),
  /** Absent or empty: all. */
  topics: listOf(noticeTopicField, noticeTopics.length).optional(),
});
export type ChannelBody = z.infer<typeof channelBody>;

export const channelTopicsBody = z.strictObject({ topics: listOf(noticeTopicField, noticeTopics.length) });

/** A channel without its secrets. */
export const channelDocument = z.object({
  id: idField,
  form: channelFormField,
  name: nameField,
  state: z.enum(["active", "paused", "removed"]),
  /** Null: of the organization. */
  personId: idField.nullable(),
  /** Where to, as far as it is no secret. */
  target: lineField,
  topics: listOf(z.string().max(50), 50),
  pausedReason: lineField,
  /** Messages in a row that could not be delivered. */
  failures: countField,
  lastTest: z.object({ atMs: instantField, ok: z.boolean(), detail: lineField }).nullable(),
  lastNotice: z.object({ atMs: instantField, state: z.enum(["pending", "sent", "failed", "dropped"]), detail: lineField }).nullable(),
  mayChange: z.boolean(),
});
export type ChannelDocument = z.infer<typeof channelDocument>;

export const channelsDocument = z.object({
  schema: z.literal("xvc.channels/1"),
  items: listOf(channelDocument, 100),
  /** Whether a mail server is set up, and where mail to the reader would go. */
  mail: z.object({ ready: z.boolean(), address: z.string().max(254).nullable() }),
  mayAddForOrganization: z.boolean(),
});
export type ChannelsDocument = z.infer<typeof channelsDocument>;

/** The only answer that ever carries a channel's secrets. */
export const channelCreated = z.object({
  schema: z.literal("xvc.channel-created/1"),
  channel: channelDocument,
  /** Of a webhook: verifies what we send. */
  signingSecret: z.string().max(200).nullable(),
  /** Of a feed: whoever has it reads what is due. */
  feedUrl: z.string().max(2_000).nullable(),
});
export type ChannelCreated = z.infer<typeof channelCreated>;

export const channelTested = z.object({ schema: z.literal("xvc.channel-tested/1"), id: idField, ok: z.boolean(), detail: lineField });
export type ChannelTested = z.infer<typeof channelTested>;

/** One message with its delivery log. */
export const noticeDocument = z.object({
  id: idField,
  channelId: idField,
  channelName: lineField,
  topic: z.string().max(50),
  state: z.enum(["pending", "sent", "failed", "dropped"]),
  title: lineField,
  requestLabel: z.string().max(60).nullable(),
  itemId: idField.nullable(),
  filedAtMs: instantField,
  heldUntilMs: instantField.nullable(),
  tries: listOf(z.object({ atMs: instantField, outcome: z.string().max(50), detail: lineField }), 50),
  mayReplay: z.boolean(),
});
export type NoticeDocument = z.infer<typeof noticeDocument>;

export const noticePage = pageOf("xvc.notices/1", noticeDocument);
export type NoticePage = z.infer<typeof noticePage>;

export const noticeQuery = pageQuery.extend({
  channel: idField.optional(),
  state: z.enum(["pending", "sent", "failed", "dropped"]).optional(),
});

/** What a mailed link shows: built from stored rows, for the person it was sent to. */
export const confirmDocument = z.object({
  schema: z.literal("xvc.confirm/1"),
  personName: nameField,
  itemId: idField,
  state: z.enum(["open", "delegated", "answered", "expired", "withdrawn"]),
  title: lineField,
  detail: textField,
  requestLabel: z.string().max(60),
  requestTitle: lineField,
  risk: riskField,
  dueAtMs: instantField.nullable(),
  defaultChoice: z.string().max(100).nullable(),
  choices: listOf(z.object({ id: z.string().max(100), label: lineField, needs: z.enum(["nothing", "reason", "text"]) }), 50),
  /** Why this cannot be answered here; null: it can. */
  signInReason: lineField.nullable(),
  expiresAtMs: instantField,
});
export type ConfirmDocument = z.infer<typeof confirmDocument>;

export const confirmBody = z.strictObject({
  choice: z.string().min(1).max(100),
  reason: z.string().trim().max(4_000).optional(),
  value: z.string().max(20_000).optional(),
});
export type ConfirmBody = z.infer<typeof confirmBody>;
