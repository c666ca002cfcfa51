import { expect, test } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";

const customer = { key: "customer", title: "Customer", dataSchema: { type: "object", properties: { seats: { type: "integer" } } } };
const source = "export default ({ data }) => (data.seats > 3 ? ['More than three seats need a contract.'] : [])";
const validator = {
  key: "customer",
  purpose: "validator",
  title: "Seats and contracts",
  source,
  tests: [{ name: "few", input: { data: { seats: 1 } }, expected: [] }],
};

const post = async (world: HttpWorld, path: string, body: object): Promise<{ readonly status: number; readonly answer: JsonObject }> => {
  const response = await world.asToken("POST", path, { body });
  return { status: response.status, answer: await world.json(response) };
};

async function keyOfContributor(world: HttpWorld): Promise<string> {
  const [id, secret] = [world.ids.next(), world.ids.secret()];
  await world.asPerson({ kind: "add-person", id, name: "Con", email: null, roles: ["contributor"] }, null);
  await world.use.sessions.createToken({
    organizationId: world.organizationId,
    personId: asId(id),
    id: world.ids.next(),
    tokenSha256: world.digest(secret),
    name: "scripts",
    scopes: ["read", "write"],
    createdAtMs: world.clock.nowMs(),
    expiresAtMs: null,
  });
  return secret;
}

test("an active validator under a type's key judges its entities, and one that fails lets nothing pass", async () => {
  const world = await openHttpWorld({ checkAnswers: true });
  await post(world, "/api/entity-types", customer);
  const keep = (key: string, seats: number) => post(world, "/api/entities", { type: "customer", key, title: key, data: { seats } });
  await post(world, "/api/scripts", validator);
  expect((await keep("draft-is-not-asked", 9)).status).toBe(201);
  expect((await post(world, "/api/scripts/customer/activate", { version: 1 })).status).toBe(200);
  expect((await keep("few", 3)).status).toBe(201);
  const refused = await keep("many", 4);
  expect([refused.status, JSON.stringify(refused.answer)]).toEqual([
    422,
    expect.stringContaining("More than three seats need a contract."),
  ]);
  expect((await world.asToken("GET", "/api/entities/customer%2Fmany")).status).toBe(404);

  const broken = "export default ({ data }) => (data.seats === 1 ? [] : data.seats.length.length)";
  await post(world, "/api/scripts", { ...validator, source: broken, after: 1 });
  expect((await post(world, "/api/scripts/customer@2/activate", { version: 1 })).status).toBe(200);
  expect(JSON.stringify((await keep("other", 2)).answer)).toContain("The validator customer@2 did not judge it (threw): TypeError");
});

test("a source is tried before it is stored; who may not store one may not run one, nor see it change what it saw", async () => {
  const world = await openHttpWorld({ checkAnswers: true });
  const trial = await post(world, "/api/scripts/try", { source: "export default (n) => n + 1", purpose: "metric", input: 1 });
  expect(trial.answer).toMatchObject({ ok: true, value: 2 });
  expect((await post(world, "/api/scripts/try", { source: "export default () => 'x'", purpose: "metric", input: 1 })).answer).toMatchObject(
    {
      ok: false,
      fault: "answer",
    },
  );
  await post(world, "/api/scripts", validator);
  expect((await post(world, "/api/scripts/customer/activate", { version: 7 })).status).toBe(409);
  expect((await post(world, "/api/scripts/customer/run", { input: { data: { seats: 5 } } })).answer).toMatchObject({ ok: true });
  const authorization = `Bearer ${await keyOfContributor(world)}`;
  const as = (path: string, body: object) => world.call("POST", path, { body, headers: { authorization } });
  for (const [path, body] of [
    ["/api/scripts", validator],
    ["/api/scripts/try", { source, purpose: "validator", input: null }],
    ["/api/scripts/customer/run", { input: null }],
    ["/api/scripts/customer/test", {}],
    ["/api/scripts/customer/activate", { version: 1 }],
    ["/api/scripts/customer/retire", { version: 1 }],
  ] as const)
    expect([path, (await as(path, body)).status]).toEqual([path, 403]);
});

test("an active transformer shows what it would make of an entity, and the ordinary change writes it once", async () => {
  const world = await openHttpWorld({ checkAnswers: true });
  await post(world, "/api/entity-types", customer);
  await post(world, "/api/entities", { type: "customer", key: "acme", title: "Acme", data: { seats: 2, land: " de ", old: true } });
  const code =
    "export default ({ data, key }) => { const { old, ...kept } = data; return { ...kept, land: data.land.trim().toUpperCase(), from: key }; }";
  const tidy = {
    key: "tidy",
    purpose: "transformer",
    title: "Tidy",
    source: code,
    tests: [{ name: "trims", input: { key: "k", data: { land: " a" } }, expected: { land: "A", from: "k" } }],
  };
  await post(world, "/api/scripts", tidy);
  const path = "/api/entities/customer%2Facme/transform";
  expect((await post(world, path, { script: "tidy" })).answer).toMatchObject({ code: "script.not-active" });
  await post(world, "/api/scripts/tidy/activate", { version: 1 });
  const authorization = `Bearer ${await keyOfContributor(world)}`;
  const shown = await world.json(world.call("POST", path, { body: { script: "tidy" }, headers: { authorization } }));
  expect(shown).toEqual({
    schema: "xvc.transformed/1",
    script: "tidy@1",
    entity: "customer/acme",
    version: 1,
    changes: [
      { path: "from", kind: "added", before: null, after: "acme" },
      { path: "land", kind: "changed", before: " de ", after: "DE" },
      { path: "old", kind: "removed", before: true, after: null },
    ],
    more: 0,
    set: { land: "DE", from: "acme" },
    unset: ["old"],
  });
  expect(await world.json(world.asToken("GET", "/api/entities/customer%2Facme"))).toMatchObject({ version: 1, data: { land: " de " } });
  const { version, set, unset } = shown;
  expect((await post(world, "/api/entities/customer%2Facme/change", { version, set, unset })).status).toBe(200);
  expect((await post(world, "/api/entities/customer%2Facme/change", { version, set, unset })).status).toBe(409);
  expect((await post(world, path, { script: "tidy" })).answer).toMatchObject({ changes: [], version: 2 });
  for (const [key, purpose, body, code_] of [
    ["list", "transformer", "export default () => [1]", "script.failed"],
    ["loop", "transformer", "export default ({ data }) => { if (data.seats) for (;;); return {}; }", "script.failed"],
    ["count", "metric", "export default () => 1", "script.not-a-transformer"],
  ] as const) {
    const expected = key === "list" ? [1] : key === "loop" ? {} : 1;
    await post(world, "/api/scripts", { key, purpose, title: key, source: body, tests: [{ name: "t", input: { data: {} }, expected }] });
    expect((await post(world, `/api/scripts/${key}/activate`, { version: 1 })).status).toBe(200);
    expect([key, (await post(world, path, { script: key })).answer["code"]]).toEqual([key, code_]);
  }
});

test("active metric scripts are measured by what the page counts, for a minute at a time, and a broken one costs its own row", async () => {
  const world = await openHttpWorld({ checkAnswers: true });
  await post(world, "/api/entity-types", customer);
  const metrics = async () => world.json(world.asToken("GET", "/api/metrics/scripts?days=7"));
  expect(await metrics()).toMatchObject({ items: [], left: 0, keptMs: 60_000 });
  world.clock.advance(60_000);
  await post(world, "/api/entities", { type: "customer", key: "a", title: "A", data: { seats: 2 } });
  await post(world, "/api/entities", { type: "customer", key: "b", title: "B", data: { seats: 4 } });
  await world.filed();
  const add = async (key: string, source_: string, input: object, expected: unknown) => {
    await post(world, "/api/scripts", {
      key,
      purpose: "metric",
      title: `About ${key}`,
      source: source_,
      tests: [{ name: "t", input, expected }],
    });
    expect((await post(world, `/api/scripts/${key}/activate`, { version: 1 })).status).toBe(200);
  };
  const seats =
    "export default ({ entities: { customer = [] } }) => ({ value: customer.length === 0 ? null : customer.reduce((sum, { seats }) => sum + seats, 0) / customer.length, n: customer.length })";
  await add("seats", seats, { entities: {} }, { value: null, n: 0 });
  await add("open", "export default ({ requests }) => Object.values(requests).reduce((sum, count) => sum + count, 0)", { requests: {} }, 0);
  await add("broken", "export default (input) => (input.metrics ? input.nothing.there : 1)", {}, 1);
  const first = await metrics();
  expect(first["items"]).toEqual([
    {
      label: "broken@1",
      title: "About broken",
      value: null,
      n: null,
      fault: "threw",
      message: expect.stringContaining("TypeError") as string,
    },
    { label: "open@1", title: "About open", value: 1, n: null, fault: null, message: "" },
    { label: "seats@1", title: "About seats", value: 3, n: 2, fault: null, message: "" },
  ]);
  await world.filed();
  expect(await metrics()).toEqual(first);
  world.clock.advance(60_000);
  expect((await metrics())["items"]).toMatchObject([{}, { value: 2 }, {}]);
});
