import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { httpClient } from "../../src/surfaces/cli/http-client.ts";
import { mcpHandler } from "../../src/surfaces/mcp/mcp-surface.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
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
  let keys = 0;
  const handler = mcpHandler({
    version: "0.0.0",
    onBug: (cause) => bugs.push(cause),
    apiFor: (authorization, at) =>
      httpClient({
        url: `http://${at}`,
        token: authorization.replace(/^Bearer /u, ""),
        newKey: () => `mcp-${String((keys += 1))}`,
        fetch: async (url, init) =>
          world.surface.fetch(new Request(url, { ...init, headers: { ...(init.headers as Record<string, string>), host: at } })), // the client passes plain objects
      }),
  });
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
