import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect, test } from "vitest";
import { openMcpWorld } from "../../../test/support/mcp-world.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { textAt } from "../cli/output.ts";
import { mcpTools } from "./mcp-server.ts";

type World = Awaited<ReturnType<typeof openMcpWorld>>;
type Use = Awaited<ReturnType<World["connect"]>>["use"];

const names = [
  "file_request",
  "get_request",
  "get_plan",
  "list_my_tasks",
  "claim_task",
  "heartbeat_task",
  "release_task",
  "submit_result",
  "ask_question",
  "list_approvals",
  "decide_approval",
  "search_memory",
  "record_decision",
];

/** The data of a call that has to go well. */
async function done(use: Use, name: string, given: JsonObject = {}): Promise<JsonObject> {
  const { isError, text, data } = await use(name, given);
  expect([name, isError, text.slice(0, 500)]).toEqual([name, false, JSON.stringify(data).slice(0, 500)]);
  return data;
}

/** A request whose plan waits for approval. */
async function planned(world: World) {
  const { id, label } = await world.filed();
  const proposed = await world.asToken("POST", `/api/requests/${id}/plan`, { body: { document: world.plan } });
  expect(proposed.status).toBe(201);
  return { id, label };
}

const items = (data: JsonObject, name: string): readonly JsonObject[] => data[name] as readonly JsonObject[]; // by the tools' schemas

test("a client of the present protocol files a request, decides its plan, claims a task, asks about it and hands it in", async () => {
  const world = await openMcpWorld();
  const { client, use } = await world.connect();
  expect(client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
  const listed = await client.listTools();
  expect(listed.tools.map(({ name }) => name)).toEqual(names);
  for (const one of listed.tools) expect([one.name, one.inputSchema.type, one.outputSchema?.type]).toEqual([one.name, "object", "object"]);

  const filed = await done(use, "file_request", { text: "Write the page", key: "once" });
  expect(await done(use, "file_request", { text: "Write the page", key: "once" })).toEqual(filed);
  expect(await done(use, "get_request", { request: textAt(filed, "label") })).toMatchObject({
    request: "ENG-1",
    text: "Write the page",
    tasks: [],
  });

  const { label } = await planned(world);
  const plan = await done(use, "get_plan", { request: label });
  expect(plan).toMatchObject({ document: { schema: "xvc.plan/1", version: 1 }, mayDecide: true });
  const [waiting = {}] = items(await done(use, "list_approvals", { request: label }), "items");
  expect(waiting).toMatchObject({ item: plan["approvalItemId"], kind: "approval", mayAnswer: true });
  const [whole] = items(await done(use, "list_approvals", { item: textAt(waiting, "item") }), "items");
  expect([typeof whole?.["detail"], typeof whole?.["evidence"]]).toEqual(["string", "object"]);
  const confirm = plan["confirm"];
  const decided = await done(use, "decide_approval", {
    item: textAt(waiting, "item"),
    choice: "approve",
    reason: "It is sound.",
    ...(typeof confirm === "string" ? { confirm } : {}),
  });
  expect(decided).toMatchObject({ choice: "approve", state: "approved" });

  const [offered] = items(await done(use, "list_my_tasks"), "offered");
  expect(offered).toMatchObject({ label: `${label}/draft` });
  const claim = await done(use, "claim_task", { task: `${label}/draft` });
  expect(claim).toMatchObject({ expectedOutputs: ["draft.md"], criteria: [{ id: "a1" }], leaseUntilMs: world.clock.nowMs() + 3_600_000 });
  const asked = await done(use, "ask_question", { task: `${label}/draft`, question: "Which colour?" });
  expect(asked).toMatchObject({ request: label, asked: "Dana" });
  const handed = { task: `${label}/draft`, claim: textAt(claim, "claim"), outputs: { "draft.md": "# A draft" } };
  expect(await done(use, "submit_result", handed)).toMatchObject({ state: "running" });
  expect((await use("submit_result", handed)).text).toContain("task.already-submitted");

  await done(use, "record_decision", {
    question: "Which colour has the page?",
    options: [{ label: "Azurite", pros: ["calm"] }, { label: "Red" }],
    choice: "Azurite",
    rationale: "It was asked for.",
    request: label,
  });
  const found = await done(use, "search_memory", { query: "colour page", kinds: ["decision"] });
  expect(items(found, "items")).toMatchObject([{ kind: "decision", title: "Which colour has the page?" }]);
  expect(world.bugs).toEqual([]);
  await client.close();
});

test("a client of the protocol before is served as well, with the same tools and errors", async () => {
  const world = await openMcpWorld();
  const client = new OldClient({ name: "old", version: "1" });
  await client.connect(
    new OldTransport(new URL(`http://${world.host}/mcp`), { fetch: world.reach(world.token) }) as Parameters<OldClient["connect"]>[0],
  ); // its own transport, under exact optional types
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(names);
  const filed = world.told(await client.callTool({ name: "file_request", arguments: { text: "Write it" } }));
  expect(filed).toMatchObject({ isError: false, data: { label: "ENG-1" } });
  const { label } = await planned(world);
  const [item] = items(world.told(await client.callTool({ name: "list_approvals", arguments: { request: label } })).data, "items");
  const plan = world.told(await client.callTool({ name: "get_plan", arguments: { request: label } })).data;
  const decide = { item: item?.["item"], choice: "approve", ...(typeof plan["confirm"] === "string" ? { confirm: plan["confirm"] } : {}) };
  expect(world.told(await client.callTool({ name: "decide_approval", arguments: decide })).isError).toBe(false);
  const claim = world.told(await client.callTool({ name: "claim_task", arguments: { task: `${label}/draft` } })).data;
  const handed = { task: `${label}/draft`, claim: claim["claim"], outputs: { "draft.md": "x" } };
  expect(world.told(await client.callTool({ name: "submit_result", arguments: handed })).isError).toBe(false);
  expect(world.told(await client.callTool({ name: "get_request", arguments: { request: "ENG-99" } }))).toMatchObject({ isError: true });
  await client.close();
});

test("a claim is lost when nobody is heard of in time, kept by a heartbeat, and the one who lost it is told to stop", async () => {
  const world = await openMcpWorld();
  const { use } = await world.connect();
  const { label } = await planned(world);
  const plan = await done(use, "get_plan", { request: label });
  const confirm = plan["confirm"];
  await done(use, "decide_approval", {
    item: textAt(plan, "approvalItemId"),
    choice: "approve",
    ...(typeof confirm === "string" ? { confirm } : {}),
  });
  const task = `${label}/draft`;
  const clocks = () =>
    world.engine.read({ organizationId: world.organizationId, projectIds: [world.projectId] }, (reader) =>
      reader.find(clockKind, { where: { state: "set" }, limit: 100 }),
    );
  const lapse = async () => {
    const due = (await clocks()).filter((clock) => clock.command["kind"] === "lapse-claim" && clock.dueAtMs <= world.clock.nowMs());
    for (const clock of due) await world.system(clock.command as unknown as Parameters<World["system"]>[0]); // a command, as core wrote it
    return due.length;
  };
  const first = textAt(await done(use, "claim_task", { task, leaseMinutes: 10 }), "claim");
  world.clock.advance(9 * 60_000);
  const kept = await done(use, "heartbeat_task", { task, claim: first, leaseMinutes: 10 });
  expect(kept).toMatchObject({ state: "running", leaseUntilMs: world.clock.nowMs() + 600_000 });
  world.clock.advance(9 * 60_000);
  expect([await lapse(), (await clocks()).length]).toEqual([0, 1]);
  world.clock.advance(60_000);
  expect(await lapse()).toBe(1);
  const late = await use("submit_result", { task, claim: first, outputs: { "draft.md": "late" } });
  expect(late).toMatchObject({ isError: true });
  const second = textAt(await done(use, "claim_task", { task }), "claim");
  expect(second).not.toBe(first);
  for (const [name, more] of [
    ["heartbeat_task", {}],
    ["release_task", {}],
    ["submit_result", { outputs: { "draft.md": "late" } }],
  ] as const) {
    const refused = await use(name, { task, claim: first, ...more });
    expect([name, refused.isError, refused.text]).toEqual([
      name,
      true,
      expect.stringMatching(/task\.claim-lost \(conflict\)\nnext: Read it again/u),
    ]);
  }
  expect(await done(use, "release_task", { task, claim: second })).toMatchObject({ state: "ready" });
  expect(await clocks()).toEqual([]);
  expect((await use("claim_task", { task, leaseMinutes: 0 })).isError).toBe(true);
});

test("whatever is wrong is told with what, why and what next, and never as a failure of ours", async () => {
  const world = await openMcpWorld();
  const { use } = await world.connect();
  const absent = "00000000-0000-4000-8000-000000000000";
  const bad: readonly (readonly [string, JsonObject, RegExp])[] = [
    ["get_request", { request: "ENG-99" }, /why: request\.not-found \(not-found\)\nnext: Check the id/u],
    ["get_request", { request: "../me" }, /neither an id nor a label/u],
    ["get_request", {}, /request/u],
    ["get_plan", { request: "ENG-1", version: 0 }, /version/u],
    ["claim_task", { task: absent }, /not-found/u],
    ["ask_question", { question: "What?" }, /either a request or a task/u],
    ["decide_approval", { item: absent, choice: "approve" }, /not-found/u],
    ["search_memory", { query: " " }, /query/u],
    ["record_decision", { question: "?", options: [] }, /options/u],
    ["file_request", { text: "x", project: "NOPE" }, /why: project\.\S+ \(not-found\)/u],
    ["file_request", { text: "x", urgency: "now" }, /urgency/u],
  ];
  for (const [name, given, expected] of bad) {
    const { isError, text } = await use(name, given);
    expect([name, isError, text]).toEqual([name, true, expect.stringMatching(expected)]);
  }
  expect(world.bugs).toEqual([]);
});

test("a key opens what it may and nothing else: no key, a reading one, one of another project, a foreign page or name", async () => {
  const world = await openMcpWorld();
  const ours = await planned(world);
  const body = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
  const knock = (headers: Record<string, string>) =>
    world.call("POST", "/mcp", { body, headers: { accept: "application/json, text/event-stream", ...headers } });
  const none = await knock({});
  expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="xvc"']);
  expect((await knock({ authorization: `Bearer ${"x".repeat(40)}` })).status).toBe(401);
  const { cookie, csrf } = await world.signedIn();
  expect((await knock({ cookie, "x-csrf-token": csrf })).status).toBe(401);
  const authorization = `Bearer ${world.token}`;
  expect((await knock({ authorization, origin: "https://evil.example" })).status).toBe(403);
  expect((await knock({ authorization, host: "evil.example" })).status).toBe(403);
  expect((await knock({ authorization })).status).toBe(200);

  const keyOf = async (more: object): Promise<string> =>
    textAt(
      await world.json(world.asToken("POST", "/api/keys", { body: { name: `k${String(Object.keys(more).length)}`, ...more } })),
      "secret",
    );
  const reader = await world.connect(await keyOf({}));
  expect((await reader.use("get_request", { request: ours.label })).isError).toBe(false);
  expect((await reader.use("file_request", { text: "x" })).text).toContain("key.scope-missing (forbidden)");

  await world.json(world.asToken("POST", "/api/projects", { body: { key: "OPS", name: "Operations" } }));
  const stranger = await world.connect(await keyOf({ scope: "write", projects: ["OPS"] }));
  const [item = {}] = items((await (await world.connect()).use("list_approvals")).data, "items");
  const calls: readonly (readonly [string, string, JsonObject])[] = [
    ["get_request", "request", {}],
    ["get_plan", "request", {}],
    ["ask_question", "request", { question: "What?" }],
    ["claim_task", "task", {}],
    ["heartbeat_task", "task", { claim: "x" }],
    ["release_task", "task", {}],
    ["submit_result", "task", { outputs: {} }],
    ["list_approvals", "item", {}],
    ["decide_approval", "item", { choice: "approve" }],
    ["list_approvals", "request", {}],
  ];
  const { id: absent } = { id: "00000000-0000-4000-8000-000000000000" };
  const [task] = await world.tasks(ours.id);
  const real: Readonly<Record<string, string>> = { request: ours.id, task: task?.id ?? ours.id, item: textAt(item, "item") };
  for (const [name, field, more] of calls) {
    const foreign = await stranger.use(name, { [field]: real[field] ?? "", ...more });
    const missing = await stranger.use(name, { [field]: absent, ...more });
    expect([name, foreign.isError, foreign.text.replaceAll(real[field] ?? "", "<id>")]).toEqual([
      name,
      true,
      missing.text.replaceAll(absent, "<id>"),
    ]);
  }
  expect((await stranger.use("list_approvals")).data).toMatchObject({ items: [] });
  expect((await stranger.use("search_memory", { query: "page" })).data).toMatchObject({ items: [] });
  expect(mcpTools.length).toBe(names.length);
});

test("hostile messages are refused or answered as errors, change nothing and are no failure of ours", async () => {
  const world = await openMcpWorld();
  const before = world.store.record.events.length;
  const headers = {
    accept: "application/json, text/event-stream",
    authorization: `Bearer ${world.token}`,
    "mcp-protocol-version": "2025-11-25",
  };
  const call = (name: string, given: string): string =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${name}","arguments":${given}}}`;
  const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
  const bodies = [
    "",
    "{",
    "null",
    "[]",
    deep,
    `{"jsonrpc":"2.0","id":1,"method":"__proto__"}`,
    call("constructor", "{}"),
    call("file_request", `{"__proto__":{"text":"x"}}`),
    call("file_request", `{"text":${deep}}`),
    call("file_request", `{"text":"x","key":"a\\r\\nb"}`),
    call("get_request", `{"request":"ENG-1\\r\\nx: y"}`),
    call("submit_result", `{"task":"ENG-1/a","outputs":{"__proto__":"x"}}`),
    call("search_memory", `{"query":"x","limit":1e9}`),
    call("file_request", `{"text":"${"x".repeat(2_000_000)}"}`),
  ];
  for (const raw of bodies) {
    const { status } = await world.call("POST", "/mcp", { raw, headers });
    expect([raw.slice(0, 120), status < 500]).toEqual([raw.slice(0, 120), true]);
  }
  for (const method of ["GET", "DELETE", "PUT"])
    expect([method, (await world.call(method, "/mcp", { headers })).status]).toEqual([method, 405]);
  expect(world.store.record.events.length).toBe(before);
  expect(world.bugs).toEqual([]);
});
