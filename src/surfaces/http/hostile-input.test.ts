import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { endpoints } from "./http-surface.ts";
import { parseStrictJson } from "./strict-json.ts";

const anyId = "00000000-0000-7000-8000-00000000ffff";
const concrete = (path: string, reference = anyId): string => path.replace("{reference}", encodeURIComponent(reference));

const hostileBodies: readonly (readonly [string, string | Uint8Array])[] = [
  ["nonsense", "}{"],
  ["a number", "7"],
  ["null", "null"],
  ["an array", "[]"],
  ["wrong types", JSON.stringify({ text: 7, choice: [], outputs: "x", token: {}, reason: 1, document: 5, key: null })],
  ["unknown properties", JSON.stringify({ evil: true })],
  ["duplicate names", '{"text":"a","text":"b"}'],
  ["a prototype name", '{"__proto__":{"admin":true}}'],
  ["1,000 levels", `${"[".repeat(1_000)}${"]".repeat(1_000)}`],
  ["2 MB", JSON.stringify({ text: "x".repeat(2 * 1024 * 1024) })],
  ["broken UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
];

test("no hostile body makes an error of ours, and none of them changes anything", async () => {
  const world = await openHttpWorld();
  const events = () => world.store.record.events.length;
  const before = events();
  for (const { path } of endpoints().filter(
    (one) => one.method === "post" && one.path !== "/api/stop" && one.path !== "/api/sign-in-links",
  )) {
    for (const [what, raw] of hostileBodies) {
      const answer = await world.asToken("POST", concrete(path), { raw });
      const problem = await world.json(answer);
      const isTold = typeof problem["detail"] === "string" || (path === "/api/plan-check" && answer.status === 200);
      expect([path, what, answer.status < 500, isTold]).toEqual([path, what, true, true]);
      expect(JSON.stringify(problem)).not.toMatch(/\.ts:|node_modules|at async/u);
    }
  }
  expect(events()).toBe(before);
}, 60_000);

test("hostile references, pages and headers are refused with a sentence", async () => {
  const world = await openHttpWorld();
  const references = [
    "..",
    "../../etc/passwd",
    "%00",
    "ENG-999999999999",
    "ENG-1'--",
    "\u001b[31m",
    "x".repeat(500),
    "ENG-1/../x",
    "null",
    "-1",
  ];
  for (const { path } of endpoints().filter((one) => one.method === "get" && one.path.includes("{reference}"))) {
    for (const reference of references) {
      const answer = await world.asToken("GET", concrete(path, reference));
      expect([path, reference, [404, 422].includes(answer.status)]).toEqual([path, reference, true]);
    }
  }
  for (const query of ["limit=0", "limit=-1", "limit=1e9", "limit=NaN", `cursor=${"x".repeat(500)}`, "state=none"]) {
    expect([query, (await world.asToken("GET", `/api/requests?${query}`)).status]).toEqual([query, 422]);
  }
  expect(
    (await world.asToken("POST", "/api/requests", { body: { text: "x" }, headers: { "idempotency-key": "x".repeat(201) } })).status,
  ).toBe(422);
  expect((await world.asToken("GET", "/events", { headers: { "last-event-id": "not-a-cursor" } })).status).toBe(422);
  expect(
    (await world.asToken("POST", "/api/requests", { raw: "text=x", headers: { "content-type": "application/x-www-form-urlencoded" } }))
      .status,
  ).toBe(422);
});

test("without a login every route but the public ones is forbidden", async () => {
  const world = await openHttpWorld();
  for (const { method, path } of endpoints())
    expect([path, (await world.call(method.toUpperCase(), concrete(path))).status]).toEqual([path, 403]);
  for (const path of ["/events", "/metrics", `/api/content/${"0".repeat(64)}`]) expect((await world.call("GET", path)).status).toBe(403);
  expect((await world.call("GET", "/api/me", { headers: { authorization: `Bearer ${"x".repeat(40)}` } })).status).toBe(403);
  expect([(await world.call("GET", "/livez")).status, (await world.call("GET", "/readyz")).status]).toEqual([200, 200]);
});

test("a method override is not followed, and an unlisted route is not found", async () => {
  const world = await openHttpWorld();
  await world.asToken("POST", "/api/requests", { body: { text: "x" }, headers: { "x-http-method-override": "DELETE" } });
  expect((await world.json(world.asToken("GET", "/api/requests")))["items"]).toHaveLength(1);
  expect((await world.asToken("DELETE", "/api/requests")).status).toBe(404);
  expect((await world.asToken("GET", "/api/secrets")).status).toBe(404);
});

test("strict JSON takes what JSON.parse takes, but for what two readers would read differently", () => {
  const fine = '{"a":{"b":[{"c":1},{"c":2}]},"d":"\\"{[,","e":[],"f":{"a":null}}';
  expect(parseStrictJson(fine)).toEqual(JSON.parse(fine));
  expect(() => parseStrictJson('{"a":1,"\\u0061":2}')).toThrow("stands twice");
  expect(() => parseStrictJson('{"x":{"constructor":1}}')).toThrow("not allowed");
  expect(() => parseStrictJson("[[[]]]", 2)).toThrow("deeper than 2");
  expect(parseStrictJson("[[],[]]", 2)).toEqual([[], []]);
  expect(() => parseStrictJson('{"a"')).toThrow("no valid JSON");
});
