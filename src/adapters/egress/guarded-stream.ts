import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { Readable } from "node:stream";
import type { StreamAnswer, StreamRequest, StreamingEgress } from "../../engine/ports/egress.ts";
import { isLoopbackAddress, isNameableAddress, isPublicAddress } from "./address-rules.ts";
import {
  type GuardedClientOptions,
  addressOf,
  codeOf,
  hostOf,
  insideFailure,
  portOf,
  readAllowed,
  readUrl,
  resolveAll,
  unreachable,
} from "./guarded-client.ts";

type Reach = StreamRequest["reach"];

/**
 * HTTP to models: see `StreamingEgress`. An address on this machine is reached only as `house`, and then only where every address of
 * the name is this machine; another one inside this network only where an administrator named it. Environment proxies are not used.
 */
export function guardedStream(options: Pick<GuardedClientOptions, "allowed" | "resolve">): StreamingEgress {
  const allowed = readAllowed(options.allowed);
  const resolve = options.resolve ?? resolveAll;
  const isNamed = (url: URL): boolean => allowed.has(`${hostOf(url)}:${portOf(url)}`);
  const mayReach =
    (reach: Reach) =>
    (url: URL, address: string): boolean => {
      if (isNamed(url)) return isNameableAddress(address);
      return isPublicAddress(address) || (reach === "house" && isLoopbackAddress(address));
    };
  const checked = (text: string, reach: Reach): URL => {
    const url = readUrl(text);
    if (isIP(hostOf(url)) !== 0 && !mayReach(reach)(url, hostOf(url))) throw insideFailure(url);
    return url;
  };
  return {
    check: (url, reach) => void checked(url, reach),
    async open(request, signal) {
      const url = checked(request.url, request.reach);
      signal.throwIfAborted();
      return openTo({ request, url, address: await addressOf(url, { resolve, mayReach: mayReach(request.reach) }) }, signal);
    },
  };
}

interface Opening {
  readonly request: StreamRequest;
  readonly url: URL;
  readonly address: string;
}

/** One request over a connection of its own to the checked address; the name goes into Host and into TLS. */
function openTo({ request, url, address }: Opening, signal: AbortSignal): Promise<StreamAnswer> {
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
    sent.on("error", (error) => reject(unreachable(signal.aborted ? "was not waited for" : `could not be reached (${codeOf(error)})`)));
    sent.on("response", (response) => {
      settle({
        status: response.statusCode ?? 0,
        headers: headersOf(response),
        body: Readable.toWeb(response) as ReadableStream<Uint8Array>, // no encoding is set, so parts are bytes
      });
    });
    sent.end(body ?? undefined);
  });
}

const headersOf = (response: http.IncomingMessage): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
