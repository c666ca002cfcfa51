import {
  type CallToolResult,
  Client,
  type JsonSchemaValidator,
  ProtocolError,
  StreamableHTTPClientTransport,
  type Tool,
  type Transport,
} from "@modelcontextprotocol/client";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { GivenTool } from "../../core/gate/outside-tool.ts";
import { serverLimits } from "../../core/gate/tool-server.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { StreamingEgress } from "../../engine/ports/egress.ts";
import type { Sandbox } from "../../engine/ports/sandbox.ts";
import type { ServerAddress, ServerCall, ToolServers } from "../../engine/ports/tool-servers.ts";
import { SandboxTransport } from "./mcp-over-sandbox.ts";

export interface McpParts {
  readonly sandbox: Sandbox;
  readonly egress: StreamingEgress;
  readonly version: string;
}

/** Pages of one list of tools. */
const maxPages = 10;
/** How long a list of tools may take, milliseconds. */
const listMs = 20_000;
const maxMessageChars = 500;

/** Servers of the Model Context Protocol: programs in the sandbox, services through the guarded egress. A session for each use. */
export const mcpToolServers = (parts: McpParts): ToolServers => ({
  list: (address, signal) => inSession(parts, { address, timeLimitMs: listMs }, (client) => notSent(listed(client, signal))),
  call: (address, call, signal) =>
    inSession(parts, { address, timeLimitMs: listMs + call.timeLimitMs }, async (client) => {
      call.check(await notSent(listed(client, signal)));
      return called(client, call, signal);
    }),
});

interface Session {
  readonly address: ServerAddress;
  readonly timeLimitMs: number;
}

async function inSession<Result>(parts: McpParts, session: Session, work: (client: Client) => Promise<Result>): Promise<Result> {
  const { transport } = session.address;
  if (transport.kind === "stdio" && !parts.sandbox.probe.available)
    throw new Failure("conflict", "tool-server.no-sandbox", {
      message: `Programs of tool servers run only in the sandbox, and there is none: ${parts.sandbox.probe.reason} ${parts.sandbox.probe.next}`,
    });
  const workDirectory = transport.kind === "stdio" ? await mkdtemp(path.join(os.tmpdir(), "xvc-tool-server-")) : null;
  const client = new Client(
    { name: "xvc", version: parts.version },
    // What a server answers is checked by nobody's schema but ours: patterns of a stranger may run for ever.
    { versionNegotiation: { mode: "auto" }, capabilities: {}, listMaxPages: maxPages, jsonSchemaValidator: { getValidator: takesAll } },
  );
  try {
    await notSent(client.connect(transportOf(parts, session, workDirectory)));
    return await work(client);
  } finally {
    await client.close().catch(() => undefined); // the session is over either way
    if (workDirectory !== null) await rm(workDirectory, { recursive: true, force: true });
  }
}

const takesAll =
  <Value>(): JsonSchemaValidator<Value> =>
  (input) => ({ valid: true, data: input as Value, errorMessage: undefined }); // nothing is promised about it, and nothing believes it

function transportOf({ sandbox, egress }: McpParts, { address, timeLimitMs }: Session, workDirectory: string | null): Transport {
  const { transport, token } = address;
  if (transport.kind === "stdio")
    return new SandboxTransport({ sandbox, command: transport.command, workDirectory: workDirectory ?? os.tmpdir(), timeLimitMs });
  egress.check(transport.url, transport.reach);
  return new StreamableHTTPClientTransport(new URL(transport.url), {
    fetch: (url, init) => guardedFetch(egress, transport.reach, { url: String(url), init: init ?? {} }),
    reconnectionOptions: { maxRetries: 0, initialReconnectionDelay: 1_000, maxReconnectionDelay: 1_000, reconnectionDelayGrowFactor: 1 },
    ...(token === null ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  });
}

/** As `fetch`, through the one client that checks addresses. It follows no redirect, so a token goes nowhere else. */
async function guardedFetch(
  egress: StreamingEgress,
  reach: "outside" | "house",
  { url, init }: { readonly url: string; readonly init: RequestInit },
): Promise<Response> {
  const { method = "GET", body, headers, signal } = init;
  // Ending a session is a courtesy that nothing depends on.
  if (method !== "GET" && method !== "POST") return new Response(null, { status: 405 });
  const sent = {
    method,
    url,
    reach,
    headers: Object.fromEntries(new Headers(headers)),
    body: typeof body === "string" ? body : null,
  } as const;
  const answer = await egress.open(sent, signal ?? new AbortController().signal);
  return new Response(emptyAnswers.has(answer.status) ? null : answer.body, { status: answer.status, headers: answer.headers });
}

const emptyAnswers: ReadonlySet<number> = new Set([204, 205, 304]);

async function listed(client: Client, signal: AbortSignal): Promise<readonly GivenTool[]> {
  const { tools } = await client.listTools(undefined, { signal, timeout: listMs });
  return tools.slice(0, serverLimits.tools).map(givenTool);
}

/** Plain data of it, so that it can be hashed and kept. Everything that the server says of the tool is in it. */
function givenTool(tool: Tool): GivenTool {
  const { name, title = "", description = "", inputSchema, ...others } = tool;
  return JSON.parse(JSON.stringify({ name, title, description, inputSchema, annotations: others })) as GivenTool; // the fields just named
}

/** Failures before the call: it was not made. */
async function notSent<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure && error.kind !== "unavailable") throw error;
    throw new Failure(
      "conflict",
      "tool-server.not-sent",
      { message: `The server could not be reached: ${wordsOf(error)}` },
      { cause: error },
    );
  }
}

async function called(client: Client, { tool, arguments: given, timeLimitMs }: ServerCall, signal: AbortSignal): Promise<JsonObject> {
  let result: CallToolResult;
  try {
    result = await client.callTool({ name: tool, arguments: { ...given } }, { signal, timeout: timeLimitMs });
  } catch (error) {
    if (error instanceof ProtocolError)
      throw new Failure("invalid", "tool-server.said-no", { message: `The server refused the call: ${wordsOf(error)}` }, { cause: error });
    throw new Failure(
      "unavailable",
      "tool-server.unreachable",
      { message: `Contact with the server was lost: ${wordsOf(error)}` },
      { cause: error },
    );
  }
  const answer = answerOf(result);
  if (result.isError !== true) return answer;
  throw new Failure("invalid", "tool-server.said-no", { message: `The server says: ${answer.text.slice(0, maxMessageChars)}` });
}

/** Texts as they stand; of pictures and sounds what they are and how large, since nothing here looks at them. */
function answerOf({ content, structuredContent }: CallToolResult): JsonObject & { readonly text: string } {
  const texts = content.flatMap((part) => (part.type === "text" ? [part.text.toWellFormed()] : []));
  const others = content.flatMap((part) => {
    if (part.type === "text") return [];
    if (part.type === "image" || part.type === "audio") return [`${part.type}, ${part.mimeType}, ${part.data.length} characters of base64`];
    return part.type === "resource_link" ? [`link to ${part.uri}`] : [`resource ${part.resource.uri}`];
  });
  const data = structuredContent === undefined ? {} : { data: JSON.parse(JSON.stringify(structuredContent)) as JsonObject };
  return { text: texts.join("\n"), ...(others.length > 0 ? { others } : {}), ...data };
}

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, maxMessageChars).toWellFormed();
