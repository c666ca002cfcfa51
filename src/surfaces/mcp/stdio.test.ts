import { serve } from "@hono/node-server";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";

test.each(["auto", "legacy"] as const)(
  "xvc mcp is a client of the server for a program that starts it: %s",
  { timeout: 60_000 },
  async (mode) => {
    const home = await mkdtemp(path.join(os.tmpdir(), "xvc-stdio-"));
    const hosts: string[] = [];
    const world = await openHttpWorld({ hosts: () => hosts });
    const server = serve({ fetch: world.surface.fetch, hostname: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const address = server.address();
    hosts.push(`127.0.0.1:${String(typeof address === "object" && address !== null ? address.port : 0)}`);
    const cli = fileURLToPath(new URL("../../main/cli.ts", import.meta.url));
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [cli, "mcp"],
      env: { XVC_HOME: home, XVC_URL: `http://${hosts[0] ?? ""}`, XVC_API_KEY: world.token, HOME: home },
      stderr: "pipe",
    });
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    try {
      await client.connect(transport);
      expect((await client.listTools()).tools.length).toBe(13);
      const filed = await client.callTool({ name: "file_request", arguments: { text: "Write the page" } });
      expect(filed.structuredContent).toMatchObject({ label: "ENG-1" });
      const wrong = await client.callTool({ name: "get_request", arguments: { request: "ENG-7" } });
      expect([wrong.isError, JSON.stringify(wrong.content)]).toEqual([true, expect.stringContaining("request.not-found")]);
    } finally {
      await client.close();
      server.close();
      await rm(home, { recursive: true, force: true });
    }
  },
);
