import { expect, test } from "vitest";
import { type CallOptions, type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import { organizationKindOf, personKind, type Role } from "../../core/oversight/person.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { asId } from "../../core/shared/ids.ts";
import type { SignInLetter } from "./http-dependencies.ts";
import { requestSignInLink } from "./sign-in-routes.ts";

const origin = (world: HttpWorld) => ({ origin: `http://${world.host}` });
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const tokenIn = (url: unknown): string => new URL(textOf(url)).searchParams.get("token") ?? "";

async function invited(world: HttpWorld, name: string, roles: readonly Role[], email?: string) {
  const made = await world.json(world.asToken("POST", "/api/people", { body: { name, roles, ...(email === undefined ? {} : { email }) } }));
  return { id: (made["person"] as { readonly id: string }).id, token: tokenIn(made["url"]), url: textOf(made["url"]) };
}

/** A browser that pressed the button of a link. */
async function pressed(world: HttpWorld, token: string) {
  const answer = await world.call("POST", "/sign-in/link", { body: { token }, headers: origin(world) });
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  if (answer.status !== 200) return { answer, cookie, call: world.call };
  const me = await world.json(world.call("GET", "/api/me", { headers: { cookie } }));
  const call = (method: string, path: string, options: CallOptions = {}): Promise<Response> =>
    world.call(method, path, { ...options, headers: { cookie, "x-csrf-token": textOf(me["csrfToken"]), ...options.headers } });
  return { answer, cookie, call };
}

const rowOf = (world: HttpWorld, id: string) =>
  world.engine.read({ organizationId: world.organizationId, projectIds: [] }, (reader) => reader.get(personKind, id));
const codeOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { readonly code?: unknown }).code;

test("an invitation is shown once, looked at without being used, works once, and only then makes a member", async () => {
  const world = await openHttpWorld();
  const { id, token, url } = await invited(world, "Kim", ["contributor"]);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4180\/invitation\?token=/u);
  expect(JSON.stringify(await world.json(world.asToken("GET", "/api/people")))).not.toContain(token);
  for (let looks = 0; looks < 3; looks += 1) {
    const look = await world.json(world.call("POST", "/sign-in/look", { body: { token }, headers: origin(world) }));
    expect(look).toMatchObject({ schema: "xvc.link/1", purpose: "invitation", person: "Kim", organization: "Acme" });
  }
  expect(await rowOf(world, id)).toMatchObject({ state: "invited" });
  const foreign = await world.call("POST", "/sign-in/link", { body: { token }, headers: { origin: "http://evil.example" } });
  expect(await codeOf(foreign)).toBe("http.origin-foreign");
  const kim = await pressed(world, token);
  expect((await kim.call("GET", "/api/me")).status).toBe(200);
  expect(await rowOf(world, id)).toMatchObject({ state: "active" });
  expect(await codeOf((await pressed(world, token)).answer)).toBe("session.link-used");
  const organization = await world.engine.read({ organizationId: world.organizationId, projectIds: [] }, (reader) =>
    reader.get(organizationKindOf, world.organizationId),
  );
  expect(organization?.peopleCount).toBe(2);
});

test("an invitation ends after seven days, with a fresh one, and with its person", async () => {
  const world = await openHttpWorld();
  const first = await invited(world, "Kim", ["lead"]);
  const again = await world.json(world.asToken("POST", `/api/people/${first.id}/invitation`, { body: {} }));
  expect(await codeOf((await pressed(world, first.token)).answer)).toBe("session.link-used");
  world.clock.advance(7 * 86_400_000);
  expect(await codeOf((await pressed(world, tokenIn(again["url"]))).answer)).toBe("session.link-used");
  const other = await invited(world, "Ola", ["lead"]);
  await world.asToken("POST", `/api/people/${other.id}/remove`, { body: {} });
  expect(await codeOf((await pressed(world, other.token)).answer)).toBe("session.link-used");
});

test("a removal ends sessions, keys and streams at once, offers claimed tasks again and gives delegated items back", async () => {
  const world = await openHttpWorld();
  const { id, token } = await invited(world, "Kim", ["director"]);
  const kim = await pressed(world, token);
  const key = await world.json(kim.call("POST", "/api/keys", { body: { name: "ci", scope: "write" } }));
  const { label } = await world.filed();
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  const plan = (await world.json(world.asToken("GET", `/api/requests/${label}/plan`)))["plan"] as { readonly id: string };
  expect((await kim.call("POST", `/api/plans/${plan.id}/approve`, { body: {} })).status).toBe(200);
  const task = `/api/tasks/${label}/draft`.replace(`${label}/draft`, encodeURIComponent(`${label}/draft`));
  expect((await kim.call("POST", `${task}/claim`, { body: {} })).status).toBe(200);
  const { label: second } = await world.filed("Another");
  await world.asToken("POST", `/api/requests/${second}/plan`, { body: { document: world.plan } });
  const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
  const readItem = () =>
    world.engine.read(scope, (reader) => reader.find(inboxItemKind, { where: { state: ["open", "delegated"] }, limit: 10 }));
  const item = (await readItem()).find((one) => one.kind === "approval");
  expect((await world.asToken("POST", `/api/inbox/${item?.id ?? ""}/delegate`, { body: { personId: id } })).status).toBe(200);
  const stream = await kim.call("GET", "/events");
  const before = await world.json(world.asToken("GET", `/api/people/${id}/removal`));
  expect(before).toMatchObject({ taskCount: 1, itemCount: 1, sessionCount: 1, keyCount: 1, tasks: [{ label: `${label}/draft` }] });

  expect((await world.asToken("POST", `/api/people/${id}/remove`, { body: { reason: "left" } })).status).toBe(200);
  expect((await kim.call("GET", "/api/me")).status).toBe(403);
  expect((await world.call("GET", "/api/me", { headers: { authorization: `Bearer ${textOf(key["secret"])}` } })).status).toBe(403);
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
  let isDone = false;
  for (let parts = 0; parts < 200 && !isDone; parts += 1) isDone = (await reader.read()).done;
  expect(isDone).toBe(true);
  const shown = await world.json(world.asToken("GET", task));
  expect(JSON.stringify(shown)).toContain('"ready"');
  expect((await readItem()).find((one) => one.id === item?.id)).toMatchObject({ state: "open", delegateId: null });
  expect(await rowOf(world, id)).toMatchObject({ state: "removed", workReturned: true });
  expect((await world.asToken("POST", `/api/people/${id}/remove`, { body: {} })).status).toBe(409);
});

test("one administrator always stays, and nobody gives themselves a role", async () => {
  const world = await openHttpWorld();
  const roles = (id: string, held: readonly Role[], by: HttpWorld["call"] = world.asToken) =>
    by("POST", `/api/people/${id}/roles`, { body: { roles: held } });
  expect(await codeOf(await roles(world.personId, ["director"]))).toBe("person.own-roles");
  expect(await codeOf(await world.asToken("POST", `/api/people/${world.personId}/remove`, { body: {} }))).toBe("person.last-administrator");
  const { id, token } = await invited(world, "Kim", ["contributor"]);
  const kim = await pressed(world, token);
  expect(await codeOf(await roles(id, ["administrator"], kim.call))).toBe("permission.wrong-role");
  expect((await roles(id, ["administrator"])).status).toBe(200);
  expect(await codeOf(await roles(id, ["administrator", "director"], kim.call))).toBe("person.own-roles");
  expect((await roles(world.personId, ["contributor"], kim.call)).status).toBe(200);
  expect(await codeOf(await kim.call("POST", `/api/people/${id}/remove`, { body: {} }))).toBe("person.last-administrator");
  expect(await codeOf(await roles(world.personId, ["auditor", "lead"], kim.call))).toBe("person.roles-mixed");
});

test("addresses are one person's, names and addresses of others are an administrator's to change", async () => {
  const world = await openHttpWorld();
  const { id, token } = await invited(world, "Kim", ["lead"], "Kim@Example.org");
  const kim = await pressed(world, token);
  const taken = await world.asToken("POST", "/api/people", { body: { name: "Other", roles: ["lead"], email: "kim@example.org" } });
  expect(await codeOf(taken)).toBe("person.email-taken");
  expect((await kim.call("POST", `/api/people/${id}/profile`, { body: { name: "Kim B.", email: "kim@example.org" } })).status).toBe(200);
  const others = await kim.call("POST", `/api/people/${world.personId}/profile`, { body: { name: "X", email: null } });
  expect(await codeOf(others)).toBe("person.not-yours");
  expect(await codeOf(await kim.call("POST", `/api/people/${id}/profile`, { body: { name: "Kim", email: "no address" } }))).toBe(
    "person.email-invalid",
  );
});

test("a member sees and ends their own sessions, an administrator those of others", async () => {
  const world = await openHttpWorld();
  const { id, token } = await invited(world, "Kim", ["lead"]);
  const kim = await pressed(world, token);
  const boss = await world.signedIn();
  const own = (await world.json(kim.call("GET", "/api/sessions")))["items"] as readonly {
    readonly id: string;
    readonly current: boolean;
  }[];
  expect(own).toMatchObject([{ current: true }]);
  expect((await kim.call("GET", `/api/sessions?person=${world.personId}`)).status).toBe(403);
  expect((await kim.call("POST", `/api/sessions/${own[0]?.id ?? ""}/end`, { body: { person: world.personId } })).status).toBe(403);
  const headers = { cookie: boss.cookie, "x-csrf-token": boss.csrf };
  expect((await world.call("POST", `/api/sessions/${own[0]?.id ?? ""}/end`, { body: { person: id }, headers })).status).toBe(200);
  expect((await kim.call("GET", "/api/me")).status).toBe(403);
});

test("a link by mail is asked for without learning who is a member, and at most five times in a quarter of an hour", async () => {
  const sent: SignInLetter[] = [];
  const ways = {
    organizationId: asId<"organization">(""),
    mail: async (letter: SignInLetter) => void sent.push(letter),
    oidc: null,
    publicUrl: "https://xvc.example.org",
  };
  const world = await openHttpWorld({ signIn: ways });
  ways.organizationId = world.organizationId;
  await invited(world, "Kim", ["lead"], "kim@example.org");
  const answers: string[] = [];
  for (const email of ["kim@example.org", "nobody@example.org", "KIM@example.org"]) {
    const answer = await world.call("POST", "/sign-in/request", { body: { email }, headers: origin(world) });
    answers.push(`${answer.status} ${await answer.text()}`);
  }
  expect(new Set(answers).size).toBe(1);
  for (let tries = 0; tries < 10; tries += 1) await requestSignInLink(world.use, ways, { email: "kim@example.org", host: world.host });
  expect(sent.length).toBe(5);
  expect(sent[0]).toMatchObject({
    to: "kim@example.org",
    url: expect.stringMatching(/^https:\/\/xvc\.example\.org\/sign-in\?token=/u) as string,
  });
  world.clock.advance(15 * 60_000);
  await requestSignInLink(world.use, ways, { email: "kim@example.org", host: world.host });
  expect(sent.length).toBe(6);
  expect((await pressed(world, tokenIn(sent[5]?.url))).answer.status).toBe(200);
});

test("behind TLS the cookie is the host's alone and never travels unencrypted", async () => {
  const world = await openHttpWorld({
    hosts: () => ["127.0.0.1:4180", "xvc.example.org"],
    signIn: { organizationId: asId(""), mail: null, oidc: null, publicUrl: "https://xvc.example.org" },
  });
  const { token } = await invited(world, "Kim", ["lead"]);
  const answer = await world.call("POST", "/sign-in/link", {
    body: { token },
    headers: { host: "xvc.example.org", origin: "https://xvc.example.org" },
  });
  const cookie = answer.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^__Host-xvc_session=/u);
  expect(cookie).toMatch(/; Secure/u);
  expect(cookie).toMatch(/; HttpOnly/u);
  expect(cookie).not.toMatch(/domain=/iu);
  const inside = { host: "xvc.example.org", cookie: cookie.split(";")[0] ?? "" };
  expect((await world.call("GET", "/api/me", { headers: inside })).status).toBe(200);
  expect((await world.call("GET", "/api/me", { headers: { ...inside, host: "127.0.0.1:4180" } })).status).toBe(403);
});

test("content is named by who brought it in or sees it, and by nobody else", async () => {
  const world = await openHttpWorld();
  const kim = await pressed(world, (await invited(world, "Kim", ["lead"])).token);
  const upload = await world.json(
    world.asToken("POST", "/api/uploads?name=secret.txt", { raw: "a secret", headers: { "content-type": "text/plain" } }),
  );
  const input = upload["input"] as object;
  const body = { text: "Look at it", inputs: [input] };
  const refused = await kim.call("POST", "/api/requests", { body });
  const absent = await kim.call("POST", "/api/requests", {
    body: {
      text: "x",
      inputs: [{ ...input, artifacts: [{ name: "secret.txt", sha256: "0".repeat(64), mediaType: "text/plain", bytes: 8 }] }],
    },
  });
  expect([refused.status, await codeOf(refused)]).toEqual([absent.status, await codeOf(absent)]);
  expect(refused.status).toBe(404);
  expect((await world.asToken("POST", "/api/requests", { body })).status).toBe(201);
  expect((await kim.call("POST", "/api/requests", { body })).status).toBe(201); // now a request names it that Kim sees
});

test("the inbox lists a mention for whom it names and for nobody else, and pages go past what is left out", async () => {
  const world = await openHttpWorld();
  const { id, token } = await invited(world, "Kim", ["contributor"]);
  const kim = await pressed(world, token);
  const { label } = await world.filed();
  const say = (text: string) => world.asToken("POST", `/api/requests/${label}/comments`, { body: { text, mentions: [id] } });
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  await say("Look, Kim");
  await say("And here");
  const kindsOf = async (call: HttpWorld["call"], query: string) =>
    ((await world.json(call("GET", `/api/inbox?state=open${query}`)))["items"] as readonly { readonly kind: string }[]).map(
      (item) => item.kind,
    );
  expect(await kindsOf(kim.call, "")).toEqual(["mention", "mention", "approval"]);
  expect(await kindsOf(world.asToken, "")).toEqual(["approval"]);
  expect(await kindsOf(world.asToken, "&limit=1")).toEqual(["approval"]);
});

test("what a role may not answer is not put to it: an auditor reads the inbox, and nothing of it waits for them", async () => {
  const world = await openHttpWorld();
  const opened = await world.json(world.asToken("POST", "/api/requests", { body: { text: "Water the plants" } }));
  await world.system({
    kind: "record-brief",
    requestId: textOf(opened["id"]),
    epoch: 1,
    questions: [{ id: "q", title: "Which?", detail: "", ruleId: "test", choices: [{ id: "answer", label: "Answer", needs: "text" }] }],
    brief: { interpretation: "", goals: [], constraints: [], unknowns: [], options: [], approach: "", riskClass: "low", playbook: null },
  });
  const seenBy = async (role: Role) => {
    const { call } = await pressed(world, (await invited(world, role, [role])).token);
    return (await world.json(call("GET", "/api/inbox?state=open")))["items"];
  };
  expect(await seenBy("contributor")).toMatchObject([{ title: "Which?", mine: true, mayAnswer: true }]);
  expect(await seenBy("auditor")).toMatchObject([{ title: "Which?", mine: false, mayAnswer: false }]);
});

test("what was handed on waits for the one who has it, and a mention for nobody; an auditor marks their own seen", async () => {
  const world = await openHttpWorld({ checkAnswers: true });
  const kim = await invited(world, "Kim", ["lead"]);
  const lee = await invited(world, "Lee", ["lead"]);
  const ann = await invited(world, "Ann", ["auditor"]);
  const [{ call: asKim }, { call: asLee }, { call: asAnn }] = [
    await pressed(world, kim.token),
    await pressed(world, lee.token),
    await pressed(world, ann.token),
  ];
  const { label } = await world.filed();
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  const listed = async (call: HttpWorld["call"], query = "") =>
    ((await world.json(call("GET", `/api/requests?limit=10${query}`)))["items"] as readonly { readonly waitsFor: string | null }[]).map(
      ({ waitsFor }) => waitsFor,
    );
  const [approval] = (await world.json(world.asToken("GET", "/api/inbox?state=open")))["items"] as readonly { readonly id: string }[];
  expect([await listed(asKim), await listed(asKim, "&waits=me")]).toEqual([["you"], ["you"]]);
  const handed = await asKim("POST", `/api/inbox/${approval?.id ?? ""}/delegate`, {
    body: { personId: lee.id, reason: "knows more" },
  });
  expect(handed.status).toBe(200);
  expect([await listed(asKim), await listed(asKim, "&waits=me")]).toEqual([["people"], []]);
  expect([await listed(asLee), await listed(asLee, "&waits=me")]).toEqual([["you"], ["you"]]);

  await world.asToken("POST", `/api/requests/${(await world.filed("Another")).label}/comments`, {
    body: { text: "Look", mentions: [ann.id] },
  });
  expect(await listed(asAnn)).toEqual([null, "people"]);
  const portfolio = await world.json(world.asToken("GET", "/api/portfolio"));
  expect([portfolio["waitCount"], portfolio["waits"]]).toEqual([1, [expect.objectContaining({ kind: "approval", waitsFor: "Lee" })]]);
  const [mention] = (await world.json(asAnn("GET", "/api/inbox?state=open")))["items"] as readonly { readonly id: string }[];
  const shown = await world.json(asAnn("GET", `/api/inbox/${mention?.id ?? ""}`));
  expect(shown).toMatchObject({ mayAnswer: true, choices: [{ id: "seen" }], may: { answer: true, delegate: false, askBack: false } });
  const answer = (choice: string, value?: string) =>
    asAnn("POST", `/api/inbox/${mention?.id ?? ""}/answer`, { body: { choice, ...(value === undefined ? {} : { value }) } });
  expect(await codeOf(await answer("reply", "Hello"))).toBe("permission.wrong-role");
  expect((await answer("seen")).status).toBe(200);
});
