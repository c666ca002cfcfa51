import { createMcpHandler } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { mcpServer } from "./mcp-server.ts";
import type { Api } from "./tool.ts";

export interface McpParts {
  readonly version: string;
  /** Hears of what was nobody's refusal. */
  readonly onBug: (cause: unknown) => void;
}

/** A message is a call of one tool; outputs beyond this are uploaded as content. */
const maxBodyBytes = 1_000_000;
/** Open streams of clients that want to hear of changed tools, of which there are none. */
const maxStreams = 64;

/**
 * MCP over HTTP, stateless: 2026-07-28 and, for clients that open as before, 2025-11-25. Whoever calls was authenticated before; each
 * exchange reaches the API with the caller's own `authorization` header and nothing else of theirs.
 */
export function mcpHandler(use: McpParts & { readonly apiFor: (authorization: string, host: string) => Api }): {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly close: () => Promise<void>;
} {
  const headerOf = (request: Request | undefined, name: string): string => request?.headers.get(name) ?? "";
  const apiOf = (request: Request | undefined): Api => use.apiFor(headerOf(request, "authorization"), headerOf(request, "host"));
  const handler = createMcpHandler(({ requestInfo }) => mcpServer(apiOf(requestInfo), use), {
    maxRequestBodySize: maxBodyBytes,
    maxSubscriptions: maxStreams,
    onerror: () => {}, // the client is told of what it sent; what is ours goes to `onBug`
  });
  return { fetch: (request) => handler.fetch(request), close: () => handler.close() };
}

/** MCP over the streams of this process, until they end. */
export function serveMcp(api: Api, use: McpParts & { readonly signal: AbortSignal }): Promise<void> {
  const handle = serveStdio(() => mcpServer(api, use));
  return new Promise((resolve) => {
    const end = (): void => void handle.close().then(resolve, resolve);
    process.stdin.once("end", end);
    process.stdin.once("close", end);
    use.signal.addEventListener("abort", end, { once: true });
  });
}
