import { beforeAll, expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import type { JsonObject } from "../../core/shared/json.ts";

// The policy engine is loaded once per process; that is not the time of the first test.
beforeAll(async () => void (await openHttpWorld()), 60_000);

test("agents are connected, tried, paused and removed, and what does not fit is refused", async () => {
  const world = await openHttpWorld();
  const send = async (method: "GET" | "POST", path: string, body?: JsonObject): Promise<JsonObject & { readonly status: number }> => {
    const answer = await world.asToken(method, path, body === undefined ? undefined : { body });
    return { ...((await answer.json()) as JsonObject), status: answer.status };
  };
  await send("POST", "/api/providers", {
    name: "house",
    vendor: "openai-compatible",
    baseUrl: "http://127.0.0.1:9/v1",
    models: ["m"],
    local: true,
  });
  const coder = { name: "coder", form: "opencode", provider: "house" };
  expect(await send("POST", "/api/agents", coder)).toMatchObject({ status: 201, label: "coder" });
  const refused = [
    [coder, "agent.name-taken"],
    [{ ...coder, name: "Not a name" }, "agent.name-invalid"],
    [{ ...coder, name: "other", provider: "nowhere" }, "provider.not-found"],
    [{ ...coder, name: "other", form: "claude-code" }, "agent.provider-unfit"],
    [{ ...coder, name: "other", model: "unknown" }, "agent.model-unknown"],
    [{ name: "other", form: "opencode" }, "agent.provider-missing"],
    [{ name: "other", form: "command" }, "agent.command-invalid"],
    [{ ...coder, name: "other", command: { argv: ["x"] } }, "agent.command-invalid"],
    [{ name: "other", form: "command", command: { argv: ["two\nlines"] } }, "agent.command-invalid"],
  ] as const;
  for (const [body, code] of refused) expect(await send("POST", "/api/agents", body as JsonObject)).toMatchObject({ code }); // a plain object
  expect(await send("POST", "/api/agents", { name: "own", form: "command", command: { argv: ["/opt/run", "{prompt}"] } })).toMatchObject({
    status: 201,
  });
  expect(await send("POST", "/api/agents/coder/test", {})).toMatchObject({ ok: true, version: "1.18.33" });
  expect(await send("POST", "/api/agents/coder/pause", {})).toMatchObject({ state: "paused" });
  expect(await send("POST", "/api/agents/coder/pause", {})).toMatchObject({ code: "agent.wrong-state" });
  expect(await send("GET", "/api/agents")).toMatchObject({
    items: [
      { name: "coder", state: "paused", provider: "house", model: "m", place: 1, lastTest: { ok: true } },
      { name: "own", argv: ["/opt/run", "{prompt}"], provider: null, place: 2 },
    ],
    found: [{ form: "opencode", looksFor: "opencode", program: "/usr/local/bin/opencode" }],
    unavailable: null,
    mayChange: true,
  });
  expect(await send("POST", "/api/agents/own/remove", {})).toMatchObject({ state: "removed" });
  expect(await send("POST", "/api/agents/own/resume", {})).toMatchObject({ code: "agent.not-found" });
  expect((await send("GET", "/api/agents"))["items"]).toHaveLength(1);
});
