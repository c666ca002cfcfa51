import { beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../core/shared/json.ts";
import { textAt } from "../cli/output.ts";
import { type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";

let world: HttpWorld;

beforeEach(async () => {
  world = await openHttpWorld({ checkAnswers: true });
});

const get = (path: string): Promise<JsonObject> => world.json(world.asToken("GET", path));
const items = async (path: string): Promise<readonly JsonObject[]> => (await get(path))["items"] as readonly JsonObject[]; // every list has them
const titles = async (query: string): Promise<readonly unknown[]> => (await items(`/api/requests?${query}`)).map((row) => row["title"]);

async function planned(text: string): Promise<string> {
  const { label } = await world.filed(text);
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  return label;
}

test("requests are found by state, project, requester, urgency, text, number and by whom they wait for", async () => {
  await world.asToken("POST", "/api/requests", { body: { text: "Repair the pump", urgency: "high", deadlineAtMs: 1_760_000_000_000 } });
  await world.asToken("POST", "/api/requests", { body: { text: "Paint the fence", deadlineAtMs: 1_755_000_000_000 } });
  const label = await planned("Water the plants");
  expect(await titles("urgency=high,low")).toEqual(["Repair the pump"]);
  expect(await titles("state=awaiting-approval,delivered")).toEqual(["Water the plants"]);
  expect(await titles("waits=me")).toEqual(["Water the plants"]);
  expect(await titles("text=PUMP")).toEqual(["Repair the pump"]);
  expect(await titles(`text=${label.toLowerCase()}`)).toEqual(["Water the plants"]);
  expect(await titles("text=2")).toEqual(["Paint the fence"]);
  expect(await titles("requester=me&project=ENG")).toHaveLength(3);
  expect(await titles("requester=00000000-0000-8000-8000-000000000000")).toEqual([]);
  expect(await titles("sort=oldest")).toEqual(["Repair the pump", "Paint the fence", "Water the plants"]);
  expect(await titles("sort=deadline")).toEqual(["Paint the fence", "Repair the pump", "Water the plants"]);
  for (const [reference, tag] of [
    ["ENG-1", { key: "area", value: "garden" }],
    [label, { key: "area", value: "garden" }],
    [label, { key: "vip" }],
  ] as const)
    await world.asToken("POST", "/api/tags", { body: { subject: { kind: "request", id: reference }, ...tag } });
  expect(await titles("tag=area%3Dgarden")).toEqual(["Water the plants", "Repair the pump"]);
  expect(await titles("tag=area%3Dgarden&waits=me")).toEqual(["Water the plants"]);
  expect([await titles("tag=vip"), await titles("tag=area"), await titles("tag=")]).toMatchObject([{ length: 1 }, [], { length: 3 }]);
  await world.asToken("POST", "/api/epics", { body: { title: "Outdoors" } });
  await world.asToken("POST", `/api/requests/${label}/epic`, { body: { epic: "ENG-E1" } });
  await world.asToken("POST", "/api/sprints", { body: { title: "May", startsAtMs: 1, endsAtMs: 2, capacityHours: 8 } });
  await world.asToken("POST", `/api/tasks/${encodeURIComponent(`${label}/draft`)}/sprint`, { body: { sprint: "ENG-S1" } });
  expect(await get(`/api/marks?kind=request&id=${label}`)).toMatchObject({
    tags: [{ key: "area" }, { key: "vip" }],
    partOf: { kind: "epic", label: "ENG-E1", title: "Outdoors" },
  });
  expect(await get(`/api/marks?kind=task&id=${encodeURIComponent(`${label}/draft`)}`)).toMatchObject({ partOf: { label: "ENG-S1" } });
  expect(await get("/api/marks?kind=request&id=ENG-1")).toMatchObject({ partOf: null });
  expect((await items("/api/requests?waits=me")).map((row) => row["waitsFor"])).toEqual(["you"]);
  for (const wrong of ["state=nowhere", "state=", "urgency=high,odd", "sort=odd", "sort=deadline&cursor=x", "waits=you"])
    expect([wrong, (await world.asToken("GET", `/api/requests?${wrong}`)).status]).toEqual([wrong, 422]);
});

test("pages in every order give each request once", async () => {
  for (let at = 0; at < 7; at += 1)
    await world.asToken("POST", "/api/requests", {
      body: { text: `Request ${at}`, ...(at % 2 === 0 ? {} : { deadlineAtMs: 1_755_000_000_000 + at }) },
    });
  for (const sort of ["newest", "oldest", "since", "deadline"]) {
    const seen: unknown[] = [];
    let cursor = "";
    for (let page = 0; page < 5; page += 1) {
      const answer = await get(`/api/requests?limit=2&sort=${sort}${cursor}`);
      seen.push(...(answer["items"] as readonly JsonObject[]).map((row) => row["label"]));
      if (answer["nextCursor"] === null) break;
      cursor = `&cursor=${textAt(answer, "nextCursor")}`;
    }
    expect(seen).toHaveLength(7);
    expect([sort, new Set(seen)]).toEqual([sort, new Set(Array.from({ length: 7 }, (_, at) => `ENG-${at + 1}`))]);
  }
});

/** One of the two tasks is tagged, the other is not: every list of tasks can tell. */
async function isFilteredByTag(label: string): Promise<void> {
  const [tagged] = await items(`/api/tasks?request=${label}&state=ready`);
  const subject = { kind: "task", id: textAt(tagged ?? {}, "id") };
  expect((await world.asToken("POST", "/api/tags", { body: { subject, key: "area", value: "front" } })).status).toBeLessThan(300);
  const [first, other] = [encodeURIComponent("area=front"), encodeURIComponent("area=back")];
  for (const [tag, count] of [
    [first, 1],
    [other, 0],
  ] as const) {
    const columns = (await get(`/api/board?tag=${tag}`))["columns"] as readonly JsonObject[]; // `xvc.board/1`
    const cards = columns.map((one) => [(one["cards"] as readonly JsonObject[]).length, one["count"] ?? 0]);
    expect([tag, cards.flat().filter((found) => found !== 0)]).toEqual([tag, count === 0 ? [] : [1, 1]]);
    expect([tag, (await items(`/api/tasks?tag=${tag}`)).length]).toEqual([tag, count]);
    expect([tag, (await items(`/api/tasks?mine=true&tag=${tag}`)).length]).toEqual([tag, count]);
    expect([tag, ((await get(`/api/my-work?tag=${tag}`))["offered"] as readonly JsonObject[]).length]).toEqual([tag, count]);
  }
}

test("a task goes from the board over the claim to what was handed in; its checks are told while they run", async () => {
  const label = await planned("Write the page");
  const column = async (name: string): Promise<JsonObject | undefined> =>
    ((await get("/api/board"))["columns"] as readonly JsonObject[]).find((one) => one["column"] === name);
  expect(await get("/api/my-work")).toMatchObject({ holding: [], offered: [], handedIn: [] });
  const [item] = (await get(`/api/requests/${label}`))["inbox"] as readonly JsonObject[]; // `xvc.progress/1`
  const approval = { body: { choice: "approve", confirm: label } };
  expect((await world.asToken("POST", `/api/inbox/${textAt(item ?? {}, "id")}/answer`, approval)).status).toBe(200);
  expect(await column("ready")).toMatchObject({ count: 1, cards: [{ label: `${label}/draft`, mayClaim: true, performer: "Contributor" }] });
  expect(await get("/api/my-work")).toMatchObject({ holding: [], offered: [{ mayClaim: true }], moreOffered: false });
  await isFilteredByTag(label);
  expect((await world.asToken("POST", `/api/tasks/${label}%2Fdraft/claim`, { body: {} })).status).toBe(200);
  expect(await column("working")).toMatchObject({ count: 1, cards: [{ mine: true }] });
  expect((await items("/api/tasks?mine=true")).map((row) => row["mine"])).toEqual([true]);
  expect((await items("/api/tasks?performer=me&state=running")).length).toBe(1);
  expect((await items("/api/tasks?performer=persona:nobody")).length).toBe(0);
  expect(await get("/api/my-work")).toMatchObject({ holding: [{ title: "Draft it" }], offered: [], handedIn: [] });
  expect(await get(`/api/requests/${label}`)).toMatchObject({ tasks: [{ checking: false }, {}] });
  const handIn = { outputs: { "draft.md": "# Draft" } };
  expect((await world.asToken("POST", `/api/tasks/${label}%2Fdraft/submit`, { body: handIn })).status).toBe(200);
  expect(await get(`/api/requests/${label}`)).toMatchObject({
    tasks: [{ status: "running", checking: true }, { checking: false }],
    headline: expect.stringContaining("handed in and being checked") as string,
  });
  expect(await get("/api/my-work")).toMatchObject({ holding: [], handedIn: [{ state: "checking", label: `${label}/draft` }] });
  const story = (await items(`/api/tasks/${label}%2Fdraft/events`)).map((entry) => textAt(entry, "sentence"));
  expect(story.join("\n")).toContain('"Draft it" is offered to people');
  expect((await items(`/api/requests/${label}/events`)).map((entry) => entry["sentence"])).toContain('Work on "Draft it" began.');
  expect(await get(`/api/board?request=${label}&column=working&limit=1`)).toMatchObject({ columns: [{ column: "working", count: 1 }] });
  expect((await world.asToken("GET", `/api/board?cursor=${world.personId}`)).status).toBe(422);
});

test("a view is kept, replaced under its name, shared and removed by its owner alone", async () => {
  const save = (search: string) => world.asToken("POST", "/api/views", { body: { page: "requests", name: "Late", search, shared: true } });
  const { id } = (await world.json(save("sort=deadline"))) as { readonly id: string };
  expect((await world.json(save("sort=since")))["id"]).toBe(id);
  expect(await items("/api/views?page=requests")).toMatchObject([{ id, name: "Late", search: "sort=since", mine: true, shared: true }]);
  expect(await items("/api/views?page=tasks")).toEqual([]);
  expect((await world.asToken("POST", "/api/views", { body: { page: "requests", name: " ", search: "" } })).status).toBe(422);
  expect((await world.asToken("POST", `/api/views/${id}/remove`, { body: {} })).status).toBe(200);
  expect(await items("/api/views?page=requests")).toEqual([]);
  expect((await world.asToken("POST", `/api/views/${id}/remove`, { body: {} })).status).toBe(409);
});
