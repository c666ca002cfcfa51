import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Pool } from "pg";
import { guardedClient } from "../adapters/egress/guarded-client.ts";
import { smtpMessenger } from "../adapters/mail/smtp-messenger.ts";
import { postgresReachStore } from "../adapters/postgres/reach-store.ts";
import { keyVault } from "../adapters/system/key-vault.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { chatWebhook } from "../adapters/webhook/chat-webhook.ts";
import { signedWebhook } from "../adapters/webhook/signed-webhook.ts";
import { Failure } from "../core/shared/failure.ts";
import type { ServerFile } from "../contract/status-contract.ts";
import { sendDeadlineMs } from "../engine/oversight/notice-sending.workflow.ts";
import type { Egress } from "../engine/ports/egress.ts";
import type { Messenger, ReachParts } from "../engine/ports/messenger.ts";
import type { SignInLetter } from "../surfaces/http/http-dependencies.ts";
import type { Installation } from "./installation.ts";
import { readMailServer } from "./mail-settings.ts";

/** Everything with which this installation reaches people. */
export interface OpenedReach {
  readonly parts: ReachParts;
  readonly egress: Egress;
  /** Mails a sign-in link; null: no mail server is set up. Rejects when the mail server did not take it. */
  readonly mailSignInLink: ((letter: SignInLetter) => Promise<void>) | null;
}

/**
 * Reads the settings of mail and egress.
 *
 * @throws {Failure} `settings.mail-invalid`, `settings.secret-unreadable`, `egress.allow-invalid`, `vault.key-too-short`
 */
export function openReach(
  installation: Installation,
  environment: NodeJS.ProcessEnv,
  { pool, masterKey }: { readonly pool: Pool; readonly masterKey: Uint8Array },
): OpenedReach {
  const server = readMailServer(environment);
  const mail = server === null ? null : smtpMessenger(server);
  const allowed = (environment["XVC_EGRESS_ALLOW"] ?? "").split(",").filter((entry) => entry.trim() !== "");
  const egress = guardedClient({ allowed });
  const nowMs = (): number => systemClock.nowMs();
  return {
    egress,
    mailSignInLink: mail === null ? null : (letter) => mailLink(mail, letter),
    parts: {
      vault: keyVault(masterKey),
      reachStore: postgresReachStore(pool),
      reach: {
        messengers: { mail, chat: chatWebhook(egress), webhook: signedWebhook(egress, nowMs) },
        baseUrl: () => baseUrl(installation, environment),
        formatInstant,
      },
    },
  };
}

const instants = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "UTC" });

/** Letters are read in any zone, so they name theirs. */
const formatInstant = (atMs: number): string => `${instants.format(atMs)} UTC`;

/** Where people open the page: as an administrator says, or this machine's own server. */
function baseUrl(installation: Installation, environment: NodeJS.ProcessEnv): string {
  const given = environment["XVC_PUBLIC_URL"];
  if (given !== undefined && given !== "") return given.replace(/\/+$/u, "");
  if (!existsSync(installation.serverFile)) return "http://127.0.0.1:4180";
  return (JSON.parse(readFileSync(installation.serverFile, "utf8")) as ServerFile).url; // our own file
}

async function mailLink(mail: Messenger, { to, url, expiresAtMs }: SignInLetter): Promise<void> {
  const outcome = await mail.send(
    {
      id: randomBytes(16).toString("hex"),
      topic: "sign-in",
      data: {},
      atMs: systemClock.nowMs(),
      letter: {
        subject: "Your sign-in link",
        lead: "Somebody, probably you, asked to sign in to xVC Orchestrator with this address.",
        facts: [{ name: "Works until", value: formatInstant(expiresAtMs) }],
        others: [],
        links: [{ label: "Sign in, once", url }],
        foot: "If it was not you, do nothing: without this letter nobody signs in.",
      },
    },
    { kind: "mail", address: to },
    systemClock.deadline(sendDeadlineMs),
  );
  if (outcome.kind !== "sent")
    throw new Failure("unavailable", "mail.not-sent", { message: `The sign-in link was not mailed: ${outcome.detail}` });
}
