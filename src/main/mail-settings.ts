import { readFileSync } from "node:fs";
import { isMailAddress, type MailServer } from "../adapters/mail/smtp-messenger.ts";
import { Failure } from "../core/shared/failure.ts";

/*
 * A mail server from the environment: one URL, or its parts. Secrets may lie in files, as service managers and
 * containers give them. None of it is ever written into a row or the log.
 */

const invalid = (message: string): Failure => new Failure("invalid", "settings.mail-invalid", { message });

/** A setting, or the content of the file that `<name>_FILE` names. @throws {Failure} `settings.secret-unreadable` */
export function secretSetting(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const given = environment[name];
  if (given !== undefined && given !== "") return given;
  const file = environment[`${name}_FILE`];
  if (file === undefined || file === "") return undefined;
  const content = readSecret(name, file);
  if (content !== "") return content;
  throw unreadable(name, `names ${file}, which is empty. Write the secret into it`);
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const why = reasons[(error as NodeJS.ErrnoException).code ?? ""] ?? "which cannot be read"; // node's own errors have a code
    throw unreadable(name, `names ${file}, ${why}. Give a file that the user who runs xVC may read`, error);
  }
}

const reasons: { readonly [code: string]: string } = {
  ENOENT: "which is not there",
  EACCES: "which this user may not read",
  EISDIR: "which is a folder",
};

const unreadable = (name: string, what: string, cause?: unknown): Failure =>
  new Failure(
    "invalid",
    "settings.secret-unreadable",
    { message: `${name}_FILE ${what}, or set ${name} itself; then start again.` },
    { cause },
  );

/** The mail server to use; null: none is set up. @throws {Failure} `settings.mail-invalid`, `settings.secret-unreadable` with what to mend */
export function readMailServer(environment: NodeJS.ProcessEnv): MailServer | null {
  const url = secretSetting(environment, "XVC_SMTP_URL");
  const server = url === undefined ? fromParts(environment) : fromUrl(url);
  if (server === null) return null;
  return { ...server, ...readFrom(environment["XVC_MAIL_FROM"] ?? "") };
}

type Where = Omit<MailServer, "from" | "fromName">;

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/u.test(host);

function fromUrl(text: string): Where {
  const url = readServerUrl(text);
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  const port = Number(url.port);
  return {
    host,
    port: port > 0 ? port : usualPort(secure),
    secure,
    requireTls: !secure && !isLoopback(host) && url.searchParams.get("tls") !== "optional",
    user: decodedOrNull(url.username),
    password: decodedOrNull(url.password),
  };
}

const usualPort = (secure: boolean): number => (secure ? 465 : 587);
const decodedOrNull = (text: string): string | null => (text === "" ? null : decodeURIComponent(text));

function readServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === "smtp:" || url.protocol === "smtps:") && url.hostname !== "") return url;
  throw invalid("XVC_SMTP_URL is no mail server address; write smtps://user:password@mail.example.org:465 or smtp://...:587.");
}

function fromParts(environment: NodeJS.ProcessEnv): Where | null {
  const host = environment["XVC_SMTP_HOST"];
  if (host === undefined || host === "") return null;
  const port = Number(environment["XVC_SMTP_PORT"] ?? "587");
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid("XVC_SMTP_PORT is no port; 465 and 587 are usual.");
  return {
    host,
    port,
    secure: port === 465,
    requireTls: port !== 465 && !isLoopback(host),
    user: environment["XVC_SMTP_USER"] ?? null,
    password: secretSetting(environment, "XVC_SMTP_PASSWORD") ?? null,
  };
}

/** `Name <address>`, or an address alone. */
function readFrom(text: string): Pick<MailServer, "from" | "fromName"> {
  const [, name = "", within = ""] = /^\s*([^<>"]*?)\s*<([^<>]+)>\s*$/u.exec(text) ?? [];
  const from = within === "" ? text.trim() : within.trim();
  if (!isMailAddress(from)) throw invalid("XVC_MAIL_FROM is missing or no address; write xvc@example.org or Acme xVC <xvc@example.org>.");
  return { from, fromName: name === "" ? "xVC Orchestrator" : name.replaceAll(/\p{Cc}/gu, " ") };
}
