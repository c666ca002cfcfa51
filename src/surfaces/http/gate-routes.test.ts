import { beforeAll, expect, test } from "vitest";
import { workingPersona } from "../../../test/support/asked-calls.ts";
import { type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import type { JsonObject } from "../../core/shared/json.ts";

// The policy engine is loaded once per process; that is not the time of the first test.
beforeAll(async () => void (await openHttpWorld()), 60_000);

const asking = (world: HttpWorld) => ({
  get: (path: string) => world.json(world.asToken("GET", path)),
  post: async (path: string, body: JsonObject) => {
    const answer = await world.asToken("POST", path, { body });
    return { ...((await answer.json()) as JsonObject), status: answer.status };
  },
});

const rows = (document: JsonObject, list = "items") => document[list] as unknown as readonly JsonObject[]; // a list, by its contract

test("tools are listed with what they declare and who may call them; one is agreed to, tightened and suspended", async () => {
  const world = await openHttpWorld();
  const { get, post } = asking(world);
  const find = async (name: string) => rows(await get("/api/tools")).find((one) => one["name"] === name);
  expect(await get("/api/tools")).toMatchObject({ schema: "xvc.tools/1", mayOpen: true, mayTighten: true });
  expect(await find("files.read")).toMatchObject({ standing: "ready", group: "read", mayCall: { everyone: true }, agreedSha256: null });
  const mail = await find("mail");
  expect(mail).toMatchObject({ standing: "new", group: "outward", origin: "office", deliveryClass: "once", costMicro: 20_000 });
  const say = (mode: string, definitionSha256: string | null) =>
    post("/api/tools/mode", { tool: "mail", mode, definitionSha256, reason: "Looked at it." });
  expect(await say("open", "0".repeat(64))).toMatchObject({ status: 409, code: "tool.changed" });
  expect(await say("open", mail?.["definitionSha256"] as string)).toMatchObject({ status: 200 });
  expect(await find("mail")).toMatchObject({ standing: "ready", pin: { reason: "Looked at it." } });
  for (const [mode, standing] of [
    ["tightened", "tightened"],
    ["suspended", "suspended"],
  ] as const) {
    expect(await say(mode, null)).toMatchObject({ status: 200 });
    expect(await find("mail")).toMatchObject({ standing, mode });
  }
  expect(await post("/api/tools/mode", { tool: "nothing", mode: "open", reason: "?" })).toMatchObject({
    status: 404,
    code: "tool.unknown",
  });
  await post("/api/halts", { scope: "tool", scopeId: "mail", reason: "Stop." });
  expect(await find("mail")).toMatchObject({ standing: "halted" });
});

test("a call is seen with its reasons; a grant is given, counted, seen and taken back, and then covers nothing", async () => {
  const world = await openHttpWorld();
  const { get, post } = asking(world);
  const { label, call } = await workingPersona(world);
  const letter = { to: "team@example.org", text: "Ten o'clock." };
  expect(await call({ tool: "mail", arguments: letter })).toMatchObject({ state: "asked" });
  expect(await call({ tool: "files.list", arguments: {} })).toMatchObject({ state: "used" });
  expect(await get("/api/tool-calls")).toMatchObject({
    schema: "xvc.tool-calls/1",
    items: [
      { tool: "files.list", state: "used", group: "read", task: `${label}/mailing` },
      {
        tool: "mail",
        state: "asked",
        personaName: "Office clerk",
        policies: ["approved-runs"],
        lines: [{ part: "target" }, { part: "content" }],
      },
    ],
  });
  expect(rows(await get("/api/tool-calls?tool=mail&state=asked"))).toHaveLength(1);
  expect(rows(await get("/api/tool-calls?state=denied"))).toEqual([]);
  const terms = {
    project: "ENG",
    tool: "mail",
    persona: "office_clerk",
    targets: { to: ["team@example.org"] },
    content: "any",
    maxCalls: 2,
    expiresAtMs: world.clock.nowMs() + 3_600_000,
    reason: "The weekly note.",
  };
  expect(await post("/api/grants", { ...terms, targets: {} })).toMatchObject({ status: 422, code: "grant.bad-terms" });
  const given = await post("/api/grants", terms);
  expect(given).toMatchObject({ status: 201, state: "live" });
  expect(await get("/api/grants")).toMatchObject({
    grants: [{ tool: "mail", project: "ENG", covers: true, usedCalls: 0, maxCalls: 2, givenBy: { name: "Dana" } }],
    mayGive: true,
  });
  const live = rows(await get("/api/grants"), "capabilities");
  expect(live.find((one) => one["tool"] === "files.list")).toMatchObject({
    task: `${label}/mailing`,
    usedCalls: 1,
    givenBy: "an approved plan",
  });
  expect(await call({ tool: "mail", arguments: { ...letter, text: "Eleven." } })).toMatchObject({ state: "allowed" });
  expect(await post(`/api/grants/${String(given["id" as never])}/revoke`, { reason: "Done." })).toMatchObject({
    status: 200,
    state: "revoked",
  });
  expect(await call({ tool: "mail", arguments: { ...letter, text: "Twelve." } })).toMatchObject({ state: "asked" });
  expect(rows(await get("/api/grants"), "grants")).toEqual([]);
  expect(rows(await get("/api/grants?all=true"), "grants")).toMatchObject([{ state: "revoked", revokedBy: { name: "Dana" } }]);
  expect(await post("/api/grants/none/revoke", {})).toMatchObject({ status: 404, code: "grant.not-found" });
});

test("what the policies were asked comes out as a record that can be decided again", async () => {
  const world = await openHttpWorld();
  const { call } = await workingPersona(world);
  await call({ tool: "mail", arguments: { to: "a", text: "b" } });
  await call({ tool: "mail", arguments: { to: "a", nothing: "b" } });
  expect(await asking(world).get("/api/tool-calls/questions")).toMatchObject({
    schema: "xvc.gate-record/1",
    without: 1,
    items: [
      { schema: "xvc.gate-question/1", allowed: true, request: { action: "send", tool: { name: "mail" }, context: { approved: true } } },
    ],
  });
});
