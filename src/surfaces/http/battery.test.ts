import { beforeAll, expect, test, vi } from "vitest";
import { type CallOptions, type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import { absentId, routeBodies as bodies } from "../../../test/support/route-bodies.ts";
import { problemDocument } from "../../contract/problem-contract.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Role } from "../../core/oversight/person.ts";
import { requestKind } from "../../core/requests/request.ts";
import { asId } from "../../core/shared/ids.ts";
import { textAt } from "../cli/output.ts";
import { endpoints } from "./http-surface.ts";

// Every route times every caller: long on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/*
 * Every route of the OpenAPI document, and those beside it, against callers who mean ill. Answers that succeed are checked
 * against the contract by the world itself (`checkAnswers`); refusals are checked here by `sound`.
 */

const anyId = absentId;

interface Route {
  readonly method: string;
  readonly path: string;
}

const beside: readonly Route[] = [
  { method: "GET", path: "/events" },
  { method: "GET", path: "/metrics" },
  { method: "GET", path: `/api/content/${"0".repeat(64)}` },
  { method: "POST", path: "/api/uploads?name=a.txt" },
];
const described: readonly Route[] = endpoints().map(({ method, path }) => ({ method: method.toUpperCase(), path }));
const routes: readonly Route[] = [...described, ...beside];
const at = (path: string, reference: string = anyId): string => path.replace("{reference}", encodeURIComponent(reference));

/** What holds for every answer, whatever was asked. */
async function sound(what: string, answer: Response): Promise<{ readonly status: number; readonly code: string }> {
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
  const text = isStream ? "" : await answer.text();
  if (isStream) await answer.body?.cancel();
  expect([what, answer.status < 500, text.slice(0, 500)]).toEqual([what, true, text.slice(0, 500)]);
  expect([what, text]).toEqual([what, expect.not.stringMatching(/\.ts:\d|node_modules|\n\s+at |\/root\//u)]);
  expect([what, answer.headers.get("x-content-type-options"), answer.headers.get("access-control-allow-origin")]).toEqual([
    what,
    "nosniff",
    null,
  ]);
  if (answer.status < 400) return { status: answer.status, code: "" };
  const problem = problemDocument.parse(JSON.parse(text));
  expect([what, problem.status, answer.headers.get("content-type")]).toEqual([what, answer.status, "application/problem+json"]);
  return { status: answer.status, code: problem.code };
}

const bearer = (token: string, options: CallOptions = {}): CallOptions => ({
  ...options,
  headers: { authorization: `Bearer ${token}`, ...options.headers },
});

let world: HttpWorld;
/** Rows of the first organization, by the room of the path that names them. */
let known: Readonly<Record<string, string>>;
/** An administrator of another organization in the same store. */
let stranger: string;

const weekly = { rule: "FREQ=WEEKLY", startsAt: "2031-01-06T09:00", zone: "Europe/Berlin" };

async function tokenOf(personId: string, organizationId = world.organizationId, expiresAtMs: number | null = null): Promise<string> {
  const token = world.ids.secret();
  await world.use.sessions.createToken({
    organizationId,
    personId: asId(personId),
    id: world.ids.next(),
    tokenSha256: world.digest(token),
    name: "battery",
    scopes: ["local"],
    createdAtMs: world.clock.nowMs(),
    expiresAtMs,
  });
  return token;
}

async function another(): Promise<string> {
  const organizationId = asId<"organization">(world.ids.next());
  const personId = world.ids.next();
  const projectId = asId<"project">(world.ids.next());
  const send = (actor: "system" | "person", key: string, command: Parameters<HttpWorld["engine"]["apply"]>[1]) =>
    world.engine.apply(
      { organizationId, projectId: null, actor: { kind: actor, id: actor === "system" ? "test" : personId }, key },
      command,
    );
  await send("system", "b1", {
    kind: "found-organization",
    id: organizationId,
    name: "Other",
    currency: "EUR",
    person: { id: personId, name: "Eve", email: null },
  });
  await send("person", "b2", { kind: "create-project", id: projectId, key: "ENG", name: "Theirs", mode: "real", clockAtMs: null });
  return tokenOf(personId, organizationId);
}

async function member(role: Role): Promise<string> {
  const id = world.ids.next();
  await world.asPerson({ kind: "add-person", id, name: role, email: null, roles: [role] }, null);
  return tokenOf(id);
}

beforeAll(async () => {
  world = await openHttpWorld();
  const { id, label } = await world.filed();
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  const key = await world.json(world.asToken("POST", "/api/keys", { body: { name: "one" } }));
  const view = await world.json(
    world.asToken("POST", "/api/views", { body: { page: "requests", name: "Mine", search: "requester=me", shared: true } }),
  );
  const absence = await world.json(
    world.asToken("POST", "/api/absences", { body: { fromMs: world.clock.nowMs(), toMs: world.clock.nowMs() + 9_000_000 } }),
  );
  const substitute = world.ids.next();
  await world.asPerson({ kind: "add-person", id: substitute, name: "Kim", email: null, roles: ["contributor"] }, null);
  const terms = { toId: substitute, validToMs: world.clock.nowMs() + 9_000_000, maxRisk: "low" };
  const delegation = await world.json(world.asToken("POST", "/api/delegations", { body: terms }));
  const comment = await world.json(world.asToken("POST", `/api/requests/${label}/comments`, { body: { text: "Hello" } }));
  const recurrence = await world.json(world.asToken("POST", `/api/requests/${label}/recur`, { body: weekly }));
  const objective = await world.json(world.asToken("POST", "/api/objectives", { body: { title: "Answer fast" } }));
  await world.asToken("POST", "/api/entity-types", { body: { key: "customer", title: "Customer", dataSchema: { type: "object" } } });
  const epic = await world.json(world.asToken("POST", "/api/epics", { body: { title: "Self service" } }));
  const sprint = await world.json(world.asToken("POST", "/api/sprints", { body: bodies["/api/sprints"] ?? {} }));
  const entity = await world.json(world.asToken("POST", "/api/entities", { body: { type: "customer", title: "Acme" } }));
  const principle = await world.json(world.asToken("POST", "/api/principles", { body: { statement: "Say what is not known." } }));
  const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
  const [request, items, tasks] = await world.engine.read(scope, async (reader) => [
    await reader.get(requestKind, id),
    await reader.find(inboxItemKind, { limit: 10 }),
    await world.tasks(id),
  ]);
  const team = await world.json(world.asToken("POST", "/api/teams", { body: { name: "Attacked" } }));
  known = {
    requests: id,
    plans: request?.planId ?? "",
    inbox: items[0]?.id ?? "",
    tasks: tasks[0]?.id ?? "",
    keys: (key["key"] as { readonly id: string }).id,
    playbooks: "none",
    people: world.personId,
    projects: world.projectId,
    teams: textAt(team, "id"),
    views: textAt(view, "id"),
    comments: textAt(comment, "id"),
    absences: textAt(absence, "id"),
    delegations: textAt(delegation, "id"),
    recurrences: textAt(recurrence, "id"),
    objectives: textAt(objective, "id"),
    "entity-types": "customer",
    entities: textAt(entity, "id"),
    epics: textAt(epic, "id"),
    sprints: textAt(sprint, "id"),
    principles: textAt(principle, "id"),
  };
  stranger = await another();
});

const events = (): number => world.store.record.events.length;
const roomOf = (path: string): string => path.split("/")[2] ?? "";

const bodyOf = ({ method, path }: Route): CallOptions => (method === "POST" ? { body: bodies[path] ?? {} } : {});

test("the world has a row of each kind to attack", () => {
  expect(Object.values(known)).not.toContain("");
});

test("without a login, and after the login has expired, every route is forbidden", async () => {
  const expired = await tokenOf(world.personId, world.organizationId, world.clock.nowMs() - 1);
  const { cookie, csrf } = await world.signedIn();
  await world.use.sessions.endSession(world.digest(cookie.split("=")[1] ?? ""), world.clock.nowMs());
  const before = events();
  for (const route of routes) {
    const what = `${route.method} ${route.path}`;
    for (const options of [bodyOf(route), bearer(expired, bodyOf(route)), { ...bodyOf(route), headers: { cookie, "x-csrf-token": csrf } }])
      expect([what, await sound(what, await world.call(route.method, at(route.path), options))]).toEqual([
        what,
        { status: 403, code: "session.missing" },
      ]);
  }
  expect(events()).toBe(before);
});

test("what belongs to another organization answers exactly as what does not exist", async () => {
  const before = events();
  for (const route of described.filter(({ path }) => path.includes("{reference}"))) {
    const what = `${route.method} ${route.path}`;
    const id = known[roomOf(route.path)] ?? "none";
    const shape = async (reference: string) => {
      const answer = await world.call(route.method, at(route.path, reference), bearer(stranger, bodyOf(route)));
      const problem = (await answer.clone().json()) as { readonly detail: string };
      return { ...(await sound(what, answer)), keys: Object.keys(problem), detail: problem.detail.replaceAll(reference, "…") };
    };
    const [foreign, absent] = [await shape(id), await shape(anyId)];
    expect([what, foreign]).toEqual([what, absent]);
    expect([what, foreign.status]).toEqual([what, 404]);
  }
  for (const query of [`request=${known["requests"] ?? ""}`, "request=ENG-1"]) {
    for (const path of ["/api/tasks", "/api/inbox"])
      expect([path, query, await sound(path, await world.call("GET", `${path}?${query}`, bearer(stranger)))]).toMatchObject([
        path,
        query,
        { status: 404 },
      ]);
  }
  expect(events()).toBe(before);
});

test("a stream carries nothing of another organization, live or caught up", async () => {
  const own = await world.json(world.call("POST", "/api/requests", bearer(stranger, { body: { text: "Theirs" } })));
  const answer = await world.call("GET", "/events", bearer(stranger, { headers: { "last-event-id": "0-0" } }));
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  await world.asToken("POST", "/api/requests", { body: { text: "Ours, and secret" } });
  const last = await world.json(world.call("POST", "/api/requests", bearer(stranger, { body: { text: "Theirs again" } })));
  let text = "";
  for (let parts = 0; parts < 500 && !text.includes(String(last["id"] as string)); parts += 1)
    text += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  const requests = new Set([...text.matchAll(/"requestId":"([^"]+)"/gu)].map((match) => match[1]));
  expect(requests).toEqual(new Set([own["id"], last["id"]]));
});

test("whoever lacks the role changes nothing", async () => {
  const needsRole: readonly Route[] = [
    "/api/personas",
    "/api/playbooks",
    "/api/plans/{reference}/approve",
    "/api/plans/{reference}/reject",
  ].map((path) => ({ method: "POST", path }));
  for (const role of ["contributor", "auditor"] as const) {
    const token = await member(role);
    const before = events();
    for (const route of needsRole) {
      const what = `${role} ${route.path}`;
      const answer = await world.call(
        "POST",
        at(route.path, known[roomOf(route.path)]),
        bearer(token, { body: { ...bodies[route.path], ...(route.path.endsWith("reject") ? { reason: "no" } : {}) } }),
      );
      expect([what, (await sound(what, answer)).status]).toEqual([what, 403]);
    }
    expect(events()).toBe(before);
  }
});

test("a key that was used is not used again for something else", async () => {
  const pairs: readonly (readonly [string, object, object])[] = [
    ["/api/requests", { text: "One" }, { text: "Two" }],
    ["/api/projects", { key: "AAA", name: "A" }, { key: "AAB", name: "A" }],
    ["/api/playbooks", bodies["/api/playbooks"] ?? {}, { ...bodies["/api/playbooks"], version: 2 }],
    [`/api/requests/${known["requests"] ?? ""}/pause`, { reason: "a" }, { reason: "b" }],
    [`/api/requests/${known["requests"] ?? ""}/resume`, { reason: "a" }, { reason: "b" }],
  ];
  for (const [path, first, second] of pairs) {
    const headers = { "idempotency-key": `battery ${path}`.replaceAll(" ", "-") };
    const done = await sound(path, await world.asToken("POST", path, { body: first, headers }));
    const again = await sound(path, await world.asToken("POST", path, { body: first, headers }));
    const before = events();
    const other = await sound(path, await world.asToken("POST", path, { body: second, headers }));
    expect([path, done.status < 300, again.status, other]).toEqual([path, true, done.status, { status: 409, code: "command.key-reused" }]);
    expect(events()).toBe(before);
  }
});

const deep = `${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`;
const hostile: readonly (readonly [string, string | Uint8Array])[] = [
  ["1,000 levels", deep],
  ["10 MB", JSON.stringify({ text: "x".repeat(10 * 1024 * 1024) })],
  ["duplicate names", '{"text":"a","reason":"b","reason":"c"}'],
  ["__proto__", '{"text":"a","__proto__":{"local":true}}'],
  ["constructor", '{"constructor":{"prototype":{"local":true}}}'],
  [
    "wrong types",
    '{"text":[],"key":{},"name":7,"document":"x","outputs":[],"choice":1,"to":7,"reason":{},"path":false,"persona_library":[],"confirm":[]}',
  ],
  ["numbers out of range", '{"text":"a","budgetMicro":1e308,"deadlineAtMs":-1,"minutesSpent":1e999}'],
  ["not JSON", "<xml/>"],
];

test("bodies that are too large, too deep, ambiguous or of the wrong type are refused and change nothing", async () => {
  const before = events();
  const mayAnswer = new Set(["/api/stop", "/api/sign-in-links"]); // what stops looks at no body
  for (const route of described.filter(({ method }) => method === "POST")) {
    for (const [name, raw] of hostile) {
      const what = `${route.path} with ${name}`;
      const answer = await sound(what, await world.call("POST", at(route.path, known[roomOf(route.path)]), bearer(world.token, { raw })));
      expect([what, mayAnswer.has(route.path) || answer.status === 422]).toEqual([what, true]);
    }
  }
  expect(events()).toBe(before);
});

test("absurd pages, broken references and line breaks are refused or ignored, never an error of ours", async () => {
  const queries = [
    "limit=0",
    "limit=-1",
    "limit=1e99",
    "limit=99999999999999999999",
    "limit=NaN",
    "limit=1&limit=2",
    `cursor=${"x".repeat(9_000)}`,
    "cursor=%00",
    "cursor=%0d%0aSet-Cookie:a=b",
    "state=__proto__",
    "state[]=active",
    "after=-1-1",
    "version=0",
    "version=1e9",
    "request=%F0%9F%92%A9",
    "%5F%5Fproto%5F%5F=1",
  ];
  const references = ["..%2f..%2fetc%2fpasswd", "%00", "%0d%0aX-Evil:1", "%ff%fe", "ENG-1%27--", "x".repeat(5_000), "%E2%80%AEgpj"];
  for (const route of routes.filter(({ method }) => method === "GET")) {
    const path = at(route.path, known[roomOf(route.path)]);
    for (const query of queries) {
      const answer = await world.asToken("GET", `${path}?${query}`);
      expect([query, answer.headers.get("set-cookie"), answer.headers.get("x-evil")]).toEqual([query, null, null]);
      await sound(`${path}?${query}`, answer);
    }
    if (!route.path.includes("{reference}")) continue;
    for (const reference of references) {
      const what = `${route.path} of ${reference.slice(0, 30)}`;
      expect([what, [404, 422]]).toEqual([
        what,
        expect.arrayContaining([(await sound(what, await world.asToken("GET", route.path.replace("{reference}", reference)))).status]),
      ]);
    }
  }
});

test("no header and no query makes one method another; methods nobody listed are not there", async () => {
  const before = events();
  for (const route of routes) {
    const path = at(route.path, known[roomOf(route.path)]);
    for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
      if (route.method === "GET")
        await sound(
          `${path} ${name}`,
          await world.asToken("GET", `${path}${path.includes("?") ? "&" : "?"}_method=POST`, { headers: { [name]: "POST" } }),
        );
    }
    for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const what = `${method} ${path}`;
      expect([what, await sound(what, await world.asToken(method, path))]).toEqual([what, { status: 404, code: "http.no-such-route" }]);
    }
  }
  expect(events()).toBe(before);
});

test("another name for this server, or a page of another origin, gets nothing", async () => {
  const { cookie, csrf } = await world.signedIn();
  const before = events();
  for (const route of routes) {
    const path = at(route.path, known[roomOf(route.path)]);
    for (const host of ["evil.example", "127.0.0.1:1", "127.0.0.1:4180.evil.example", ""]) {
      const answer = await world.call(route.method, path, bearer(world.token, { ...bodyOf(route), headers: { host } }));
      expect([path, host, await sound(path, answer)]).toEqual([path, host, { status: 403, code: "http.host-unknown" }]);
    }
    if (route.method !== "POST") continue;
    for (const foreign of [
      { origin: "http://evil.example" },
      { origin: "null" },
      { origin: `http://${world.host}.evil.example` },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ]) {
      const answer = await world.call("POST", path, {
        ...bodyOf(route),
        headers: { cookie, "x-csrf-token": csrf, ...foreign } as Record<string, string>,
      });
      expect([path, foreign, await sound(path, answer)]).toEqual([path, foreign, { status: 403, code: "http.origin-foreign" }]);
    }
  }
  expect(events()).toBe(before);
});
