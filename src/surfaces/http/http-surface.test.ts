import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";

test("a request goes in, is planned by a person, approved alone by typing its label, claimed and handed in", async () => {
  const world = await openHttpWorld();
  const { asToken, json } = world;
  const { id, label } = await world.filed();
  expect(label).toBe("ENG-1");

  const proposed = await asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  expect([proposed.status, await proposed.clone().json()]).toMatchObject([201, { state: "proposed" }]);
  const view = await json(asToken("GET", `/api/requests/${label}/plan`));
  expect(view).toMatchObject({ schema: "xvc.plan-view/1", mayDecide: true, confirm: "ENG-1", document: { schema: "xvc.plan/1" } });
  const planId = String((view["plan"] as { id: string }).id);

  const unconfirmed = await asToken("POST", `/api/plans/${planId}/approve`, { body: {} });
  expect([unconfirmed.status, await unconfirmed.json()]).toMatchObject([403, { code: "authority.solo-confirmation-missing" }]);
  const changed = await asToken("POST", `/api/plans/${planId}/approve`, { body: { confirm: label, documentSha256: "0".repeat(64) } });
  expect([changed.status, await changed.json()]).toMatchObject([409, { code: "plan.changed" }]);
  const approved = await asToken("POST", `/api/plans/${planId}/approve`, { body: { confirm: label } });
  expect([approved.status, await approved.json()]).toMatchObject([200, { state: "approved" }]);

  const progress = await json(asToken("GET", `/api/requests/${id}`));
  expect(progress).toMatchObject({
    schema: "xvc.progress/1",
    request: "ENG-1",
    stage: "assignment",
    state: "active",
    tasks: [
      { task: "draft", status: "ready" },
      { task: "edit", status: "waiting", blocked_by: ["draft"] },
    ],
  });
  expect((progress["decisions"] as { soloWaiver: boolean }[])[0]).toMatchObject({ soloWaiver: true });

  const mine = await json(asToken("GET", "/api/tasks?mine=true"));
  expect(mine["items"]).toMatchObject([{ label: "ENG-1/draft", mayClaim: true }]);
  const task = encodeURIComponent("ENG-1/draft");
  expect((await asToken("POST", `/api/tasks/${task}/claim`)).status).toBe(200);
  const wrong = await asToken("POST", `/api/tasks/${task}/submit`, { body: { outputs: { "other.md": "x" } } });
  expect([wrong.status, await wrong.json()]).toMatchObject([422, { code: "task.output-unknown" }]);
  const handedIn = await asToken("POST", `/api/tasks/${task}/submit`, { body: { outputs: { "draft.md": "# Draft" }, minutesSpent: 12 } });
  expect([handedIn.status, await handedIn.clone().json()]).toMatchObject([200, { schema: "xvc.answer/1" }]);
  const detail = await json(asToken("GET", `/api/tasks/${task}`));
  const [attempt] = detail["attempts"] as { outputs: { sha256: string }[] }[];
  const content = await asToken("GET", `/api/content/${attempt?.outputs[0]?.sha256 ?? ""}`);
  expect([content.status, await content.text(), content.headers.get("content-security-policy")]).toEqual([
    200,
    "# Draft",
    expect.stringContaining("sandbox"),
  ]);
  const story = await json(asToken("GET", `/api/requests/${label}/events`));
  expect((story["items"] as { sentence: string }[]).map((entry) => entry.sentence)).toContain('Dana filed the request "Write the page".');
});

test("the same key gets the same request again, and another body under it is refused", async () => {
  const { asToken, json } = await openHttpWorld();
  const headers = { "idempotency-key": "one" };
  const first = await json(asToken("POST", "/api/requests", { body: { text: "Do it" }, headers }));
  const again = await json(asToken("POST", "/api/requests", { body: { text: "Do it" }, headers }));
  expect(again["id"]).toBe(first["id"]);
  const other = await asToken("POST", "/api/requests", { body: { text: "Do something else" }, headers });
  expect([other.status, await other.json()]).toMatchObject([409, { code: "command.key-reused" }]);
  const listed = await json(asToken("GET", "/api/requests"));
  expect(listed["items"]).toHaveLength(1);
});

test("pages of requests are disjoint and end", async () => {
  const { asToken, json } = await openHttpWorld();
  for (const text of ["a", "b", "c"]) await asToken("POST", "/api/requests", { body: { text } });
  const first = await json(asToken("GET", "/api/requests?limit=2"));
  const second = await json(asToken("GET", `/api/requests?limit=2&cursor=${first["nextCursor"] as string}`));
  const titles = [...(first["items"] as { title: string }[]), ...(second["items"] as { title: string }[])].map((row) => row.title);
  expect(titles.toSorted()).toEqual(["a", "b", "c"]);
  expect(second["nextCursor"]).toBeNull();
});

test("a one-time link signs one browser in, once; its writes need the page's token", async () => {
  const world = await openHttpWorld();
  const { cookie, csrf, secret, me } = await world.signedIn();
  expect(me).toMatchObject({ schema: "xvc.me/1", person: { name: "Dana" }, solo: true });
  const again = await world.call("POST", "/sign-in/link", { body: { token: secret } });
  expect([again.status, await again.json()]).toMatchObject([403, { code: "session.link-used" }]);

  const body = { text: "From the page" };
  const bare = await world.call("POST", "/api/requests", { body, headers: { cookie } });
  expect([bare.status, await bare.json()]).toMatchObject([403, { code: "session.csrf-missing" }]);
  const foreign = await world.call("POST", "/api/requests", {
    body,
    headers: { cookie, "x-csrf-token": csrf, origin: "http://evil.example" },
  });
  expect([foreign.status, await foreign.json()]).toMatchObject([403, { code: "http.origin-foreign" }]);
  expect(
    (await world.call("POST", "/api/requests", { body, headers: { cookie, "x-csrf-token": csrf, origin: `http://${world.host}` } })).status,
  ).toBe(201);

  expect((await world.call("POST", "/sign-out", { headers: { cookie } })).status).toBe(204);
  expect((await world.call("GET", "/api/me", { headers: { cookie } })).status).toBe(403);
});

test("a browser may not stop the server or sign others in; an administrator's may name paths of this machine", async () => {
  const world = await openHttpWorld();
  const { cookie, csrf } = await world.signedIn();
  const headers = { cookie, "x-csrf-token": csrf };
  const answers = await Promise.all([
    world.call("POST", "/api/inputs", { body: { path: "/etc" }, headers }),
    world.call("POST", "/api/stop", { headers }),
    world.call("POST", "/api/sign-in-links", { headers }),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403]);
  expect(world.stops()).toBe(0);
  expect((await world.call("POST", "/api/requests", { body: { text: "x", inputPaths: [{ path: "/somewhere" }] }, headers })).status).toBe(
    201,
  );
  expect((await world.asToken("POST", "/api/inputs", { body: { path: "/somewhere" } })).status).toBe(201);
  expect((await world.asToken("POST", "/api/stop")).status).toBe(200);
  expect(world.stops()).toBe(1);
});

test("content is opened by a row that refers to it, never by its hash alone", async () => {
  const world = await openHttpWorld();
  const secret = await world.use.content.write(new TextEncoder().encode("kept, but nobody refers to it"));
  expect((await world.asToken("GET", `/api/content/${secret}`)).status).toBe(404);
  const uploaded = await world.json(
    world.asToken("POST", "/api/uploads?name=notes.txt", { raw: "notes", headers: { "content-type": "text/plain" } }),
  );
  await world.asToken("POST", "/api/requests", { body: { text: "Read the notes", inputs: [uploaded["input"]] } });
  const [artifact] = (uploaded["input"] as { artifacts: { sha256: string }[] }).artifacts;
  const answer = await world.asToken("GET", `/api/content/${artifact?.sha256 ?? ""}`);
  expect([answer.status, await answer.text()]).toEqual([200, "notes"]);
});

test("a name that is not ours is not answered", async () => {
  const world = await openHttpWorld();
  expect((await world.asToken("GET", "/api/me", { headers: { host: "attacker.example" } })).status).toBe(403);
});

test("the OpenAPI document lists every route", async () => {
  const world = await openHttpWorld();
  const document = await world.json(world.call("GET", "/openapi.json"));
  expect(document["openapi"]).toBe("3.1.0");
  expect(Object.keys(document["paths"] as object).length).toBeGreaterThan(25);
});
