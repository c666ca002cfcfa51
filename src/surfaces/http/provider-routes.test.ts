import { beforeAll, expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { startModelServer } from "../../../test/support/model-server.ts";
import { whatLeaves } from "../../core/gate/provider.ts";
import type { JsonObject } from "../../core/shared/json.ts";

// The policy engine is loaded once per process; that is not the time of the first test.
beforeAll(async () => void (await openHttpWorld()), 60_000);

const key = "canary-key-83b1f0d2c7";

const answerOf = async (answer: Promise<Response>): Promise<JsonObject & { readonly status: number }> => {
  const given = await answer;
  return { ...((await given.json()) as JsonObject), status: given.status };
};

test("a key goes to the vault and to the vendor, and into no row, answer or log", async () => {
  const world = await openHttpWorld();
  await using server = await startModelServer("openai-compatible", () => ({ kind: "text", text: "ready" }));
  const body = { name: "house", vendor: "openai-compatible", baseUrl: server.baseUrl, models: ["small"], local: true, key };
  const answers = [await answerOf(world.asToken("POST", "/api/providers", { body }))];
  expect(answers[0]).toMatchObject({ status: 201, label: "house" });
  answers.push(await answerOf(world.asToken("POST", "/api/providers/house/test", { body: {} })));
  expect(answers[1]).toMatchObject({ ok: true, answeredBy: "fake-model-20260101", inputTokens: 11, outputTokens: 7 });
  expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${key}`);
  answers.push(await answerOf(world.asToken("GET", "/api/providers")));
  expect(answers[2]?.["items"]).toMatchObject([{ name: "house", key: "sealed", place: 1, lastTest: { ok: true } }]);
  const spellings = [
    key,
    Buffer.from(key).toString("base64").replaceAll("=", ""),
    Buffer.from(key).toString("hex"),
    key.split("").toReversed().join(""),
  ];
  const kept = JSON.stringify([answers, world.store.record], (_name, value: unknown) => (value instanceof Map ? [...value] : value));
  for (const spelling of spellings) expect(kept).not.toContain(spelling);
  expect(JSON.stringify(server.seen[0]?.body)).not.toContain(key);
  await world.asToken("POST", "/api/providers/house/remove", { body: {} });
  expect((await answerOf(world.asToken("GET", "/api/providers")))["items"]).toEqual([]);
});

test("a test that fails says why in plain words, and the next one waits a moment", async () => {
  const world = await openHttpWorld();
  await using server = await startModelServer("anthropic", () => ({ kind: "status", status: 401, message: `bad ${key}` }));
  const body = { name: "a", vendor: "anthropic", baseUrl: server.baseUrl, models: ["m"], local: true, key };
  await world.asToken("POST", "/api/providers", { body });
  const tested = await answerOf(world.asToken("POST", "/api/providers/a/test", { body: {} }));
  expect(tested).toMatchObject({ ok: false, inputTokens: null });
  expect(JSON.stringify(tested["detail"])).toMatch(/does not take this key; enter it again/u);
  expect(JSON.stringify(tested)).not.toContain(key);
  expect(await answerOf(world.asToken("POST", "/api/providers/a/test", { body: {} }))).toMatchObject({ code: "provider.tested-just-now" });
});

test("nothing leaves for a hosted provider before a person has seen what and decided; the decision is on record", async () => {
  const world = await openHttpWorld();
  const body = { name: "far", vendor: "anthropic", models: ["m"], key };
  expect(await answerOf(world.asToken("POST", "/api/providers", { body }))).toMatchObject({ status: 201 });
  const allow = (shown: readonly string[]) =>
    answerOf(world.asToken("POST", "/api/providers/far/allow", { body: { project: "ENG", reason: "It is fine", shown } }));
  expect(await allow([])).toMatchObject({ status: 409, code: "provider.not-shown" });
  expect(await allow(whatLeaves)).toMatchObject({ status: 200 });
  expect((await answerOf(world.asToken("GET", "/api/providers")))["items"]).toMatchObject([{ projects: ["ENG"], local: false }]);
  expect(JSON.stringify(await answerOf(world.asToken("GET", "/api/decisions")))).toContain("May contexts of a project leave for far");
});

test("addresses: this machine only as local, a hosted one by https only, a name once", async () => {
  const world = await openHttpWorld();
  const add = async (more: object) =>
    (await answerOf(world.asToken("POST", "/api/providers", { body: { name: "x", vendor: "openai-compatible", models: ["m"], ...more } })))[
      "code"
    ];
  expect(await add({})).toBe("provider.address-missing");
  expect(await add({ baseUrl: "http://127.0.0.1:11434/v1" })).toBe("egress.address-refused");
  expect(await add({ baseUrl: "http://169.254.169.254/v1", local: true })).toBe("egress.address-refused");
  expect(await add({ baseUrl: "http://api.example.org/v1" })).toBe("provider.not-encrypted");
  expect(await add({ baseUrl: "https://api.example.org/v1" })).toBeUndefined();
  expect(await add({ baseUrl: "https://api.example.org/v1" })).toBe("provider.name-taken");
});

test("the order of asking is a person's", async () => {
  const world = await openHttpWorld();
  for (const name of ["one", "two", "three"])
    await world.asToken("POST", "/api/providers", {
      body: { name, vendor: "openai-compatible", baseUrl: "http://127.0.0.1:9/v1", models: ["m"], local: true },
    });
  await world.asToken("POST", "/api/providers/three", { body: { place: 1 } });
  const items = (await answerOf(world.asToken("GET", "/api/providers")))["items"] as readonly JsonObject[];
  expect(items.map(({ name, place }) => [name, place])).toEqual([
    ["three", 1],
    ["one", 2],
    ["two", 3],
  ]);
});
