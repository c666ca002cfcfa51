import { Failure, type FailureKind } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { EventDelta } from "../../contract/event-contract.ts";
import type { Client } from "./cli-dependencies.ts";

/** How the server is reached. `fetch` and keys come from outside, so that tests bring a server in the same process. */
export interface HttpClientOptions {
  readonly url: string;
  readonly token: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly newKey: () => string;
}

const kinds: readonly string[] = ["invalid", "not-found", "conflict", "forbidden", "exhausted", "unavailable", "bug"];

const isKind = (kind: unknown): kind is FailureKind => typeof kind === "string" && kinds.includes(kind);

/** A client of the HTTP surface. Refusals come back as the failures they were. @throws {Failure} */
export function httpClient(options: HttpClientOptions): Client {
  const call = async (path: string, init: RequestInit, accept = "application/json"): Promise<Response> => {
    const answer = await reach(options, path, {
      ...init,
      headers: { accept, authorization: `Bearer ${options.token}`, ...(init.headers as Record<string, string> | undefined) },
    }); // only plain objects are passed here
    if (!answer.ok) throw await failureOf(answer);
    return answer;
  };
  return {
    get: async (path) => (await (await call(path, { method: "GET" })).json()) as JsonObject, // the contract's documents are objects
    post: async (path, body, key) =>
      (await (
        await call(path, {
          method: "POST",
          body: JSON.stringify(body),
          headers: { "content-type": "application/json", "idempotency-key": key ?? options.newKey() },
        })
      ).json()) as JsonObject, // as above
    download: async (path) => new Uint8Array(await (await call(path, { method: "GET" }, "*/*")).arrayBuffer()),
    async *events(signal) {
      const answer = await call("/events", { method: "GET", signal }, "text/event-stream");
      if (answer.body !== null) yield* deltasOf(answer.body);
    },
  };
}

async function reach(options: HttpClientOptions, path: string, init: RequestInit): Promise<Response> {
  try {
    return await options.fetch(`${options.url}${path}`, init);
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new Failure(
      "unavailable",
      "server.unreachable",
      { message: `The server at ${options.url} does not answer. Start it with xvc up.` },
      { cause },
    );
  }
}

async function failureOf(answer: Response): Promise<Failure> {
  const problem = (await answer.json().catch(() => null)) as {
    readonly kind?: unknown;
    readonly code?: unknown;
    readonly detail?: unknown;
    readonly instance?: unknown;
    readonly problems?: Json;
  } | null; // read with care below
  const { kind, code, detail, instance, problems } = problem ?? {};
  return new Failure(isKind(kind) ? kind : "unavailable", typeof code === "string" ? code : "server.unexpected-answer", {
    message: typeof detail === "string" ? detail : `The server answered with status ${answer.status} and no explanation.`,
    ...(typeof instance === "string" ? { instance } : {}),
    ...(Array.isArray(problems) ? { problems } : {}),
  });
}

/** A message longer than this is no delta of ours. */
const maxMessageChars = 4 * 1024 * 1024;

async function* deltasOf(body: ReadableStream<Uint8Array>): AsyncIterable<EventDelta> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    // Node's streams can be iterated; the DOM type does not say so.
    text += decoder.decode(part, { stream: true });
    if (text.length > maxMessageChars)
      throw new Failure("unavailable", "server.unexpected-answer", { message: "The server's event stream is not readable." });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n");
      const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
      // `ready` and `reset` say "look again" as much as a delta does.
      if (data !== undefined && lines.some((line) => line.startsWith("event: "))) yield JSON.parse(data) as EventDelta;
    }
  }
}
