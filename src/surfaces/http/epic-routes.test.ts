import { expect, test } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import { absentId, routeBodies } from "../../../test/support/route-bodies.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { listAt, objectAt, textAt } from "../cli/output.ts";
import { endpoints } from "./http-surface.ts";

const dayMs = 86_400_000;

const get = async (world: HttpWorld, path: string): Promise<JsonObject> => world.json(world.asToken("GET", path));

const post = async (world: HttpWorld, path: string, body: object): Promise<{ readonly status: number; readonly answer: JsonObject }> => {
  const response = await world.asToken("POST", path, { body });
  return { status: response.status, answer: await world.json(response) };
};

/** A request with an approved plan: one task to claim, one that waits for it. */
async function working(world: HttpWorld): Promise<{ readonly label: string; readonly id: string }> {
  const { id, label } = await world.filed();
  const proposed = await post(world, `/api/requests/${label}/plan`, { document: world.plan });
  const plan = await get(world, `/api/requests/${label}/plan`);
  const planId = textAt(plan, "id") || textAt(proposed.answer, "id");
  const shown = await post(world, `/api/plans/${planId}/approve`, { confirm: label });
  expect([shown.status, shown.answer]).toEqual([200, shown.answer]);
  return { id, label };
}

test("an epic groups requests under a goal, counts how far they are, ends and opens again with a reason", async () => {
  const world = await openHttpWorld();
  const { label } = await working(world);
  const opened = await post(world, "/api/epics", { title: "Self service", goal: "Customers need nobody." });
  expect([opened.status, opened.answer]).toMatchObject([201, { label: "ENG-E1", state: "open" }]);
  expect((await post(world, `/api/requests/${label}/epic`, { epic: "ENG-E1" })).status).toBe(200);
  expect(await get(world, "/api/epics/ENG-E1")).toMatchObject({
    progress: { requests: 1, delivered: 0, tasks: 2, doneTasks: 0 },
    requests: [{ label, state: "active", tasks: 2 }],
    mayChange: true,
  });
  const before = world.store.record.events.length;
  for (const [path, body, status] of [
    ["/api/epics/ENG-E1/change", { version: 9, title: "Other" }, 409],
    ["/api/epics/ENG-E1/finish", { version: 1, reason: " " }, 422],
    ["/api/epics/ENG-E1/reopen", { version: 1, reason: "x" }, 409],
    ["/api/epics/ENG-E9/finish", { version: 1, reason: "x" }, 404],
    [`/api/requests/${label}/epic`, { epic: "ENG-E9" }, 404],
    ["/api/epics", { title: "x", ownerId: absentId }, 404],
  ] as const)
    expect([path, (await post(world, path, body)).status]).toEqual([path, status]);
  expect((await post(world, `/api/requests/${label}/epic`, { epic: "ENG-E1" })).status).toBe(200);
  expect(world.store.record.events.length).toBe(before);
  expect((await post(world, "/api/epics/ENG-E1/change", { version: 1, dueAtMs: 5 })).status).toBe(200);
  expect(await get(world, "/api/epics/ENG-E1")).toMatchObject({
    title: "Self service",
    goal: "Customers need nobody.",
    dueAtMs: 5,
    version: 2,
  });
  expect((await post(world, "/api/epics/ENG-E1/finish", { version: 2, reason: "all there" })).answer).toMatchObject({ state: "done" });
  expect((await post(world, `/api/requests/${label}/epic`, { epic: null })).status).toBe(200);
  expect((await post(world, `/api/requests/${label}/epic`, { epic: "ENG-E1" })).status).toBe(409);
  expect((await post(world, "/api/epics/ENG-E1/reopen", { version: 3, reason: "not all" })).answer).toMatchObject({ state: "open" });
  expect(listAt(await get(world, "/api/epics?state=open"), "items")).toHaveLength(1);
  expect(listAt(await get(world, "/api/epics?state=done,cancelled"), "items")).toHaveLength(0);
});

test("a sprint has hours to give, counts those planned and done, and hands on what is left when it ends", async () => {
  const world = await openHttpWorld();
  const { id, label } = await working(world);
  const startsAtMs = world.clock.nowMs();
  const box = { startsAtMs, endsAtMs: startsAtMs + 14 * dayMs, capacityHours: 60 };
  expect((await post(world, "/api/sprints", { title: "First", goal: "Something to show.", ...box })).answer).toMatchObject({
    label: "ENG-S1",
  });
  expect((await post(world, "/api/sprints", { title: "Second", ...box })).answer).toMatchObject({ label: "ENG-S2" });
  expect((await post(world, "/api/sprints", { title: "Backwards", ...box, endsAtMs: startsAtMs })).status).toBe(422);
  const tasks = await world.tasks(id);
  for (const task of tasks)
    expect(
      (await post(world, `/api/tasks/${label}/${task.key}/sprint`.replace(`${label}/`, `${label}%2F`), { sprint: "ENG-S1" })).status,
    ).toBe(200);
  const hours = tasks.reduce((sum, task) => sum + task.spec.estimate.likelyHours, 0);
  const [ready] = tasks.filter((task) => task.state === "ready");
  expect(await get(world, "/api/sprints/ENG-S1")).toMatchObject({
    plannedHours: hours,
    doneHours: 0,
    tasks: 2,
    capacityHours: 60,
    closing: null,
  });
  expect((await post(world, "/api/sprints/ENG-S1/complete", { version: 1 })).status).toBe(409);
  expect((await post(world, "/api/sprints/ENG-S1/start", { version: 1 })).answer).toMatchObject({ state: "active" });
  world.clock.advance(dayMs);
  const then = world.clock.nowMs();
  world.clock.advance(dayMs);
  expect((await post(world, `/api/tasks/${ready?.id ?? ""}/sprint`, { sprint: null })).status).toBe(200);
  expect(await get(world, "/api/sprints/ENG-S1")).toMatchObject({ tasks: 1 });
  expect(await get(world, `/api/sprints/ENG-S1?at=${then}`)).toMatchObject({ tasks: 2, plannedHours: hours, nowMs: then });
  expect((await post(world, "/api/sprints/ENG-S1/complete", { version: 2, moveTo: "ENG-S9" })).status).toBe(404);
  expect((await post(world, "/api/sprints/ENG-S1/complete", { version: 2, moveTo: "ENG-S2", reason: "time is up" })).answer).toMatchObject({
    state: "completed",
  });
  const ended = await get(world, "/api/sprints/ENG-S1");
  expect(objectAt(ended, "closing")).toMatchObject({ tasks: 1, doneTasks: 0, reason: "time is up" });
  expect(await get(world, "/api/sprints/ENG-S2")).toMatchObject({ tasks: 1, state: "planning" });
  expect((await post(world, `/api/tasks/${ready?.id ?? ""}/sprint`, { sprint: "ENG-S1" })).status).toBe(409);
  expect((await post(world, "/api/sprints/ENG-S2/cancel", { version: 1 })).status).toBe(422);
  expect((await post(world, "/api/sprints/ENG-S2/cancel", { version: 1, reason: "no time" })).answer).toMatchObject({ state: "cancelled" });
  expect((await world.tasks(id)).map((task) => task.sprintId ?? null)).toEqual([null, null]);
});

test("epics and sprints of a project that is not theirs answer as what is not there, by every route", async () => {
  const world = await openHttpWorld();
  const projectId = asId<"project">(world.ids.next());
  const access = { kind: "named", personIds: [world.personId], teamIds: [] } as const;
  await world.asPerson({ kind: "create-project", id: projectId, key: "SEC", name: "Secret", mode: "real", clockAtMs: null, access }, null);
  world.clock.advance(60_000);
  const epic = textAt((await post(world, "/api/epics", { title: "Hidden", project: "SEC" })).answer, "id");
  const sprint = textAt((await post(world, "/api/sprints", { ...routeBodies["/api/sprints"], project: "SEC" })).answer, "id");
  const outsider = world.ids.next();
  await world.asPerson({ kind: "add-person", id: outsider, name: "Out", email: null, roles: ["director"] }, null);
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
  for (const { method, path } of endpoints().filter(({ path: one }) => /^\/api\/(?:epics|sprints)\/\{reference\}/u.test(one))) {
    const ask = async (of: string) => {
      const body = method === "post" ? { body: routeBodies[path] ?? {} } : {};
      const response = await world.call(method.toUpperCase(), path.replace("{reference}", of), { headers, ...body });
      const { code, detail } = (await response.json()) as { readonly code: string; readonly detail: string };
      return { path, status: response.status, code, detail: detail.replaceAll(of, "…") };
    };
    const id = path.startsWith("/api/epics") ? epic : sprint;
    expect(await ask(id)).toEqual(await ask(absentId));
    expect((await ask(id)).status).toBe(404);
    expect((await ask(path.startsWith("/api/epics") ? "SEC-E1" : "SEC-S1")).status).toBe(404);
  }
  for (const path of ["/api/epics", "/api/sprints"])
    expect([path, listAt(await world.json(world.call("GET", path, { headers })), "items")]).toEqual([path, []]);
  expect(world.store.record.events.length).toBe(before);
});
