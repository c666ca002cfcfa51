import { beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../core/shared/json.ts";
import { textAt } from "../cli/output.ts";
import { type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";
import { endpoints } from "./http-surface.ts";

let world: HttpWorld;

/** What every address that takes an instant answered while things happened. */
interface Seen {
  readonly atMs: number;
  readonly path: string;
  readonly status: number;
  readonly text: string;
}
const seen: Seen[] = [];
let label = "";
/** Ids that stand for `{reference}`, by the room of the path. */
const references: Record<string, string> = {};

const pastPaths = endpoints()
  .filter((one) => one.past)
  .map(({ path }) => path);

const roomOf = (path: string): string => path.split("/")[2] ?? "";

const addresses = (): readonly string[] =>
  pastPaths.flatMap((path) => {
    if (!path.includes("{reference}")) return [path];
    const reference = references[roomOf(path)];
    return reference === undefined ? [] : [path.replace("{reference}", encodeURIComponent(reference))];
  });

async function look(): Promise<void> {
  world.clock.advance(50);
  for (const path of addresses()) {
    const answer = await world.asToken("GET", path);
    seen.push({ atMs: world.clock.nowMs(), path, status: answer.status, text: await answer.text() });
  }
  world.clock.advance(50);
}

const get = (path: string): Promise<JsonObject> => world.json(world.asToken("GET", path));
const post = (path: string, body: JsonObject) => world.json(world.asToken("POST", path, { body }));

beforeAll(async () => {
  world = await openHttpWorld({ checkAnswers: true });
  await look();
  ({ label } = await world.filed("Water the plants"));
  references["requests"] = label;
  await look();
  await post(`/api/requests/${label}/plan`, { document: world.plan });
  const [item] = (await get(`/api/requests/${label}`))["inbox"] as readonly JsonObject[]; // `xvc.progress/1`
  references["inbox"] = textAt(item ?? {}, "id");
  references["tasks"] = `${label}/draft`;
  await look();
  await post(`/api/inbox/${references["inbox"]}/answer`, { choice: "approve", confirm: label });
  const [decision] = (await get("/api/decisions"))["items"] as readonly JsonObject[]; // every list has them
  references["decisions"] = textAt(decision ?? {}, "id");
  await look();
  await post(`/api/tasks/${encodeURIComponent(`${label}/draft`)}/claim`, {});
  await post(`/api/requests/${label}/comments`, { text: "Mind the cactus." });
  references["objectives"] = textAt(await post("/api/objectives", { title: "Green office" }), "id");
  await post("/api/principles", { statement: "Say what is not known." });
  await look();
  await post(`/api/requests/${label}/pause`, { reason: "Holiday" });
  world.clock.advance(86_400_000);
});

test("every address that takes an instant answers for it what it answered then", async () => {
  expect(seen.length).toBeGreaterThan(100);
  for (const { atMs, path, status, text } of seen) {
    const answer = await world.asToken("GET", `${path}?at=${String(atMs)}`);
    const told = status === 200 ? String(atMs) : null;
    const answered = [path, atMs, answer.status, answer.headers.get("xvc-as-of"), withoutInstance(await answer.text())];
    expect(answered).toEqual([path, atMs, status, told, withoutInstance(text)]);
  }
});

/** A problem bears the id of its own answer; what the reader may do is nothing in the past. */
const withoutInstance = (text: string): JsonObject => ({
  ...(JSON.parse(
    text.replaceAll(/"may(?:Edit|Remove|Post)":true/gu, '"may":false').replaceAll(/"may(?:Edit|Remove|Post)":/gu, '"may":'),
  ) as JsonObject), // every answer is an object
  instance: "",
  may: "",
});

test("nothing is sent into the past, and what shows the present alone says so", async () => {
  const sent = await world.asToken("POST", `/api/requests/${label}/resume?at=2026-01-01T00:00:00Z`, { body: {} });
  expect([sent.status, await sent.json()]).toEqual([422, expect.objectContaining({ code: "memory.past-is-read-only" })]);
  expect(await get(`/api/requests/${label}`)).toMatchObject({ state: "paused" });
  for (const { method, past, path } of endpoints()) {
    if (past) continue;
    const answer = await world.asToken(
      method.toUpperCase(),
      `${path.replace("{reference}", "ENG-1")}?at=1`,
      method === "post" ? { body: {} } : {},
    );
    expect([path, answer.status]).toEqual([path, 422]);
  }
});

test("an instant is a date with its zone or milliseconds, and never lies ahead", async () => {
  const before = await get(`/api/requests/${label}?at=${new Date(world.clock.nowMs() - 86_400_000).toISOString()}`);
  expect(before).toMatchObject({ schema: "xvc.progress/1" });
  const ahead = await world.asToken("GET", `/api/requests/${label}?at=${String(world.clock.nowMs() + 1e9)}`);
  expect(ahead.headers.get("xvc-as-of")).toBe(String(world.clock.nowMs() - 1));
  for (const wrong of ["yesterday", "2026-01-01", "2026-01-01T00:00", "-1", "1e3", "99999999999999999", "%00"])
    expect([wrong, (await world.asToken("GET", `/api/requests?at=${wrong}`)).status]).toEqual([wrong, 422]);
});

test("comments are worded as they were at the instant, and what was taken back since stays taken back", async () => {
  const path = `/api/requests/${label}/comments`;
  const said = await post(path, { text: "First words" });
  const gone = await post(path, { text: "A secret" });
  world.clock.advance(50);
  const then = world.clock.nowMs();
  world.clock.advance(50);
  await post(`/api/comments/${textAt(said, "id")}/edit`, { version: 1, text: "Second words" });
  await post(`/api/comments/${textAt(gone, "id")}/remove`, { version: 1 });
  await post(path, { text: "Later" });
  const old = await get(`${path}?at=${String(then)}`);
  const items = old["items"] as readonly JsonObject[]; // `xvc.comments/1`
  expect(old["mayPost"]).toBe(false);
  expect(items.map(({ text, state }) => [text, state])).toEqual([
    ["Mind the cactus.", "posted"],
    ["First words", "posted"],
    ["", "removed"],
  ]);
  expect(items.some(({ mayEdit, mayRemove }) => mayEdit === true || mayRemove === true)).toBe(false);
});
