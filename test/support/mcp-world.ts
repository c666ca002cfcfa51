import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { McpServer } from "@modelcontextprotocol/server";
import { ownMcp } from "../../src/main/mcp.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { mcpHandler } from "../../src/surfaces/mcp/mcp-surface.ts";
import { openHttpWorld } from "./http-world.ts";

/** What a tool answered, as a client sees it. */
export interface Told {
  readonly isError: boolean;
  readonly text: string;
  readonly data: JsonObject;
}

/** The HTTP surface with MCP at `/mcp`, as the server wires it, and clients of it. */
export async function openMcpWorld() {
  const bugs: unknown[] = [];
  const log = { error: (_name: string, entry: unknown) => void bugs.push(entry) } as Parameters<typeof ownMcp>[0]["log"]; // nothing else is called
  const installation = { version: "0.0.0" } as Parameters<typeof ownMcp>[0]["installation"]; // nothing else is read
  const handler = ownMcp({ installation, log }, (request) => world.surface.fetch(request));
  const world = await openHttpWorld({ mcp: (request) => handler.fetch(request) });
  const reach = (token: string) => (url: string | URL, init?: RequestInit) => {
    const headers = new Headers(init?.headers);
    headers.set("host", world.host);
    headers.set("authorization", `Bearer ${token}`);
    return Promise.resolve(world.surface.fetch(new Request(url, { ...init, headers })));
  };
  const told = (result: unknown): Told => {
    const { isError, content, structuredContent } = result as {
      readonly isError?: boolean;
      readonly content: readonly { readonly text?: string }[];
      readonly structuredContent?: JsonObject;
    }; // the shape that every call of a tool has
    return { isError: isError === true, text: content.map((part) => part.text ?? "").join("\n"), data: structuredContent ?? {} };
  };
  /** A client of the present protocol with a key. */
  const connect = async (token: string = world.token) => {
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://${world.host}/mcp`), { fetch: reach(token) }));
    return { client, use: async (name: string, given: JsonObject = {}) => told(await client.callTool({ name, arguments: given })) };
  };
  return { ...world, bugs, reach, told, connect };
}

/** The same surface with another server behind `/mcp`, for checks that bring tools of their own. */
export async function openMcpSurface(serverOf: (request: Request) => McpServer, hosts: () => readonly string[]) {
  const handler = mcpHandler(serverOf);
  return openHttpWorld({ mcp: (request) => handler.fetch(request), hosts });
}
