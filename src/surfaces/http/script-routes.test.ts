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
