/** A way to reach people outside the page. active -> paused -> active; either -> removed. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { JsonObject } from "../shared/json.ts";

export interface Channel extends Entity {
  /** Null: of the organization, such as a chat room. */
  readonly personId: string | null;
  readonly kind: "mail" | "chat" | "webhook" | "feed";
  readonly state: "active" | "paused" | "removed";
  readonly name: string;
  /** Where to; never a secret. */
  readonly target: JsonObject;
  /** Kinds of news that are sent here. */
  readonly topics: readonly string[];
}

export const channelKind = organizationKind<Channel>("channel");
