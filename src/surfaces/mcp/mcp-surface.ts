import { createMcpHandler, type McpServer, type McpServerFactory } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { type McpParts, mcpServer } from "./mcp-server.ts";
import type { Api } from "./tool.ts";

/** A message is a call of one tool; outputs beyond this are uploaded as content. */
const maxBodyBytes = 1_000_000;
/** Open streams of clients that want to hear of changed tools, of which there are none. */
const maxStreams = 64;

/**
 * MCP over HTTP, stateless: 2026-07-28 and, for clients that open as before, 2025-11-25. Whoever calls was authenticated before; each
 * exchange has a server of its own, made from the request that began it.
 */
export function mcpHandler(serverOf: (request: Request) => McpServer): {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly close: () => Promise<void>;
} {
  const factory: McpServerFactory = ({ requestInfo }) => serverOf(requestInfo ?? new Request("http://unknown.invalid"));
  const handler = createMcpHandler(factory, {
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
