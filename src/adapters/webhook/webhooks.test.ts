import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, expect, test } from "vitest";
import { composeLetter } from "../../core/oversight/compose-letter.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Egress, OutgoingRequest } from "../../engine/ports/egress.ts";
import type { OutgoingMessage } from "../../engine/ports/messenger.ts";
import { chatWebhook } from "./chat-webhook.ts";
import { signedWebhook } from "./signed-webhook.ts";

/* A real receiver on loopback. The egress here is the plain `fetch`: what may be reached is examined beside the guard. */

const plain: Egress = {
  check: () => {},
  async send({ method, url, headers, body }: OutgoingRequest, signal) {
    const answer = await fetch(url, { method, headers, body, signal });
    return { status: answer.status, text: await answer.text() };
  },
};
const secret = `whsec_${randomBytes(32).toString("base64")}`;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers what `statuses` says, the last one for ever. */
async function receiver(...statuses: readonly number[]): Promise<{ readonly url: string; readonly heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(statuses[heard.length - 1] ?? statuses.at(-1) ?? 204).end("said\r\nso");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => void server.close());
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/in`, heard }; // a TCP server has a port
}

const payload = {
  title: "<!channel> *Approve* & go",
  requestLabel: "ENG-42",
  itemId: "i",
  risk: "low",
  reason: "<https://evil.example|here>",
};
const message: OutgoingMessage = {
  id: "019a0000-0000-7000-8000-000000000001",
  topic: "needs-you",
  data: payload,
  atMs: 1_000,
  letter: composeLetter({ topic: "needs-you", payload }, { baseUrl: "https://xvc.example", confirmToken: null }, String),
};
const signal = new AbortController().signal;
const verified = ({ headers, body }: Heard): unknown => new Webhook(secret).verify(body, headers as Record<string, string>); // the three headers looked at are single texts

test("signs each message so that a receiver can verify it, with the same id in every try", async () => {
  const { url, heard } = await receiver(503, 200);
  const messenger = signedWebhook(plain, Date.now);
  const to = { kind: "url", url, signingSecret: secret } as const;
  expect(await messenger.send(message, to, signal)).toEqual({ kind: "retry", detail: "answered 503: said so" });
  expect(await messenger.send(message, to, signal)).toEqual({ kind: "sent", detail: "answered 200" });
  expect(heard.map(({ headers }) => headers["webhook-id"])).toEqual([message.id, message.id]);
  for (const one of heard) expect(verified(one)).toMatchObject({ type: "xvc.needs-you", data: { requestLabel: "ENG-42" } });
  const [first] = heard;
  if (first === undefined) throw new Error("nothing was heard");
  expect(() => verified({ ...first, body: `${first.body} ` })).toThrow("No matching signature");
  expect(() => verified({ ...first, headers: { ...first.headers, "webhook-id": "other" } })).toThrow("No matching signature");
});

test("a receiver that looks at the time refuses what was caught and sent again later", async () => {
  const { url, heard } = await receiver(200);
  await signedWebhook(plain, () => Date.now() - 6 * 60_000).send(message, { kind: "url", url, signingSecret: secret }, signal);
  expect(heard.map((one) => () => verified(one)).every((check) => throws(check))).toBe(true);
});

const throws = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch {
    // what the caller asks for
    return true;
  }
};

test.each([
  [200, "sent"],
  [202, "sent"],
  [400, "failed"],
  [401, "failed"],
  [404, "failed"],
  [408, "retry"],
  [410, "failed"],
  [429, "retry"],
  [500, "retry"],
  [503, "retry"],
])("an answer %i means %s", async (status, kind) => {
  const { url } = await receiver(status);
  expect(await signedWebhook(plain, Date.now).send(message, { kind: "url", url, signingSecret: secret }, signal)).toMatchObject({ kind });
  expect(await chatWebhook(plain).send(message, { kind: "url", url, signingSecret: null }, signal)).toMatchObject({ kind });
});

test("tells a refused address from one that did not answer", async () => {
  const failing = (failure: Failure): Egress => ({ check: () => {}, send: () => Promise.reject(failure) });
  const refused = failing(new Failure("invalid", "egress.address-refused", { message: "inside" }));
  const silent = failing(new Failure("unavailable", "egress.unreachable", { message: "silent" }));
  const to = { kind: "url", url: "https://x.example", signingSecret: null } as const;
  expect(await chatWebhook(refused).send(message, to, signal)).toEqual({ kind: "failed", detail: "inside" });
  expect(await chatWebhook(silent).send(message, to, signal)).toEqual({ kind: "retry", detail: "silent" });
  expect(await signedWebhook(silent, Date.now).send(message, to, signal)).toMatchObject({ kind: "failed" });
});

test("gives a chat room no markup but its own: nobody is called, no link is forged", async () => {
  const { url, heard } = await receiver(200);
  await chatWebhook(plain).send(message, { kind: "url", url, signingSecret: null }, signal);
  const { text } = JSON.parse(heard[0]?.body ?? "{}") as { readonly text: string }; // written by the adapter
  expect(text).not.toContain("<!channel>");
  expect(text).not.toContain("<https://evil.example|here>");
  expect(text.match(/<[^>]+>/gu)).toEqual(["<https://xvc.example/inbox?item=i|Open it in the inbox>"]);
  expect(text).not.toMatch(/\s\*Approve\*/u);
});
