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

interface Found extends Hit {
  readonly title: { readonly text: string; readonly ranges: readonly { readonly from: number; readonly to: number }[] };
  readonly address: string;
}

test("memory is narrowed by kind, project, person and time, read page by page and as of an instant", async () => {
  const { world } = await openSearch();
  const ask = (query: string) => world.asToken("GET", `/api/memory?${query}`);
  const found = async (query: string): Promise<readonly string[]> => {
    const { items } = await world.json(ask(query));
    return (items as unknown as readonly Found[]).map(({ kind, label }) => `${kind} ${label}`); // as above
  };
  const { items } = await world.json(ask("q=translating"));
  const [hit] = items as unknown as readonly Found[]; // as above
  expect(hit).toMatchObject({ kind: "request", label: "ENG-2", address: "/requests/ENG-2" });
  expect(hit?.title.ranges.map(({ from, to }) => hit.title.text.slice(from, to))).toEqual(["Translate"]);
  expect(await found("q=the&kind=request,task&person=me")).toEqual(["request ENG-2", "request ENG-1"]);
  expect(await found("q=the&kind=task&project=ENG")).not.toContain("request ENG-2");
  expect(await found("q=ENG-2&kind=task")).toEqual([]);
  expect(await found("q=ENG-1/draft")).toContain("task ENG-1/draft");
  const nowMs = world.clock.nowMs();
  expect(await found(`q=translate&fromMs=${nowMs + 1_000}`)).toEqual([]);
  expect(await found(`q=translate&toMs=${nowMs + 1_000}`)).toEqual(["request ENG-2"]);
  expect(await found("q=translate&at=1000")).toEqual([]);
  expect(await found("q=tranlsate")).toEqual(["request ENG-2"]);
  const first = await world.json(ask("q=the&kind=request&limit=1"));
  const second = await world.json(ask(`q=the&kind=request&limit=1&cursor=${first["nextCursor"] as string}`)); // another page follows
  const labels = [first, second].flatMap((page) => (page["items"] as unknown as readonly Found[]).map(({ label }) => label)); // as above
  expect([labels, second["nextCursor"]]).toEqual([["ENG-2", "ENG-1"], null]);
  for (const wrong of [
    "q=%20",
    "q=x&kind=nothing",
    "q=x&cursor=1-2-3",
    "q=x&limit=101",
    "q=x&person=somebody",
    "q=x&more=1",
    "q=x&cursor=1-9999",
  ])
    expect([wrong, (await ask(wrong)).status]).toEqual([wrong, 422]);
  expect((await ask("q=x&project=NOPE")).status).toBe(404);
});
