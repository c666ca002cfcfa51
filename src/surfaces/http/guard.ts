import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { Failure } from "../../core/shared/failure.ts";
import { wireLimits } from "../../contract/fields.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import type { Membership } from "./membership.ts";
import { parseStrictJson } from "./strict-json.ts";

const refused = (code: string, message: string): Failure => new Failure("forbidden", code, { message });

/** Answers only those who reached us under a name of ours: a page that points its own name at this machine is refused (DNS rebinding). */
export const hostCheck =
  (use: Pick<HttpDependencies, "hosts">): MiddlewareHandler =>
  async (context, next) => {
    const host = context.req.header("host") ?? "";
    if (!use.hosts().includes(host.toLowerCase()))
      throw refused("http.host-unknown", "This server does not answer under that name; use the address it printed at start.");
    await next();
  };

/** A write from a page that is not ours is refused, whatever cookie the browser sends along. */
export function originCheck(context: Context, hosts: readonly string[]): void {
  const site = context.req.header("sec-fetch-site");
  const origin = context.req.header("origin");
  const isOurs =
    origin === undefined || hosts.some((host) => origin.toLowerCase() === `http://${host}` || origin.toLowerCase() === `https://${host}`);
  const isSame = site === undefined || site === "same-origin" || site === "none";
  if (!isOurs || !isSame) throw refused("http.origin-foreign", "This came from a page of another origin and was not carried out.");
}

/** Whether the browser speaks TLS with the proxy that was declared in front of us. */
export const isSecure = (use: Pick<HttpDependencies, "signIn">, host: string): boolean => {
  const url = use.signIn?.publicUrl ?? null;
  return url !== null && URL.canParse(url) && new URL(url).protocol === "https:" && new URL(url).host === host.toLowerCase();
};

/**
 * Under TLS the browser itself refuses the name from anything but this host over TLS. On plain loopback that is not
 * possible; cookies know no ports, so two servers on one machine keep theirs apart by name.
 */
export const cookieName = (use: Pick<HttpDependencies, "signIn">, host: string): string =>
  isSecure(use, host) ? "__Host-xvc_session" : `xvc_session_${/:(\d{1,5})$/u.exec(host)?.[1] ?? "80"}`;

/** The token a page proves with that it read our answer: derived from the cookie's secret, so only its hash is kept. */
export const csrfTokenOf = (use: Pick<HttpDependencies, "engine">, secret: string): string => use.engine.digest(`xvc csrf ${secret}`);

/** The caller of a request. @throws {Failure} `session.missing`, `session.csrf-missing` */
export async function authenticate(use: HttpDependencies, membership: Membership, context: Context): Promise<Member> {
  const bearer = bearerOf(context);
  if (bearer !== undefined) return byToken(use, membership, { bearer, method: context.req.method });
  const secret = getCookie(context, cookieName(use, context.req.header("host") ?? ""));
  if (secret === undefined || secret.length > 200) throw signedOut();
  return byCookie(use, membership, { context, secret });
}

/** The caller of a program's way in: by a key that may read, or the machine's token. @throws {Failure} `session.missing`, `key.scope-missing` */
export function authenticateKey(use: HttpDependencies, membership: Membership, context: Context): Promise<Member> {
  const bearer = bearerOf(context);
  if (bearer === undefined) throw signedOut();
  return byToken(use, membership, { bearer, method: "GET" });
}

const bearerOf = (context: Context): string | undefined =>
  /^Bearer ([A-Za-z0-9_-]{20,200})$/u.exec(context.req.header("authorization") ?? "")?.[1];

/** How exactly it is kept when a session was last used. */
const seenEveryMs = 60_000;

async function byCookie(
  use: HttpDependencies,
  membership: Membership,
  from: { readonly context: Context; readonly secret: string },
): Promise<Member> {
  const { context, secret } = from;
  const session = await use.sessions.readSession(use.engine.digest(secret), use.clock.nowMs());
  if (session === undefined) throw signedOut();
  const csrfToken = csrfTokenOf(use, secret);
  if (!isReading(context.req.method)) {
    originCheck(context, use.hosts());
    // Compared as hashes, so the time it takes tells nothing about the token.
    if (use.engine.digest(context.req.header("x-csrf-token") ?? "") !== use.engine.digest(csrfToken))
      throw refused("session.csrf-missing", "The page's token is missing or old; reload the page and try again.");
  }
  const nowMs = use.clock.nowMs();
  if (nowMs - session.seenAtMs >= seenEveryMs) await use.sessions.touchSession(session.tokenSha256, nowMs);
  const known = await membership.of(session);
  return {
    ...known,
    local: false,
    keyed: false,
    bound: false,
    csrfToken,
    credential: session.tokenSha256,
    expiresAtMs: session.expiresAtMs,
  };
}

async function byToken(
  use: HttpDependencies,
  membership: Membership,
  from: { readonly bearer: string; readonly method: string },
): Promise<Member> {
  const token = await use.sessions.readToken(use.engine.digest(from.bearer), use.clock.nowMs());
  if (token === undefined) throw signedOut();
  const local = token.scopes.includes("local");
  if (!local && !token.scopes.includes(isReading(from.method) ? "read" : "write"))
    throw refused("key.scope-missing", `The key "${token.name}" may only read. xvc key create NAME --scope write makes one that may act.`);
  const known = local ? await membership.ofMachine(token) : await membership.of(token);
  const { projectIds } = token;
  return {
    ...known,
    // A key may be bound to some projects; those its person may not enter stay closed to it.
    projects: projectIds === undefined ? known.projects : known.projects.filter((project) => projectIds.includes(project.id)),
    bound: projectIds !== undefined,
    local,
    keyed: !local,
    csrfToken: null,
    credential: token.tokenSha256,
    expiresAtMs: token.expiresAtMs,
  };
}

const signedOut = (): Failure => refused("session.missing", "You are not signed in. Run xvc login and open the link it prints.");

export const isReading = (method: string): boolean => method === "GET" || method === "HEAD";

/** The JSON of a body, within its limits. An absent body is `{}`. @throws {Failure} */
export async function readJsonBody(context: Context): Promise<unknown> {
  const type = (context.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const stated = Number(context.req.header("content-length") ?? "0");
  if (stated > wireLimits.bodyBytes) throw tooLarge();
  const text = await readText(context);
  if (text === "") return {};
  if (type !== "application/json")
    throw new Failure("invalid", "http.not-json", { message: "A body is JSON and says so: content-type application/json." });
  return parseStrictJson(text);
}

const tooLarge = (): Failure =>
  new Failure("invalid", "http.body-too-large", { message: "The body is larger than 1 MB; upload large content as a file instead." });

async function readText(context: Context): Promise<string> {
  const stream: ReadableStream<Uint8Array> | null = context.req.raw.body;
  if (stream === null) return "";
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
    // Node's streams can be iterated; the DOM type does not say so.
    bytes += part.byteLength;
    if (bytes > wireLimits.bodyBytes) throw tooLarge();
    parts.push(part);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new Failure("invalid", "http.not-utf8", { message: "The body is no valid UTF-8." });
  }
}

/** The caller's own key, or a fresh one. Keys of different people never meet. @throws {Failure} `http.key-invalid` */
export function commandKey(use: Pick<HttpDependencies, "ids">, context: Context, personId: string): string {
  const given = context.req.header("idempotency-key");
  if (given === undefined) return `http:${personId}:${use.ids.next()}`;
  if (!/^[\x21-\x7e]{1,200}$/u.test(given))
    throw new Failure("invalid", "http.key-invalid", { message: "An Idempotency-Key has 1 to 200 visible ASCII characters." });
  return `http:${personId}:${given}`;
}
