import { beforeAll, expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { fakeState, startToolServer } from "../../../test/support/tool-server.ts";
import type { JsonObject } from "../../core/shared/json.ts";

// The policy engine is loaded once per process; that is not the time of the first test.
beforeAll(async () => void (await openHttpWorld()), 60_000);

async function open() {
  const world = await openHttpWorld();
  const post = async (path: string, body: JsonObject) => {
    const answer = await world.asToken("POST", path, { body });
    return { ...((await answer.json()) as JsonObject), status: answer.status };
  };
  const get = (path: string) => world.json(world.asToken("GET", path));
  const outside = async () => {
    const [server] = (await get("/api/tool-servers"))["items"] as unknown as readonly JsonObject[]; // a list, by its contract
    return { server, tools: (server?.["tools"] ?? []) as unknown as readonly JsonObject[] }; // as above
  };
  const standing = async (name: string) =>
    ((await get("/api/tools"))["items"] as unknown as readonly JsonObject[]).find((one) => one["name"] === name)?.["standing"]; // as above
  return { world, post, outside, standing };
}

const key = "canary-token-91ab37";

test("tools of a server come in disabled, are allowed one by one, and a changed word disables one again", async () => {
  const { world, post, outside, standing } = await open();
  const state = fakeState();
  await using server = await startToolServer(state);
  const terms = { name: "office", transport: { kind: "http", url: server.url, reach: "house" }, token: key, reason: "Our own." };
  expect(await post("/api/tool-servers", terms)).toMatchObject({ status: 201, label: "office" });
  expect(await post("/api/tool-servers", terms)).toMatchObject({ status: 409, code: "tool-server.name-taken" });
  const before = await outside();
  expect(before.server).toMatchObject({ hasToken: true, lastLook: { ok: true, detail: "2 tools" } });
  expect(before.tools).toMatchObject([
    { name: "mcp.office.look", state: "waiting", said: { effectKind: "act", deliveryClass: "once", targets: [] } },
    { name: "mcp.office.post", state: "waiting", problems: [] },
  ]);
  expect(state.keys).toContain(`Bearer ${key}`);
  expect(await standing("mcp.office.post")).toBe("new");
  const byMode = { tool: "mcp.office.post", mode: "open", definitionSha256: "0".repeat(64), reason: "x" };
  expect(await post("/api/tools/mode", byMode)).toMatchObject({ status: 422, code: "tool.bad-mode" });
  const tool = before.tools[1];
  const said = { effectKind: "send", deliveryClass: "once", targets: ["channel"], reason: "Looked at it." };
  const path = `/api/outside-tools/${tool?.["id"] as string}/allow`;
  expect(await post(path, { ...said, givenSha256: "0".repeat(64) })).toMatchObject({ status: 409, code: "tool.changed" });
  const givenSha256 = tool?.["givenSha256"] as string;
  expect(await post(path, { ...said, givenSha256, targets: ["nobody"] })).toMatchObject({ status: 422, code: "tool.bad-definition" });
  expect(await post(path, { ...said, givenSha256 })).toMatchObject({ status: 200, state: "allowed" });
  expect(await standing("mcp.office.post")).toBe("ready");

  state.destructive = true;
  await post("/api/tool-servers/office/look", {});
  expect((await outside()).tools[1]).toMatchObject({ state: "changed" });
  expect(await standing("mcp.office.post")).toBe("changed");
  state.fails = "is-gone";
  expect(await post("/api/tool-servers/office/look", {})).toMatchObject({ status: 200 });
  expect((await outside()).server).toMatchObject({ lastLook: { ok: false } });
  expect(await post("/api/tool-servers/office/remove", {})).toMatchObject({ status: 200, state: "removed" });
  expect(await standing("mcp.office.post")).toBeUndefined();
  const kept = JSON.stringify(world.store.record, (_name, value: unknown) => (value instanceof Map ? [...value] : value));
  for (const spelling of [key, Buffer.from(key).toString("base64").replaceAll("=", ""), Buffer.from(key).toString("hex")])
    expect(kept).not.toContain(spelling);
  // A server of the same name that says the same is another one: nothing was agreed to.
  Object.assign(state, { fails: "no", destructive: false });
  expect(await post("/api/tool-servers", terms)).toMatchObject({ status: 201 });
  expect(await standing("mcp.office.post")).toBe("changed");
});

test("a server that cannot be reached or has no sandbox is registered and says so; its terms are looked at", async () => {
  const { post, outside } = await open();
  const program = { name: "local", transport: { kind: "stdio", command: ["cat"] }, reason: "A program." };
  expect(await post("/api/tool-servers", { ...program, token: "x" })).toMatchObject({ status: 422, code: "tool-server.bad-terms" });
  expect(await post("/api/tool-servers", program)).toMatchObject({ status: 201 });
  expect((await outside()).server).toMatchObject({
    lastLook: {
      ok: false,
      detail: "Programs of tool servers run only in the sandbox, and there is none: Not in tests. Nothing.",
    },
  });
  expect(await post("/api/tool-servers", { ...program, name: "No Name" })).toMatchObject({ status: 422 });
  expect(await post("/api/tool-servers/none/look", {})).toMatchObject({ status: 404, code: "tool-server.not-found" });
  expect(await post("/api/outside-tools/none/allow", { givenSha256: "0".repeat(64), reason: "x" })).toMatchObject({ status: 404 });
});
