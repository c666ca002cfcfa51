import { expect, test } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import { personKind } from "../../core/oversight/person.ts";
import type { JsonObject } from "../../core/shared/json.ts";

const stateOf = async (world: HttpWorld, answer: Promise<Response>): Promise<unknown> => {
  const document = await world.json(answer);
  return document["state"] ?? document["code"];
};

async function added(world: HttpWorld, name: string, roles: readonly string[], email?: string): Promise<string> {
  const made = await world.json(
    world.asToken("POST", "/api/people", { body: { name, roles, as: "added", ...(email === undefined ? {} : { email }) } }),
  );
  return (made["person"] as { readonly id: string }).id; // as invited
}

test("who erases has the name taken out of their own comments, and nobody else's", async () => {
  const world = await openHttpWorld();
  const kim = await added(world, "Kim Berg", ["contributor"], "kim@example.org");
  const { id, label } = await world.filed("Water the plants");
  const path = `/api/requests/${label}/comments`;
  await world.asToken("POST", path, { body: { text: "Kim Berg said kim@example.org is theirs", mentions: [kim] } });
  await world.engine.apply(
    { organizationId: world.organizationId, projectId: world.projectId, actor: { kind: "person", id: kim }, key: "own" },
    { kind: "post-comment", requestId: id, subjectKind: "request", subjectId: id, text: "Kim Berg was here", mentions: [] },
  );
  await world.asToken("POST", `/api/people/${kim}/remove`, { body: {} });
  const erased = await world.json(
    world.asToken("POST", `/api/people/${kim}/erase`, { body: { reason: "asked", confirmation: kim.slice(-8) } }),
  );
  expect(erased).toMatchObject({ state: "erased", label: kim, message: expect.stringContaining("1 of your 1 comments") as string });
  const { items } = (await world.json(world.asToken("GET", path))) as { readonly items: readonly JsonObject[] } & JsonObject;
  expect(items.map(({ text }) => text)).toEqual(["[erased] said [erased] is theirs", "Kim Berg was here"]);
});

test("an erasure is previewed with the texts that name the person, asked for, and agreed to by a second person alone", async () => {
  const world = await openHttpWorld();
  const kim = await added(world, "Kim Berg", ["contributor"], "kim@example.org");
  const { label } = await world.filed("Call Kim Berg about the page");
  await world.filed("Climb a berg with somebody called Kim");
  const about = (document: JsonObject) => ({
    standing: document["standing"],
    others: document["others"],
    mentions: (document["mentions"] as readonly JsonObject[]).map((one) => one["label"]),
  });
  const preview = () => world.json(world.asToken("GET", `/api/people/${kim}/erasure`));
  expect(about(await preview())).toEqual({ standing: "member", others: [], mentions: [label] });
  const erase = (body: object) => stateOf(world, world.asToken("POST", `/api/people/${kim}/erase`, { body }));
  expect(await erase({ reason: "asked" })).toBe("erasure.not-removed");
  await world.asToken("POST", `/api/people/${kim}/remove`, { body: {} });
  expect(await stateOf(world, world.asToken("POST", `/api/people/${kim}/hold`, { body: { reason: "a lawsuit" } }))).toBe("held");
  expect(await erase({ reason: "asked" })).toBe("erasure.legal-hold");
  const shortId = kim.slice(-8);
  expect(
    await stateOf(world, world.asToken("POST", `/api/people/${kim}/release`, { body: { reason: "over", confirmation: shortId } })),
  ).toBe("released");

  const ola = await added(world, "Ola", ["director"]);
  expect(await erase({ reason: "asked", confirmation: shortId })).toBe("asked");
  expect(await erase({ reason: "asked", confirmation: shortId })).toBe("erasure.second-person");
  expect(await preview()).toMatchObject({ standing: "asked", others: ["Ola"], asked: { by: { name: "Dana" } } });
  const agreed = await world.engine.apply(
    { organizationId: world.organizationId, projectId: null, actor: { kind: "person", id: ola }, key: "agree" },
    { kind: "erase-person", personId: kim, reason: "", confirmation: null },
  );
  expect(agreed).toMatchObject({ state: "erased", soloWaiver: false });
  const listed = await world.json(world.asToken("GET", "/api/people"));
  expect((listed["items"] as readonly JsonObject[]).find((one) => one["id"] === kim)).toMatchObject({
    name: "[erased]",
    email: null,
    erasure: "erased",
  });
  expect(await erase({ reason: "asked" })).toBe("erasure.erased-before");
  expect(await preview()).toMatchObject({ standing: "erased", mentions: [] });
  const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
  expect(await world.engine.read(scope, (reader) => reader.find(personKind, { where: { email: "kim@example.org" }, limit: 1 }))).toEqual(
    [],
  );
});
