import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { Failure } from "../../core/shared/failure.ts";
import type { Egress, OutgoingAnswer, OutgoingRequest } from "../../engine/ports/egress.ts";
import { isNameableAddress, isPublicAddress } from "./address-rules.ts";

/** Addresses of a name; asked once for each request and each redirect. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export interface GuardedClientOptions {
  /** `host:port` of targets inside this network that an administrator has named. */
  readonly allowed: readonly string[];
  readonly resolve?: Resolve;
  /** Longest request with its redirects, milliseconds. Default 20 s. */
  readonly timeoutMs?: number;
}

const maxRedirects = 3;
export const maxAnswerBytes = 64 * 1024;
const defaultTimeoutMs = 20_000;

export const refused = (message: string): Failure => new Failure("invalid", "egress.address-refused", { message });

export const resolveAll: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

export const portOf = ({ port, protocol }: URL): string => (port === "" ? (protocol === "https:" ? "443" : "80") : port);

/** The host as an address or name without brackets. The URL parser has undone odd spellings of IPv4 before. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/gu, "");

/** Targets as URLs compare them. @throws {Failure} `egress.allow-invalid` */
export function readAllowed(allowed: readonly string[]): ReadonlySet<string> {
  return new Set(
    allowed.map((entry) => {
      const [, host = "", port = ""] = /^(.+):(\d{1,5})$/u.exec(entry.trim()) ?? [];
      const text = `http://${host}:${port}`;
      if (host === "" || !URL.canParse(text) || /[/@?#\\]/u.test(host))
        throw new Failure("invalid", "egress.allow-invalid", {
          message: `XVC_EGRESS_ALLOW has "${entry.slice(0, 100)}"; write host:port, several with commas between.`,
        });
      return `${hostOf(new URL(text))}:${port}`;
    }),
  );
}

/** HTTP to the outside through one door: see `Egress`. Environment proxies are not used; they would resolve names themselves. */
export function guardedClient(options: GuardedClientOptions): Egress {
  const allowed = readAllowed(options.allowed);
  const resolve = options.resolve ?? resolveAll;
  const isNamed = (url: URL): boolean => allowed.has(`${hostOf(url)}:${portOf(url)}`);
  const mayReach = (url: URL, address: string): boolean => (isNamed(url) ? isNameableAddress(address) : isPublicAddress(address));
  const checked = (text: string): URL => {
    const url = readUrl(text);
    if (isIP(hostOf(url)) !== 0 && !mayReach(url, hostOf(url))) throw insideFailure(url);
    return url;
  };
  return {
    check: (url) => void checked(url),
    async send(request, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs)]);
      let url = checked(request.url);
      for (let hop = 0; hop <= maxRedirects; hop++) {
        const address = await addressOf(url, { resolve, mayReach });
        const answer = await exchange({ request, url, address }, limit);
        const next = redirectOf(answer, url, request.method);
        if (next === null) return { status: answer.status, text: answer.text };
        url = checked(next);
      }
      throw new Failure("invalid", "egress.too-many-redirects", { message: `The address led on more than ${maxRedirects} times.` });
    },
  };
}

export const insideFailure = (url: URL): Failure =>
  refused(
    `${hostOf(url).slice(0, 100)} is not on the public internet. An administrator can name it: XVC_EGRESS_ALLOW=${hostOf(url).slice(0, 100)}:${portOf(url)}`,
  );

export function readUrl(text: string): URL {
  if (text.length > 2_000 || !URL.canParse(text)) throw refused("This is no web address; it starts with https://.");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refused("Only http and https addresses can be reached.");
  if (url.username !== "" || url.password !== "")
    throw refused("An address with a user name in it is not reached; it hides where it leads.");
  if (hostOf(url) === "" || portOf(url) === "0") throw refused("The address names no host.");
  return url;
}

interface Rules {
  readonly resolve: Resolve;
  readonly mayReach: (url: URL, address: string) => boolean;
}

/** Resolves once; every address of the name must be allowed, so that no order of answers chooses. */
export async function addressOf(url: URL, { resolve, mayReach }: Rules): Promise<string> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await resolved(host, resolve) : [host];
  const [first] = addresses;
  if (first === undefined) throw unreachable("has no address");
  if (!addresses.every((address) => mayReach(url, address))) throw insideFailure(url);
  return first;
}

export const unreachable = (what: string, cause?: unknown): Failure =>
  new Failure("unavailable", "egress.unreachable", { message: `The other side ${what}.` }, { cause });

async function resolved(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch (error) {
    throw unreachable("has no address", error);
  }
}

interface Exchange {
  readonly request: OutgoingRequest;
  readonly url: URL;
  readonly address: string;
}

interface RawAnswer extends OutgoingAnswer {
  readonly location: string | null;
}

/** One request over a connection of its own to the checked address; the name goes into Host and into TLS. */
function exchange({ request, url, address }: Exchange, signal: AbortSignal): Promise<RawAnswer> {
  return new Promise((settle, reject) => {
    const host = hostOf(url);
    const body = request.body === null ? null : Buffer.from(request.body, "utf8");
    const sent = (url.protocol === "https:" ? https : http).request({
      host: address,
      port: portOf(url),
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: {
        ...request.headers,
        host: url.host,
        "accept-encoding": "identity",
        ...(body === null ? {} : { "content-length": String(body.byteLength) }),
      },
      agent: false,
      signal,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    sent.on("error", (error) =>
      reject(unreachable(signal.aborted ? "did not answer in time" : `could not be reached (${codeOf(error)})`, error)),
    );
    sent.on("response", (response) => {
      readStart(response).then(
        (text) => settle({ status: response.statusCode ?? 0, text, location: response.headers.location ?? null }),
        (error: unknown) => reject(unreachable("broke off its answer", error)),
      );
    });
    sent.end(body ?? undefined);
  });
}

export const codeOf = (error: Error): string => ("code" in error && typeof error.code === "string" ? error.code : "no reason given");

/** The start of an answer; the rest of a longer one is not waited for. */
async function readStart(response: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    // No encoding is set, so parts are buffers.
    parts.push(part);
    bytes += part.byteLength;
    if (bytes >= maxAnswerBytes) break;
  }
  response.destroy();
  return Buffer.concat(parts).subarray(0, maxAnswerBytes).toString("utf8");
}

const keepsBody: ReadonlySet<number> = new Set([307, 308]);
const changesToGet: ReadonlySet<number> = new Set([301, 302, 303]);

/** Where an answer leads on; null: it is the last. A body is only sent on where the answer says so, and never from https to http. */
function redirectOf({ status, location }: RawAnswer, from: URL, method: OutgoingRequest["method"]): string | null {
  const leads = keepsBody.has(status) || (method === "GET" && changesToGet.has(status));
  if (!leads || location === null) return null;
  if (!URL.canParse(location, from.href)) throw refused("The address led on to something that is no address.");
  const next = new URL(location, from);
  if (from.protocol === "https:" && next.protocol === "http:") throw refused("The address led from https to http, which is not followed.");
  return next.href;
}
