import { expect, test } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import { absentId, routeBodies } from "../../../test/support/route-bodies.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { listAt, textAt } from "../cli/output.ts";
import { endpoints } from "./http-surface.ts";

const customer = {
  key: "customer",
  title: "Customer",
  dataSchema: { type: "object", properties: { country: { type: "string" }, seats: { type: "integer" }, note: { type: "string" } } },
};

async function opened(): Promise<HttpWorld> {
  const world = await openHttpWorld();
  expect((await world.asToken("POST", "/api/entity-types", { body: customer })).status).toBe(201);
  return world;
}

const post = async (world: HttpWorld, path: string, body: object): Promise<{ readonly status: number; readonly answer: JsonObject }> => {
  const response = await world.asToken("POST", path, { body });
  return { status: response.status, answer: await world.json(response) };
};

const keep = async (world: HttpWorld, key: string, data: JsonObject, more: object = {}): Promise<string> =>
  textAt((await post(world, "/api/entities", { type: "customer", key, title: `Customer ${key}`, data, ...more })).answer, "id");

const keysOf = (document: JsonObject): readonly string[] => listAt(document, "items").map((row) => textAt(row, "key"));

const list = async (world: HttpWorld, query: string): Promise<readonly string[]> =>
  keysOf(await world.json(world.asToken("GET", `/api/entities?${query}`)));

test("entities are found by type, field, one tag, two tags, relation and text, and each page goes on where the last ended", async () => {
  const world = await opened();
  const { id: requestId, label } = await world.filed();
  for (const at of [1, 2, 3, 4, 5])
    await keep(world, `c${at}`, { country: at % 2 === 0 ? "FR" : "DE", seats: at, ...(at === 3 ? { note: "pays LATE" } : {}) });
  for (const [key, tag, value] of [
    ["c1", "tier", "gold"],
    ["c2", "tier", "gold"],
    ["c2", "area", "north"],
    ["c3", "area", "north"],
    ["c2", "area", "a, b=c"],
  ] as const)
    expect((await post(world, "/api/tags", { subject: { kind: "entity", id: `customer/${key}` }, key: tag, value })).status).toBe(200);
  const about = { from: { kind: "entity", id: "customer/c4" }, role: "ordered", to: { kind: "request", id: label } };
  expect((await post(world, "/api/relations", about)).status).toBe(200);
  for (const [query, found] of [
    ["type=customer", ["c5", "c4", "c3", "c2", "c1"]],
    ["type=vendor", []],
    ["type=customer&sort=oldest", ["c1", "c2", "c3", "c4", "c5"]],
    ["field=country=FR", ["c4", "c2"]],
    ["field=country=FR,seats=4", ["c4"]],
    ["field=seats=%224%22", []],
    ["tag=tier=gold", ["c2", "c1"]],
    ["tag=tier=gold,area=north", ["c2"]],
    ["tag=area=a%2C%20b%3Dc", ["c2"]],
    ["tag=tier", []],
    [`related=${requestId}`, ["c4"]],
    [`related=${requestId}&role=supplies`, []],
    [`related=${requestId}&field=country=DE`, []],
    ["text=late", ["c3"]],
    ["text=customer%20c5", ["c5"]],
    ["state=archived", []],
    ["project=ENG&key=c1", ["c1"]],
  ] as const)
    expect([query, await list(world, query)]).toEqual([query, found]);
  const paged: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: JsonObject = await world.json(
      world.asToken("GET", `/api/entities?sort=updated&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`),
    );
    paged.push(...keysOf(page));
    cursor = page["nextCursor"] as string | null; // as the contract has it
  }
  expect(paged).toEqual(["c5", "c4", "c3", "c2", "c1"]);
  const marks = await world.json(world.asToken("GET", `/api/marks?kind=request&id=${label}`));
  expect(listAt(marks, "relations")).toMatchObject([{ role: "ordered", direction: "to", other: { kind: "entity", title: "Customer c4" } }]);
  expect(listAt(await world.json(world.asToken("GET", "/api/tags")), "items").slice(0, 2)).toEqual([
    { key: "area", value: "north", count: 2 },
    { key: "tier", value: "gold", count: 2 },
  ]);
  const tagged = await world.json(world.asToken("GET", "/api/tagged?tag=area=north"));
  expect(listAt(tagged, "items").map((row) => row["title"])).toEqual(["Customer c2", "Customer c3"]);
});

test("what was at an instant is what is found at it: data, tags and relations together", async () => {
  const world = await opened();
  const id = await keep(world, "acme", { country: "DE" });
  const subject = { kind: "entity", id };
  await post(world, "/api/tags", { subject, key: "tier", value: "gold" });
  world.clock.advance(1_000);
  const atMs = world.clock.nowMs();
  const then = await world.json(world.asToken("GET", `/api/entities/${id}?at=${atMs}`));
  world.clock.advance(1_000);
  expect((await post(world, "/api/tags/remove", { subject, key: "tier", value: "gold" })).status).toBe(200);
  expect((await post(world, "/api/tags", { subject, key: "tier", value: "lead" })).status).toBe(200);
  expect((await post(world, `/api/entities/${id}/change`, { version: 1, set: { country: "FR" }, title: "Acme SA" })).status).toBe(200);
  expect(await world.json(world.asToken("GET", `/api/entities/${id}?at=${atMs}`))).toEqual(then);
  expect(await world.json(world.asToken("GET", `/api/entities/${id}`))).toMatchObject({
    title: "Acme SA",
    data: { country: "FR" },
    tags: [{ key: "tier", value: "lead" }],
  });
  for (const [query, found] of [
    [`tag=tier=gold&at=${atMs}`, ["acme"]],
    [`tag=tier=lead&at=${atMs}`, []],
    [`field=country=DE&at=${atMs}`, ["acme"]],
    ["tag=tier=gold", []],
    ["field=country=DE", []],
  ] as const)
    expect([query, await list(world, query)]).toEqual([query, found]);
});

test("a refused write leaves no trace, and says which version stands there", async () => {
  const world = await opened();
  const id = await keep(world, "acme", { country: "DE" });
  const before = { events: world.store.record.events.length, entity: await world.json(world.asToken("GET", `/api/entities/${id}`)) };
  for (const [path, body, status] of [
    [`/api/entities/${id}/change`, { version: 7, set: { country: "FR" } }, 409],
    [`/api/entities/${id}/change`, { set: { country: "FR" } }, 422],
    [`/api/entities/${id}/change`, { version: 1, set: { country: 7 } }, 422],
    [`/api/entities/${id}/purge`, { version: 1, reason: "x" }, 409],
    [`/api/entities/${id}/attach`, { version: 1, name: "a", sha256: "0".repeat(64), mediaType: "text/plain", bytes: 1 }, 404],
    ["/api/entities", { type: "customer", key: "acme", title: "Twice" }, 409],
    ["/api/tags", { subject: { kind: "clock", id: absentId }, key: "area" }, 404],
    ["/api/relations", { from: { kind: "entity", id }, role: "is", to: { kind: "entity", id } }, 422],
    ["/api/entity-types", { ...customer, expectedSchemaVersion: 3 }, 409],
  ] as const)
    expect([path, (await post(world, path, body)).status]).toEqual([path, status]);
  expect(world.store.record.events.length).toBe(before.events);
  expect(await world.json(world.asToken("GET", `/api/entities/${id}`))).toEqual(before.entity);
  const matched = await world.asToken("POST", `/api/entities/${id}/change`, {
    body: { set: { country: "FR" } },
    headers: { "if-match": '"1"' },
  });
  expect(matched.status).toBe(200);
});

test("a file is attached by its hash, read by whoever sees the entity, and gone from sight with the purge", async () => {
  const world = await opened();
  const id = await keep(world, "acme", { country: "DE" });
  const taken = await world.json(
    world.asToken("POST", "/api/uploads?name=a.txt", { raw: "hello", headers: { "content-type": "text/plain" } }),
  );
  const [artifact] = (taken["input"] as { readonly artifacts: readonly JsonObject[] }).artifacts;
  expect((await post(world, `/api/entities/${id}/attach`, { version: 1, ...artifact })).status).toBe(200);
  expect(await world.json(world.asToken("GET", `/api/entities/${id}`))).toMatchObject({ attachments: [{ name: "a.txt", bytes: 5 }] });
  world.clock.advance(1_000);
  const atMs = world.clock.nowMs();
  world.clock.advance(1_000);
  expect((await post(world, `/api/entities/${id}/delete`, { version: 2, reason: "left us" })).answer).toMatchObject({ state: "deleted" });
  expect((await post(world, `/api/entities/${id}/purge`, { version: 3, reason: "asked to" })).answer).toMatchObject({ state: "purged" });
  expect(await world.json(world.asToken("GET", `/api/entities/${id}?at=${atMs}`))).toMatchObject({
    title: "",
    data: {},
    attachments: [],
    contentSha256: expect.stringMatching(/^[0-9a-f]{64}$/u) as string,
  });
  expect((await world.asToken("GET", `/api/content/${textAt(artifact ?? {}, "sha256")}`)).status).toBe(404);
});

test("who may not enter a project finds nothing of it by any route, and cannot tell it from what is not there", async () => {
  const world = await opened();
  const projectId = asId<"project">(world.ids.next());
  const access = { kind: "named", personIds: [world.personId], teamIds: [] } as const;
  await world.asPerson({ kind: "create-project", id: projectId, key: "SEC", name: "Secret", mode: "real", clockAtMs: null, access }, null);
  world.clock.advance(60_000);
  const id = await keep(world, "hidden", { country: "DE" }, { project: "SEC" });
  await post(world, "/api/tags", { subject: { kind: "entity", id }, key: "area", value: "secret" });
  const outsider = world.ids.next();
  await world.asPerson({ kind: "add-person", id: outsider, name: "Out", email: null, roles: ["lead", "director"] }, null);
  const token = world.ids.secret();
  await world.use.sessions.createToken({
    organizationId: world.organizationId,
    personId: asId(outsider),
    id: world.ids.next(),
    tokenSha256: world.digest(token),
    name: "out",
    scopes: ["local"],
    createdAtMs: world.clock.nowMs(),
    expiresAtMs: null,
  });
  const headers = { authorization: `Bearer ${token}` };
  const before = world.store.record.events.length;
  const shape = async (method: string, path: string, body: object | undefined) => {
    const response = await world.call(method, path, { headers, ...(body === undefined ? {} : { body }) });
    const { code, detail } = (await response.json()) as { readonly code: string; readonly detail: string };
    return { status: response.status, code, detail };
  };
  const subjects = (of: string) => ({ subject: { kind: "entity", id: of }, key: "area", value: "secret" });
  const ends = (of: string) => ({ from: { kind: "entity", id: of }, role: "is", to: { kind: "entity", id: of } });
  for (const { method, path } of endpoints().filter((route) => route.path.startsWith("/api/entities/{reference}"))) {
    const ask = (of: string) =>
      shape(method.toUpperCase(), path.replace("{reference}", of), method === "post" ? routeBodies[path] : undefined);
    const [hidden, absent] = [await ask(id), await ask(absentId)];
    expect([path, hidden.status]).toEqual([path, 404]);
    expect([path, { ...hidden, detail: hidden.detail.replaceAll(id, "…") }]).toEqual([
      path,
      { ...absent, detail: absent.detail.replaceAll(absentId, "…") },
    ]);
  }
  for (const [path, bodyOf] of [
    ["/api/tags", subjects],
    ["/api/tags/remove", subjects],
    ["/api/relations", ends],
    ["/api/relations/remove", ends],
  ] as const) {
    const [hidden, absent] = [await shape("POST", path, bodyOf(id)), await shape("POST", path, bodyOf(absentId))];
    expect([path, { ...hidden, detail: hidden.detail.replaceAll(id, "…") }]).toEqual([
      path,
      { ...absent, detail: absent.detail.replaceAll(absentId, "…") },
    ]);
  }
  expect((await shape("GET", `/api/marks?kind=entity&id=${id}`, undefined)).status).toBe(404);
  for (const path of [
    "/api/entities?type=customer",
    "/api/entities?tag=area=secret",
    `/api/entities?related=${id}`,
    "/api/tags",
    "/api/tagged?tag=area=secret",
  ])
    expect([path, listAt(await world.json(world.call("GET", path, { headers })), "items")]).toEqual([path, []]);
  for (const path of ["/api/entities?project=SEC", "/api/tags?project=SEC"])
    expect([path, (await shape("GET", path, undefined)).status]).toEqual([path, 404]);
  const types = listAt(await world.json(world.call("GET", "/api/entity-types", { headers })), "items");
  expect(types).toMatchObject([{ key: "customer", count: 0 }]);
  expect(world.store.record.events.length).toBe(before);
});
