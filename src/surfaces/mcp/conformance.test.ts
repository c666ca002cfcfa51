import { serve } from "@hono/node-server";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openMcpSurface } from "../../../test/support/mcp-world.ts";
import { mcpServer } from "./mcp-server.ts";
import type { Api } from "./tool.ts";

/*
 * The official checks of both revisions, all scenarios that a revision requires of servers in one run. They call tools of fixed names,
 * which stand beside ours in this test's server alone.
 */

const program = fileURLToPath(new URL("../../../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url));

/**
 * What is not offered: prompts, resources, completion, logging by the protocol, headers from arguments, results that are no text, and tools
 * that ask the client back. A scenario of these that passes fails the run, and so does any other that does not.
 */
const inNeither = [
  "completion-complete",
  "json-schema-2020-12",
  "prompts-get-embedded-resource",
  "prompts-get-simple",
  "prompts-get-with-args",
  "prompts-get-with-image",
  "prompts-list",
  "resources-list",
  "resources-read-binary",
  "resources-read-text",
  "resources-templates-read",
  "tools-call-audio",
  "tools-call-embedded-resource",
  "tools-call-image",
  "tools-call-mixed-content",
  "tools-call-with-progress",
];
const notOffered = {
  "2026-07-28": [
    ...inNeither,
    "http-custom-header-server-validation",
    "input-required-result-basic-elicitation",
    "input-required-result-basic-list-roots",
    "input-required-result-basic-sampling",
    "input-required-result-capability-check",
    "input-required-result-multi-round",
    "input-required-result-multiple-input-requests",
    "input-required-result-non-tool-request",
    "input-required-result-request-state",
    "input-required-result-result-type",
    "input-required-result-tampered-state",
    "tasks-capability-negotiation",
    "tasks-dispatch-and-envelope",
    "tasks-lifecycle",
    "tasks-mrtr-composition",
    "tasks-mrtr-input",
    "tasks-request-headers",
    "tasks-request-state-removal",
    "tasks-required-task-error",
    "tasks-wire-fields",
    "sep-2164-resource-not-found",
    "input-required-result-missing-input-response",
    "input-required-result-ignore-extra-params",
    "server-stateless:sep-2575-server-sends-tools-list-changed-on-subscription",
    "server-stateless:sep-2575-server-rejects-undeclared-capability",
    "server-stateless:sep-2575-missing-capability-http-400",
    "server-stateless:sep-2575-http-server-no-independent-requests-on-stream",
    "server-stateless:sep-2575-server-no-log-without-loglevel",
    "caching:sep-2549-prompts-list-caching-hints",
    "caching:sep-2549-resources-list-caching-hints",
    "caching:sep-2549-resources-templates-list-caching-hints",
  ],
  "2025-11-25": [
    ...inNeither,
    "server-sse-multiple-streams",
    "elicitation-sep1034-defaults",
    "elicitation-sep1330-enums",
    "logging-set-level",
    "resources-subscribe",
    "resources-unsubscribe",
    "tools-call-elicitation",
    "tools-call-sampling",
    "tools-call-with-logging",
  ],
};

const noApi: Api = {
  get: () => Promise.reject(new Error("no tool of ours is called")),
  post: () => Promise.reject(new Error("no tool of ours is called")),
};

let folder = "";
let url = "";
let close = async (): Promise<void> => {};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "xvc-mcp-"));
  const hosts: string[] = [];
  const world = await openMcpSurface(
    () => {
      const server = mcpServer(noApi, { version: "0.0.0", onBug: () => {} });
      server.registerTool("test_simple_text", { description: "A text." }, () => ({
        content: [{ type: "text", text: "This is a simple text response for testing." }],
      }));
      server.registerTool("test_error_handling", { description: "An error." }, () => ({
        isError: true,
        content: [{ type: "text", text: "This tool intentionally returns an error for testing" }],
      }));
      return server;
    },
    () => hosts,
  );
  // The checks have no key; everything else about a request stays as it came.
  const withKey = (request: Request): Response | Promise<Response> => {
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${world.token}`);
    return world.surface.fetch(new Request(request, { headers }));
  };
  const server = serve({ fetch: withKey, hostname: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  hosts.push(`127.0.0.1:${String(port)}`, `localhost:${String(port)}`);
  url = `http://127.0.0.1:${String(port)}/mcp`;
  close = async () => {
    server.close();
    await once(server, "close");
  };
});

afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

test.each(["2026-07-28", "2025-11-25"] as const)(
  "what revision %s requires of servers holds, but for what is not offered",
  { timeout: 120_000 },
  async (revision) => {
    const expected = path.join(folder, `${revision}.yml`);
    await writeFile(expected, `server:\n${notOffered[revision].map((scenario) => `  - ${scenario}\n`).join("")}`);
    const child = spawn(process.execPath, [program, "server", "--url", url, "--requirements", revision, "--expected-failures", expected], {
      cwd: folder,
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (said += part.toString()));
    const [exit] = (await once(child, "close")) as [number];
    expect([exit, exit === 0 ? "" : said.slice(-8_000)]).toEqual([0, ""]);
  },
);
