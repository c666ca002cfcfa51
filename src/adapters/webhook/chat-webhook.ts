import type { Letter } from "../../core/oversight/compose-letter.ts";
import type { Egress } from "../../engine/ports/egress.ts";
import type { Messenger } from "../../engine/ports/messenger.ts";
import { post } from "./answer-outcome.ts";

/** The three characters that chat rooms read as markup; escaped, nobody can mention a whole room or forge a link. */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Formatting that a text from outside could start is made visible instead of being obeyed. */
const plain = (text: string): string => escaped(text).replaceAll(/([*_~`])/gu, "\u200b$1");

const textOf = ({ subject, lead, facts, others, links }: Letter): string =>
  [
    `*${plain(subject)}*`,
    plain(lead),
    ...facts.map(({ name, value }) => `${plain(name)}: ${plain(value)}`),
    ...others.map((line) => `\u2022 ${plain(line)}`),
    ...links.map(({ label, url }) => `<${escaped(url).replaceAll("|", "%7C")}|${plain(label)}>`),
  ].join("\n");

/** Messages for a chat room's incoming webhook, in the form Slack, Mattermost, Rocket.Chat and others take. */
export function chatWebhook(egress: Egress): Messenger {
  return {
    async send(message, to, signal) {
      if (to.kind !== "url") return { kind: "failed", detail: "the channel has no address" };
      const headers = { "content-type": "application/json", "user-agent": "xVC-Orchestrator", "x-message-id": message.id };
      return post(egress, { method: "POST", url: to.url, headers, body: JSON.stringify({ text: textOf(message.letter) }) }, signal);
    },
  };
}
