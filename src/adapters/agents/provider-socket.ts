import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AgentCallAnswer, AgentHooks } from "../../engine/ports/agent.ts";
import { Failure } from "../../core/shared/failure.ts";

/** Largest request of an agent: a long conversation with files in it. */
const maxRequestBytes = 33_554_432;
const maxConnections = 32;

export interface ProviderSocket extends AsyncDisposable {
  readonly directory: string;
  readonly path: string;
}

/**
 * The one network that an agent has: a socket in a directory that only we and its sandbox see. Whatever arrives is handed to `call`, which
 * knows one provider and nothing else.
 */
export async function openProviderSocket(call: AgentHooks["call"], signal: AbortSignal): Promise<ProviderSocket> {
  // Short, because the path of a socket has at most 107 bytes.
  const directory = await mkdtemp(path.join(os.tmpdir(), "xvc-a-"));
  const place = path.join(directory, "s");
  const server = http.createServer((request, response) => {
    serve(call, { request, response, signal }).catch(() => response.destroy());
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((settle, reject) => {
    server.once("error", reject);
    server.listen(place, settle);
  });
  return {
    directory,
    path: place,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Serving {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly signal: AbortSignal;
}

async function serve(call: AgentHooks["call"], { request, response, signal }: Serving): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) gone.abort(new Failure("unavailable", "model.answer-cut", { message: "The agent hung up." }));
  });
  const body = await bodyOf(request);
  if (body === null) return refuse(response, 413, "The request is too large.");
  const called = { method: request.method ?? "", path: request.url ?? "", body };
  const answer = await call(called, AbortSignal.any([signal, gone.signal])).catch((error: unknown) => refusalOf(error));
  response.writeHead(answer.status, { "content-type": answer.contentType });
  if (typeof answer.body === "string") {
    response.end(answer.body);
    return;
  }
  // A web stream of bytes is what Node reads; the two declarations of its type differ.
  await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), response);
}

/** 400, so that no library tries again: whoever is at the end of a budget or under a halt stays there. */
function refusalOf(error: unknown): AgentCallAnswer {
  const failure = error instanceof Failure ? error : null;
  const message = failure?.message ?? "This call cannot be made.";
  return { status: failure?.kind === "unavailable" ? 503 : 400, contentType: "application/json", body: errorBody(message) };
}

const errorBody = (message: string): string =>
  JSON.stringify({ type: "error", error: { type: "invalid_request_error", code: "xvc", message } });

function refuse(response: http.ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(errorBody(message));
}

async function bodyOf(request: http.IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxRequestBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
