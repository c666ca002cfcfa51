import { createTransport } from "nodemailer";
import { inertLine, type Letter } from "../../core/oversight/compose-letter.ts";
import type { Messenger, SendOutcome } from "../../engine/ports/messenger.ts";
import { letterHtml, letterText } from "./letter-html.ts";

/** A mail server and whom mail comes from. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS where it is offered. */
  readonly secure: boolean;
  /** Refuse to go on without TLS; false only for a server of this machine or one whose setting says so. */
  readonly requireTls: boolean;
  readonly user: string | null;
  readonly password: string | null;
  /** A single address. */
  readonly from: string;
  readonly fromName: string;
}

/** Pauses after which a silent server is given up, milliseconds. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/** One address without a name, list, comment or line break: what may stand in an envelope. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@<>(),;:\\"[\]\p{Cc}]+@[A-Za-z0-9\p{L}](?:[A-Za-z0-9\p{L}.-]*[A-Za-z0-9\p{L}])?$/u.test(text);

/** Sends each letter over a connection of its own: a few an hour need no pool, and nothing is left open at a stop. */
export function smtpMessenger(server: MailServer, options: { readonly patience?: typeof patience } = {}): Messenger {
  return {
    async send(message, to, signal) {
      if (to.kind !== "mail" || !isMailAddress(to.address)) return { kind: "failed", detail: "the address is no e-mail address" };
      return sendLetter(
        { server, patience: options.patience ?? patience },
        { id: message.id, to: to.address, letter: message.letter },
        signal,
      );
    },
  };
}

interface Sending {
  readonly server: MailServer;
  readonly patience: typeof patience;
}

async function sendLetter(
  { server, patience: limits }: Sending,
  { id, to, letter }: { readonly id: string; readonly to: string; readonly letter: Letter },
  signal: AbortSignal,
): Promise<SendOutcome> {
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTls,
    ...(server.user === null ? {} : { auth: { user: server.user, pass: server.password ?? "" } }),
    ...limits,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted", { cause: signal.reason })), { once: true });
  });
  try {
    signal.throwIfAborted();
    const info = await Promise.race([
      transport.sendMail({
        from: { name: server.fromName, address: server.from },
        to: { name: "", address: to },
        subject: letter.subject,
        text: letterText(letter),
        html: letterHtml(letter),
        messageId: `<${id}@${server.from.split("@").at(-1) ?? "localhost"}>`,
        headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      }),
      aborted,
    ]);
    return { kind: "sent", detail: inertLine(info.response, 200) };
  } catch (error) {
    return outcomeOf(error, signal);
  } finally {
    transport.close();
  }
}

/** 5xx about this letter or address ends it; everything else (4xx, refused sign-in, silence) may be mended. */
function outcomeOf(error: unknown, signal: AbortSignal): SendOutcome {
  const { responseCode, code, response } = error as {
    readonly responseCode?: unknown;
    readonly code?: unknown;
    readonly response?: unknown;
  }; // nodemailer's errors; looked at, not trusted
  if (signal.aborted) return { kind: "retry", detail: "the mail server did not answer in time" };
  const isOurs = code === "EAUTH" || code === "ETLS" || code === "ECONNECTION";
  const isFinal = typeof responseCode === "number" && responseCode >= 500 && !isOurs;
  const said = inertLine(response, 200);
  const what = typeof code === "string" ? code : "no reason given";
  return {
    kind: isFinal ? "failed" : "retry",
    detail: said === "" ? `the mail server could not be used (${inertLine(what, 40)})` : `the mail server said: ${said}`,
  };
}
