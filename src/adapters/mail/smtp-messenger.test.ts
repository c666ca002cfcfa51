import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, expect, test } from "vitest";
import { composeLetter } from "../../core/oversight/compose-letter.ts";
import type { OutgoingMessage } from "../../engine/ports/messenger.ts";
import { isMailAddress, type MailServer, smtpMessenger } from "./smtp-messenger.ts";

/* Every letter goes over a real SMTP connection and is read back as a reader would. */

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

async function mailServer(options: SMTPServerOptions = {}): Promise<{ readonly server: MailServer; readonly received: Received[] }> {
  const received: Received[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => void parts.push(part));
      stream.on("end", () => {
        const raw = Buffer.concat(parts);
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: raw.toString("utf8"),
        });
        done();
      });
    },
    ...options,
  });
  smtp.on("error", () => {});
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => smtp.close(() => resolve(undefined))));
  return { server: serverAt((smtp.server.address() as AddressInfo).port), received }; // a TCP server has a port
}

const serverAt = (port: number, fields: Partial<MailServer> = {}): MailServer => ({
  host: "127.0.0.1",
  port,
  secure: false,
  requireTls: false,
  user: null,
  password: null,
  from: "orchestrator@acme.example",
  fromName: "Acme xVC",
  ...fields,
});

const hostile = '<script>alert(1)</script>\r\nBcc: everyone@evil.example\r\n\r\n<img src="https://evil.example/x.png">\u202egnp.exe';
const message = (payload = {}): OutgoingMessage => ({
  id: "019a0000-0000-7000-8000-000000000001",
  topic: "needs-you",
  data: {},
  atMs: 0,
  letter: composeLetter(
    {
      topic: "needs-you",
      payload: { title: "Approve the plan", requestLabel: "ENG-42", itemId: "i", risk: "low", dueAtMs: 1, defaultChoice: null, ...payload },
    },
    { baseUrl: "https://xvc.acme.example", confirmToken: "token" },
    () => "1 January",
  ),
});
const to = { kind: "mail", address: "dana@acme.example" } as const;
const signal = new AbortController().signal;
const quick = { patience: { connectionTimeout: 300, greetingTimeout: 300, socketTimeout: 300 } };

test("delivers one letter to one address, as text and as simple HTML, under its own id", async () => {
  const { server, received } = await mailServer();
  expect(await smtpMessenger(server).send(message(), to, signal)).toMatchObject({ kind: "sent" });
  const [{ from, to: recipients, raw } = { from: "", to: [], raw: "" }] = received;
  const mail = await PostalMime.parse(raw);
  expect({ from, recipients, count: received.length }).toEqual({
    from: "orchestrator@acme.example",
    recipients: ["dana@acme.example"],
    count: 1,
  });
  expect(mail).toMatchObject({
    subject: "Needs you: ENG-42 Approve the plan",
    messageId: "<019a0000-0000-7000-8000-000000000001@acme.example>",
    from: { name: "Acme xVC", address: "orchestrator@acme.example" },
  });
  expect(mail.text).toContain("Risk: low");
  expect(mail.text).toContain("https://xvc.acme.example/confirm/token");
  expect(mail.html).toContain('<a href="https://xvc.acme.example/confirm/token">Look at it and answer</a>');
  expect(raw).toMatch(/^Auto-Submitted: auto-generated\r?$/mu);
});

test("keeps a hostile title a title: no header, no recipient, no element, no image, no turned-round text", async () => {
  const { server, received } = await mailServer();
  await smtpMessenger(server).send(message({ title: hostile, reason: hostile, requestTitle: hostile }), to, signal);
  const { raw, to: recipients } = received[0] ?? { raw: "", to: [] };
  const mail = await PostalMime.parse(raw);
  expect(recipients).toEqual(["dana@acme.example"]);
  expect(mail.headers.map(({ key }) => key)).not.toContain("bcc");
  expect(mail.subject?.length).toBeLessThanOrEqual(150);
  expect(mail.subject).not.toMatch(/[\r\n\u202e]/u);
  expect(mail.html).not.toMatch(/<script|<img/u);
  expect(mail.html).toContain("&lt;script&gt;");
  expect(mail.text).not.toMatch(/\u202e/u);
});

test.each([
  ["a temporary refusal of the address", { responseCode: 450, at: "onRcptTo" }, "retry"],
  ["a refusal of the address for good", { responseCode: 550, at: "onRcptTo" }, "failed"],
  ["a temporary refusal of the letter", { responseCode: 451, at: "onData" }, "retry"],
  ["a refusal of the letter for good", { responseCode: 554, at: "onData" }, "failed"],
  ["a server that is busy", { responseCode: 421, at: "onConnect" }, "retry"],
] as const)("%s ends as it should", async (_name, { responseCode, at }, kind) => {
  const refusal = Object.assign(new Error("No\r\nsuch thing"), { responseCode });
  const { server } = await mailServer({
    ...(at === "onRcptTo" ? { onRcptTo: (_address, _session, done) => done(refusal) } : {}),
    ...(at === "onConnect" ? { onConnect: (_session, done) => done(refusal) } : {}),
    ...(at === "onData" ? { onData: (stream, _session, done) => stream.resume().on("end", () => done(refusal)) } : {}),
  });
  const outcome = await smtpMessenger(server).send(message(), to, signal);
  expect(outcome.kind).toBe(kind);
  expect(outcome.detail).not.toMatch(/[\r\n]/u);
});

test("a refused sign-in may be mended: the letter is tried again, and the password is in no detail", async () => {
  const { server } = await mailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(Object.assign(new Error("no"), { responseCode: 535 })),
  });
  const outcome = await smtpMessenger({ ...server, user: "ada", password: "sesame-4711" }).send(message(), to, signal);
  expect(outcome.kind).toBe("retry");
  expect(JSON.stringify(outcome)).not.toContain("sesame-4711");
});

async function rawServer(onSocket: (socket: Socket) => void): Promise<MailServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return serverAt((server.address() as AddressInfo).port); // a TCP server has a port
}

test("a server that says nothing, hangs up, or is not there is tried again later", async () => {
  const silent = await rawServer(() => {});
  const rude = await rawServer((socket) => void socket.end());
  const mid = await rawServer((socket) => {
    socket.write("220 hello\r\n");
    socket.on("data", () => void socket.destroy());
  });
  for (const server of [silent, rude, mid, serverAt(1)])
    expect(await smtpMessenger(server, quick).send(message(), to, signal)).toMatchObject({ kind: "retry" });
});

test("stops when it is told to, without waiting for the server", async () => {
  const stop = new AbortController();
  const server = await rawServer(() => stop.abort());
  expect(await smtpMessenger(server).send(message(), to, stop.signal)).toMatchObject({ kind: "retry" });
});

test("insists on TLS where it is asked for", async () => {
  const { server, received } = await mailServer();
  expect(await smtpMessenger({ ...server, requireTls: true }).send(message(), to, signal)).toMatchObject({ kind: "retry" });
  expect(received).toEqual([]);
});

test.each(["a@b.c", "dana.o'neil+x@sub.acme.example", "d@localhost", "jörg@müller.example"])("takes %s as an address", (address) =>
  expect(isMailAddress(address)).toBe(true),
);
test.each([
  "",
  "dana",
  "a@b, c@d",
  "a@b\r\nBcc: c@d",
  "<a@b>",
  "Dana <a@b>",
  '"a"@b',
  "a@b;c@d",
  "a@-",
  "a b@c",
  `${"a".repeat(251)}@b.c`,
  "group: a@b;",
])("takes %j as no address", async (address) => {
  expect(isMailAddress(address)).toBe(false);
  const { server, received } = await mailServer();
  expect(await smtpMessenger(server).send(message(), { kind: "mail", address }, signal)).toMatchObject({ kind: "failed" });
  expect(received).toEqual([]);
});
