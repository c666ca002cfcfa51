/** A way to reach people outside the page. active -> paused -> active; either -> removed. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { JsonObject } from "../shared/json.ts";

/** How a channel reaches people: a letter, a chat room's incoming webhook, a signed webhook, a calendar's subscription. */
export type ChannelForm = "mail" | "chat" | "webhook" | "feed";

export const channelForms: readonly ChannelForm[] = ["mail", "chat", "webhook", "feed"];

/** What news can be about; the reader chooses among them per channel. */
export const noticeTopics = ["needs-you", "reminder", "escalation", "due", "mention", "delivered", "channel-paused"] as const;

export type NoticeTopic = (typeof noticeTopics)[number];

export interface Channel extends Entity {
  /** Null: of the organization, such as a chat room. */
  readonly personId: string | null;
  readonly kind: ChannelForm;
  readonly state: "active" | "paused" | "removed";
  readonly name: string;
  /** Where to; never a secret: addresses that are secrets themselves are sealed elsewhere. */
  readonly target: JsonObject;
  /** Kinds of news that are sent here. */
  readonly topics: readonly string[];
  /** News from before this instant is not sent here. */
  readonly activeSinceMs: number;
  /** Of a feed: its address names this number, so raising it revokes the address before. */
  readonly linkVersion: number;
  /** Messages in a row that could not be delivered. */
  readonly failures: number;
  /** Why it stands still; empty while active. */
  readonly pausedReason: string;
  readonly lastTest: { readonly atMs: number; readonly ok: boolean; readonly detail: string } | null;
}

export const channelKind = organizationKind<Channel>("channel");

/** Channels that one person, or the organization, may have at a time. */
export const maxChannels = 20;
