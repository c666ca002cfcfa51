import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";

async function opened() {
  const world = await openHttpWorld();
  const make = async (body: object) => {
    const made = await world.json(world.asToken("POST", "/api/keys", { body }));
    const secret = made["secret"] as string;
    const call = (method: string, path: string, options: { readonly body?: unknown } = {}) =>
      world.call(method, path, { ...options, headers: { authorization: `Bearer ${secret}` } });
    return { secret, id: (made["key"] as { readonly id: string }).id, call };
  };
  return { ...world, make };
}

test("a key is shown once, kept as a hash, and does what its scope says and no more", async () => {
  const world = await opened();
  const reader = await world.make({ name: "dashboard" });
  const writer = await world.make({ name: "ci", scope: "write" });
  expect(reader.secret).toMatch(/^xvc_[A-Za-z0-9_-]{40,}$/u);
  const listed = await world.json(world.asToken("GET", "/api/keys"));
  expect(listed["items"]).toMatchObject([
    { name: "dashboard", scope: "read", expiresAtMs: null },
    { name: "ci", scope: "write" },
  ]);
  expect(JSON.stringify(listed)).not.toContain(reader.secret);

  expect((await reader.call("GET", "/api/requests")).status).toBe(200);
  const refused = await reader.call("POST", "/api/requests", { body: { text: "x" } });
  expect([refused.status, await refused.json()]).toMatchObject([403, { code: "key.scope-missing" }]);
  expect((await writer.call("POST", "/api/requests", { body: { text: "x" } })).status).toBe(201);
  // What only this machine may: not even an administrator's key.
  expect((await writer.call("POST", "/api/stop", {})).status).toBe(403);
  const breeding = await writer.call("POST", "/api/keys", { body: { name: "more" } });
  expect([breeding.status, await breeding.json()]).toMatchObject([403, { code: "key.made-by-key" }]);
});

test("a revoked key is out at once, with its open stream; an expired one by itself", async () => {
  const world = await opened();
  const key = await world.make({ name: "board" });
  const stream = await key.call("GET", "/events");
  expect(world.surface.streams()).toBe(1);
  const answer = await world.asToken("POST", `/api/keys/${key.id}/revoke`);
  expect([answer.status, await answer.json()]).toMatchObject([200, { state: "revoked", label: "board" }]);
  expect((await key.call("GET", "/api/me")).status).toBe(403);
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
  let isDone = false;
  for (let parts = 0; parts < 50 && !isDone; parts += 1) isDone = (await reader.read()).done;
  expect([isDone, world.surface.streams()]).toEqual([true, 0]);
  expect((await world.asToken("POST", `/api/keys/${key.id}/revoke`)).status).toBe(404);

  const short = await world.make({ name: "short", expiresAtMs: world.clock.nowMs() + 1_000 });
  expect((await short.call("GET", "/api/me")).status).toBe(200);
  world.clock.advance(1_000);
  expect((await short.call("GET", "/api/me")).status).toBe(403);
});

test("a key bound to projects says so, opens those, and is bound to none its person may not enter", async () => {
  const world = await opened();
  await world.json(world.asToken("POST", "/api/projects", { body: { key: "OPS", name: "Operations" } }));
  await world.json(world.asToken("POST", "/api/requests", { body: { text: "Not for the key", project: "OPS" } }));
  const bound = await world.make({ name: "board", scope: "write", projects: ["eng", world.projectId] });
  const listed = await world.json(world.asToken("GET", "/api/keys"));
  expect(listed["items"]).toMatchObject([{ name: "board", projects: ["ENG"] }]);
  const [projects, requests] = [await world.json(bound.call("GET", "/api/projects")), await world.json(bound.call("GET", "/api/requests"))];
  expect([projects["items"], requests["items"]]).toMatchObject([[{ key: "ENG" }], []]);
  const outside = await bound.call("POST", "/api/requests", { body: { text: "x", project: "OPS" } });
  expect([outside.status, await outside.json()]).toMatchObject([404, { code: "project.not-found" }]);
  const inside = await bound.call("POST", "/api/requests", { body: { text: "x" } });
  expect(inside.status).toBe(201);
  for (const [projects, status, code] of [
    [["NONE"], 404, "project.not-found"],
    [[], 422, "http.input-invalid"],
    [Array.from({ length: 21 }, () => "ENG"), 422, "http.input-invalid"],
  ] as const) {
    const answer = await world.asToken("POST", "/api/keys", { body: { name: "x", projects } });
    expect([projects, answer.status, await answer.json()]).toMatchObject([projects, status, { code }]);
  }
});

test("keys that would not work, or could be mistaken for others, are refused in words", async () => {
  const world = await opened();
  await world.make({ name: "ci" });
  const answers: readonly (readonly [object, number, string])[] = [
    [{ name: "ci" }, 409, "key.name-taken"],
    [{ name: "old", expiresAtMs: 1 }, 422, "key.expired"],
    [{ name: "" }, 422, "http.input-invalid"],
    [{ name: "x", scope: "local" }, 422, "http.input-invalid"],
    [{ name: "x", scopes: ["local"] }, 422, "http.input-invalid"],
  ];
  for (const [body, status, code] of answers) {
    const answer = await world.asToken("POST", "/api/keys", { body });
    expect([body, answer.status, await answer.json()]).toMatchObject([body, status, { code }]);
  }
});
