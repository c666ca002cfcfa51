import ICAL from "ical.js";
import { beforeAll, expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { requestKind } from "../../core/requests/request.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { linkToken } from "../../engine/oversight/link-token.ts";

// The policy engine is loaded once per process; that is not the time of the first test.
beforeAll(async () => void (await openHttpWorld()), 60_000);

async function opened() {
  const world = await openHttpWorld();
  let keys = 0;
  /** Another member, at this machine. */
  const member = async (name: string, roles: readonly string[], scopes: readonly string[] = ["local"]) => {
    const id = world.ids.next();
    await world.asPerson({ kind: "add-person", id, name, email: `${name.toLowerCase()}@acme.example`, roles } as never, null); // roles are texts of the test
    const secret = `secret-of-${name}-${String((keys += 1))}-and-enough`;
    await world.use.sessions.createToken({
      organizationId: world.organizationId,
      personId: asId(id),
      id: world.ids.next(),
      tokenSha256: world.digest(secret),
      name,
      scopes,
      createdAtMs: 0,
      expiresAtMs: null,
    });
    world.clock.advance(3_000);
    const as = (method: string, path: string, body?: JsonObject) =>
      world.call(method, path, { ...(body === undefined ? {} : { body }), headers: { authorization: `Bearer ${secret}` } });
    return { id, as };
  };
  return { ...world, member };
}

const codeOf = async (answer: Response | Promise<Response>): Promise<readonly [number, unknown]> => {
  const given = await answer;
  return [given.status, ((await given.json()) as JsonObject)["code"]];
};

test("people have their own channels; the organization's are an administrator's, and nobody sees another's", async () => {
  const world = await opened();
  const lee = await world.member("Lee", ["contributor"]);
  expect((await lee.as("POST", "/api/channels", { form: "mail", name: "Mail" })).status).toBe(201);
  expect(await codeOf(lee.as("POST", "/api/channels", { form: "mail", name: "Other", address: "lee@elsewhere.example" }))).toEqual([
    403,
    "channel.address-not-yours",
  ]);
  expect(await codeOf(lee.as("POST", "/api/channels", { form: "feed", name: "Ours", forOrganization: true }))).toEqual([
    403,
    "channel.not-yours",
  ]);
  const shared = { form: "chat", name: "Room", url: "https://hooks.example.org/x", forOrganization: true };
  expect((await world.asToken("POST", "/api/channels", { body: shared })).status).toBe(201);
  const seen = (await world.json(lee.as("GET", "/api/channels")))["items"] as readonly JsonObject[];
  expect(seen.map(({ name, mayChange, target }) => [name, mayChange, target])).toEqual([
    ["Mail", true, "lee@acme.example"],
    ["Room", false, "hooks.example.org"],
  ]);
  for (const verb of ["pause", "remove", "renew", "test"])
    expect((await lee.as("POST", `/api/channels/${seen[1]?.["id"] as string}/${verb}`)).status).toBe(403);
  const hers = (await world.json(world.asToken("GET", "/api/channels")))["items"] as readonly JsonObject[];
  expect(hers.map(({ name }) => name)).toEqual(["Room"]);
  expect(await codeOf(world.asToken("POST", `/api/channels/${seen[0]?.["id"] as string}/pause`))).toEqual([404, "channel.not-found"]);
});

test("refuses what cannot work, in words, before anything is kept", async () => {
  const world = await opened();
  const add = (body: JsonObject) => codeOf(world.asToken("POST", "/api/channels", { body }));
  expect(await add({ form: "webhook", name: "x", url: "http://169.254.169.254/latest/meta-data" })).toEqual([
    422,
    "egress.address-refused",
  ]);
  expect(await add({ form: "chat", name: "x", url: "http://0x7f.1/" })).toEqual([422, "egress.address-refused"]);
  expect(await add({ form: "chat", name: "x" })).toEqual([422, "egress.address-refused"]);
  expect(await add({ form: "mail", name: "x" })).toEqual([422, "channel.bad-address"]);
  expect(await add({ form: "mail", name: "x", address: "a@b\r\nBcc: c@d" })).toEqual([422, "channel.bad-address"]);
  expect(await add({ form: "fax", name: "x" })).toEqual([422, "http.input-invalid"]);
  expect(await add({ form: "feed", name: "x", topics: ["everything"] })).toEqual([422, "http.input-invalid"]);
  expect(await add({ form: "feed", name: "x", personId: world.personId })).toEqual([422, "http.input-invalid"]);
  expect(((await world.json(world.asToken("GET", "/api/channels")))["items"] as readonly unknown[]).length).toBe(0);
  const program = await world.member("Program", ["contributor"], ["read", "write"]);
  expect(await codeOf(program.as("POST", "/api/channels", { form: "feed", name: "x" }))).toEqual([403, "channel.made-by-key"]);
});

test("a test is sent at once, tells its result, and not twice in a moment", async () => {
  const world = await opened();
  await world.asToken("POST", "/api/channels", { body: { form: "webhook", name: "Program", url: "https://hooks.example.org/in" } });
  const tests = await Promise.all([1, 2, 3].map(() => world.asToken("POST", "/api/channels/Program/test")));
  expect(tests.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 429, 429]);
  expect(world.sent.map(({ to }) => to.kind)).toEqual(["url"]);
  const [channel] = (await world.json(world.asToken("GET", "/api/channels")))["items"] as readonly JsonObject[];
  expect(channel?.["lastTest"]).toMatchObject({ ok: true, detail: "taken" });
});

test("topics, pauses and removal count at once, and a wrong state is refused", async () => {
  const world = await opened();
  await world.asToken("POST", "/api/channels", { body: { form: "webhook", name: "P", url: "https://hooks.example.org/in" } });
  const act = (verb: string, body: JsonObject = {}) => world.asToken("POST", `/api/channels/P/${verb}`, { body });
  expect((await act("topics", { topics: ["due"] })).status).toBe(200);
  expect((await act("pause")).status).toBe(200);
  expect(await codeOf(act("pause"))).toEqual([409, "channel.wrong-state"]);
  expect((await act("resume")).status).toBe(200);
  expect(await codeOf(act("renew"))).toEqual([422, "channel.not-a-feed"]);
  const [channel] = (await world.json(world.asToken("GET", "/api/channels")))["items"] as readonly JsonObject[];
  expect(channel).toMatchObject({ state: "active", topics: ["due"] });
  expect(await world.use.reach.reachStore.readSecret(world.organizationId, channel?.["id"] as string)).toMatch(/^v1\./u);
  expect((await act("remove")).status).toBe(200);
  expect(await world.use.reach.reachStore.readSecret(world.organizationId, channel?.["id"] as string)).toBeUndefined();
  expect(await codeOf(act("resume"))).toEqual([404, "channel.not-found"]);
});

/** A question with a clock, for whoever filed the request. */
async function asked(world: Awaited<ReturnType<typeof opened>>, title: string): Promise<string> {
  const made = await world.json(world.asToken("POST", "/api/requests", { body: { text: "Paint it" } }));
  const id = made["id"] as string;
  const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
  const request = await world.engine.read(scope, (reader) => reader.get(requestKind, id));
  await world.system({
    kind: "record-brief",
    requestId: id,
    epoch: request?.epoch ?? 0,
    questions: [{ id: "q", title, detail: "", ruleId: "test", choices: [{ id: "answer", label: "Answer", needs: "text" }] }],
    brief: { interpretation: "", goals: [], constraints: [], unknowns: [], options: [], approach: "", riskClass: "low", playbook: null },
  });
  const [item] = await world.engine.read(scope, (reader) => reader.find(inboxItemKind, { where: { requestId: id }, limit: 1 }));
  return item?.id ?? "";
}

test("a feed shows what is due in a form that calendars read, and ends when it is renewed, paused or removed", async () => {
  const world = await opened();
  const made = await world.json(world.asToken("POST", "/api/channels", { body: { form: "feed", name: "Due" } }));
  const pathOf = (answer: JsonObject): string => new URL(answer["feedUrl"] as string).pathname;
  const title = "Which colour; a, b\r\nBEGIN:VALARM\r\nor \\ c?";
  const itemId = await asked(world, title);
  const answer = await world.call("GET", pathOf(made));
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/calendar; charset=utf-8"]);
  const text = await answer.text();
  expect(text.split("\r\n").every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]); // the jCal of one calendar
  const events = calendar.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event));
  const item = await world.engine.read({ organizationId: world.organizationId, projectIds: [world.projectId] }, (reader) =>
    reader.get(inboxItemKind, itemId),
  );
  expect(events.map((event) => [event.uid, event.summary, event.startDate.toUnixTime() * 1_000])).toEqual([
    [`${itemId}@xvc`, "ENG-1 Which colour; a, b BEGIN:VALARM or \\ c?", item?.clock?.dueAtMs],
  ]);
  expect(text).not.toContain("BEGIN:VALARM\r\n");

  const renewed = await world.json(world.asToken("POST", "/api/channels/Due/renew"));
  const feed = async (answered: JsonObject) => (await world.call("GET", pathOf(answered))).status;
  expect([await feed(made), await feed(renewed)]).toEqual([404, 200]);
  await world.asToken("POST", "/api/channels/Due/pause");
  expect(await feed(renewed)).toBe(404);
  await world.asToken("POST", "/api/channels/Due/resume");
  await world.asPerson({ kind: "answer-item", itemId, choice: "answer", value: "blue", reason: "", inputs: [], confirmation: null });
  expect(await (await world.call("GET", pathOf(renewed))).text()).not.toContain("VEVENT");
  await world.asToken("POST", "/api/channels/Due/remove");
  expect(await feed(renewed)).toBe(404);
  for (const bad of ["/feed/x.ics", `${pathOf(renewed)}x`, pathOf(renewed).replace(/(?<=\/)[0-9a-f]{4}(?=[0-9a-f])/u, "0000")])
    expect((await world.call("GET", bad)).status).toBe(404);
  expect(JSON.stringify(world.log)).not.toContain(pathOf(renewed).slice(10, 60));
});

test("a link made for another purpose, or by another installation, opens nothing", async () => {
  const world = await opened();
  await world.asToken("POST", "/api/channels", { body: { form: "mail", name: "Mail", address: "dana@acme.example" } });
  const ids = [world.organizationId, world.projectId, world.ids.next()] as const;
  for (const token of [linkToken(world.use.reach.vault, "feed", ...ids), linkToken(world.use.reach.vault, "confirm", ...ids)])
    expect(await codeOf(world.call("GET", `/api/confirm/${token}`))).toEqual([404, "confirm.link-invalid"]);
});
