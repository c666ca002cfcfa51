import { Webhook } from "standardwebhooks";
import type { Egress } from "../../engine/ports/egress.ts";
import type { Messenger } from "../../engine/ports/messenger.ts";
import { post } from "./answer-outcome.ts";

/**
 * Messages for programs, signed as Standard Webhooks says: `webhook-id` is the message's own id and the same in every
 * try, `webhook-timestamp` is now, `webhook-signature` covers id, time and body.
 */
export function signedWebhook(egress: Egress, nowMs: () => number): Messenger {
  return {
    async send(message, to, signal) {
      if (to.kind !== "url" || to.signingSecret === null) return { kind: "failed", detail: "the channel has no signing key" };
      const body = JSON.stringify({
        type: `xvc.${message.topic}`,
        timestamp: new Date(message.atMs).toISOString(),
        data: { ...message.data, text: message.letter.subject, links: message.letter.links },
      });
      const now = new Date(Math.floor(nowMs() / 1_000) * 1_000);
      const headers = {
        "content-type": "application/json",
        "user-agent": "xVC-Orchestrator",
        "webhook-id": message.id,
        "webhook-timestamp": String(now.getTime() / 1_000),
        "webhook-signature": new Webhook(to.signingSecret).sign(message.id, now, body),
      };
      return post(egress, { method: "POST", url: to.url, headers, body }, signal);
    },
  };
}
