import { expect, test } from "vitest";
import { endpoints } from "../../src/surfaces/http/http-surface.ts";
import { atMoment, inMoment } from "../../src/surfaces/web/moment.ts";

test("an address carries the instant only where the server takes one", () => {
  const carried: string[] = [];
  for (const { method, path, past } of endpoints()) {
    const address = path.replace("{reference}", "ENG-1%2Fdraft");
    const then = atMoment(5, () => inMoment(method === "get" ? "GET" : "POST", `${address}?limit=2`));
    if (then.endsWith("&at=5")) carried.push(path);
    expect([method, path, then]).toEqual([method, path, past && carried.includes(path) ? `${address}?limit=2&at=5` : `${address}?limit=2`]);
    expect(inMoment("GET", address)).toBe(address);
  }
  // What the pages with a past read.
  for (const room of [
    "/api/requests/{reference}",
    "/api/tasks/{reference}",
    "/api/personas/{reference}",
    "/api/policies",
    "/api/portfolio",
  ])
    expect(carried).toContain(room);
});

test("only the beginning of a call is as of the instant, also when it fails", async () => {
  const later = atMoment(5, async () => {
    const first = inMoment("GET", "/api/requests");
    await Promise.resolve();
    return [first, inMoment("GET", "/api/requests")];
  });
  expect(await later).toEqual(["/api/requests?at=5", "/api/requests"]);
  expect(() =>
    atMoment(5, () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(inMoment("GET", "/api/requests")).toBe("/api/requests");
});
