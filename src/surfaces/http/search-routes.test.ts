import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";

interface Hit {
  readonly kind: string;
  readonly label: string;
}

async function openSearch() {
  const world = await openHttpWorld();
  await world.filed("Write the page");
  await world.filed("Translate the mails");
  await world.asToken("POST", "/api/requests/ENG-1/plan", { body: { document: world.plan } });
  const found = async (q: string): Promise<readonly string[]> => {
    const { items } = await world.json(world.asToken("GET", `/api/search?q=${encodeURIComponent(q)}`));
    return (items as unknown as readonly Hit[]).map((hit) => `${hit.kind} ${hit.label}`); // the contract's rows, checked by the surface under test
  };
  return { world, found };
}

test("a request is found by its label, its number or any part of its title, in any case", async () => {
  const { found } = await openSearch();
  expect(await found("ENG-2")).toEqual(["request ENG-2"]);
  expect(await found("eng-2")).toEqual(["request ENG-2"]);
  expect(await found("1")).toEqual(["request ENG-1"]);
  expect(await found("translate THE")).toEqual(["request ENG-2"]);
  expect(await found("OPS-1")).toEqual([]);
});

test("a task is found under its request, people and personas by name", async () => {
  const { found } = await openSearch();
  expect(await found("ENG-1/dr")).toEqual(["task ENG-1/draft"]);
  expect(await found("dana")).toEqual(["person Dana"]);
  expect(await found("contrib")).toEqual(["persona contributor"]);
});

test("an empty or overlong text is refused, and signs of patterns are only letters", async () => {
  const { world, found } = await openSearch();
  expect((await world.asToken("GET", "/api/search?q=%20")).status).toBe(422);
  expect((await world.asToken("GET", `/api/search?q=${"x".repeat(101)}`)).status).toBe(422);
  expect(await found("%")).toEqual([]);
  expect(await found("_")).toEqual([]);
});
