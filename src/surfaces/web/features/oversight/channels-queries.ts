/** What the notifications read, and the words for it. */
import { queryOptions } from "@tanstack/react-query";
import type { ChannelDocument, ChannelsDocument, NoticePage } from "../../../../contract/channel-contract.ts";
import { call, query } from "../../api.ts";

export const channelsQuery = queryOptions({ queryKey: ["channels"], queryFn: () => call<ChannelsDocument>("GET", "/api/channels") });

export const noticesQuery = (state: string) =>
  queryOptions({ queryKey: ["notices", state], queryFn: () => call<NoticePage>("GET", `/api/notices${query({ state, limit: "50" })}`) });

export const formWords: { readonly [form in ChannelDocument["form"]]: string } = {
  mail: "E-mail",
  chat: "Chat room",
  webhook: "Signed webhook",
  feed: "Calendar feed",
};

export const topicWords: { readonly [topic: string]: string } = {
  "needs-you": "Something needs me",
  reminder: "Reminders",
  escalation: "Escalations to me",
  due: "Overdue",
  mention: "Mentions of me",
  delivered: "My deliveries",
  "channel-paused": "A channel was paused",
};
