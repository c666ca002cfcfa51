import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Client } from "../surfaces/cli/cli-dependencies.ts";
import { httpClient } from "../surfaces/cli/http-client.ts";
import { mcpServer } from "../surfaces/mcp/mcp-server.ts";
import { mcpHandler, serveMcp } from "../surfaces/mcp/mcp-surface.ts";
import type { System } from "./open-system.ts";

/** MCP of a running server. A tool comes back to the server's own routes under the key of whoever called it. */
export function ownMcp(
  { installation, log }: Pick<System, "installation" | "log">,
  answer: (request: Request) => Response | Promise<Response>,
) {
  const parts = {
    version: installation.version,
    onBug: (cause: unknown) => log.error("mcp", { message: cause instanceof Error ? cause.message : String(cause) }),
  };
  return mcpHandler(({ headers }) => {
    const host = headers.get("host") ?? "";
    const api = httpClient({
      url: `http://${host}`,
      token: (headers.get("authorization") ?? "").replace(/^Bearer /u, ""),
      newKey: () => randomUUID(),
      fetch: async (url, init) => answer(new Request(url, { ...init, headers: { ...(init.headers as Record<string, string>), host } })), // the client passes plain objects
    });
    return mcpServer(api, parts);
  });
}

/** MCP over the streams of this process, in the name of a client of some server. */
export function speakMcp(client: Client, signal: AbortSignal): Promise<void> {
  const file = path.join(import.meta.dirname, "..", "..", "package.json");
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }; // our own file
  return serveMcp(client, {
    version,
    signal,
    onBug: (cause) => void process.stderr.write(`xvc: ${cause instanceof Error ? cause.message : String(cause)}\n`),
  });
}
