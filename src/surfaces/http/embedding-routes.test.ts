import { beforeAll, expect, test } from "vitest";
import { type EmbeddingAnswer, startEmbeddingServer } from "../../../test/support/embedding-server.ts";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { guardedStream } from "../../adapters/egress/guarded-stream.ts";
import { aiEmbedder } from "../../adapters/models/ai-embedder.ts";
import { whatLeaves } from "../../core/gate/provider.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { type AskMeaning, askMeaning } from "../../engine/memory/embed-query.ts";
import { embedTexts } from "../../engine/memory/embed-texts.ts";
import type { Embedder } from "../../engine/ports/embedder.ts";

// The policy engine is loaded once per process; that is not the time of the first test.
beforeAll(async () => void (await openHttpWorld()), 60_000);

/** Ships and boats are one thing to this model, invoices and bills another. */
const meaningOf = (text: string): readonly number[] => [/ship|boat|vessel/iu.test(text) ? 1 : 0, /invoice|bill/iu.test(text) ? 1 : 0, 0.1];

async function openEmbeddings(embedder: Embedder) {
  const asked: { ask?: AskMeaning } = {};
  const world = await openHttpWorld({ askMeaning: async (text, projects) => asked.ask?.(text, projects) ?? { kind: "off" } });
  const { engine, store, clock, ids, organizationId } = world;
  const parts = { engine, store, clock, ids, organizationId, embedder };
  asked.ask = askMeaning(parts);
  const post = async (path: string, body: object): Promise<JsonObject> => world.json(world.asToken("POST", path, { body }));
  const get = (path: string): Promise<JsonObject> => world.json(world.asToken("GET", path));
  const fill = () => embedTexts(parts, new AbortController().signal);
  const found = async (query: string): Promise<readonly string[]> => {
    const { items } = await get(`/api/memory?q=${query}`);
    return (items as unknown as readonly { title: { text: string }; byMeaning: boolean }[]).map(
      ({ title, byMeaning }) => `${title.text}${byMeaning ? " (alike)" : ""}`, // the contract's rows, checked by the surface under test
    );
  };
  const chosen = async () => (await get("/api/embeddings"))["chosen"] as JsonObject;
  return { world, post, get, fill, found, chosen };
}

async function served(next: (texts: readonly string[]) => EmbeddingAnswer) {
  const server = await startEmbeddingServer(({ texts }) => next(texts));
  const opened = await openEmbeddings(aiEmbedder({ egress: guardedStream({ allowed: [] }), findKey: async () => null, callMs: 5_000 }));
  const house = { name: "house", vendor: "openai-compatible", baseUrl: server.baseUrl, models: ["small"], local: true };
  await opened.post("/api/providers", house);
  return { server, ...opened, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const vectors: EmbeddingAnswer = { kind: "vectors", of: meaningOf };

test("texts are found by their meaning beside their words, once vectors are made; without a model nothing changes", async () => {
  await using opened = await served(() => vectors);
  const { world, post, get, fill, found, chosen, server } = opened;
  for (const text of ["Charter a boat", "Pay the bill", "Ship it", "Water the plants"]) await world.filed(text);
  expect(await found("vessel")).toEqual([]);
  expect(await get("/api/embeddings")).toMatchObject({ chosen: null, providers: ["house"], mayChange: true });
  expect(await fill()).toEqual({ made: 0, more: false });
  expect(await post("/api/embeddings", { provider: "house", model: "tiny" })).toMatchObject({ state: "on", label: "house/tiny" });
  expect(await post("/api/embeddings", { provider: "house", model: "tiny" })).toMatchObject({ code: "embedding.in-use" });
  expect(await post("/api/embeddings", { provider: "nobody", model: "tiny" })).toMatchObject({ code: "provider.not-found" });
  const before = await chosen();
  expect([before["vectors"], before["texts"]]).toEqual([0, expect.any(Number)]);
  const { made } = await fill();
  expect(await chosen()).toMatchObject({ texts: made, vectors: made, refused: 0, dimension: 3, costMicro: 0, failure: null });
  expect(made).toBeGreaterThanOrEqual(4);
  expect((await found("vessel")).toSorted()).toEqual(["Charter a boat (alike)", "Ship it (alike)"]);
  // What has the word and is alike comes before what is only alike.
  expect(await found("boat")).toEqual(["Charter a boat", "Ship it (alike)"]);
  expect(await found("vessel&kind=task")).toEqual([]);
  const asked = server.seen.length;
  expect(await found("vessel&limit=1")).toHaveLength(1);
  const first = await get("/api/memory?q=vessel&limit=1");
  const second = await get(`/api/memory?q=vessel&limit=1&cursor=${first["nextCursor"] as string}`); // another page follows
  expect([first["ranked"], second["nextCursor"], first["meaning"]]).toEqual([
    2,
    null,
    { state: "used", compared: made, isCapped: false, note: null },
  ]);
  // A second page and a repeated search ask nobody; the palette never does; labels are no words.
  await get("/api/search?q=vessel");
  await get("/api/memory?q=ENG-1");
  expect(server.seen).toHaveLength(asked);
  expect(await fill()).toEqual({ made: 0, more: false });
  await world.filed("Rent a vessel");
  expect((await fill()).made).toBe(1);
  await post("/api/embeddings/off", {});
  expect(await found("boat")).toEqual(["Charter a boat"]);
  expect(await post("/api/embeddings/off", {})).toMatchObject({ code: "embedding.not-in-use" });
});

test("a provider that fails rests, says why, and the search goes by words; what was kept stays", async () => {
  let told: EmbeddingAnswer = { kind: "status", status: 429, headers: { "retry-after": "90" } };
  await using opened = await served(() => told);
  const { world, post, get, fill, found, chosen, server } = opened;
  await world.filed("Charter a boat");
  await post("/api/embeddings", { provider: "house", model: "tiny" });
  expect(await fill()).toEqual({ made: 0, more: false });
  const nowMs = world.clock.nowMs();
  expect(await chosen()).toMatchObject({ vectors: 0, restUntilMs: nowMs + 90_000, failure: { code: "model.rate-limited" } });
  expect(await fill()).toEqual({ made: 0, more: false });
  expect(server.seen).toHaveLength(1);
  expect(await get("/api/memory?q=boat")).toMatchObject({ meaning: { state: "unavailable", compared: 0 } });
  expect(await found("boat")).toEqual(["Charter a boat"]);
  told = vectors;
  world.clock.advance(91_000);
  expect((await fill()).made).toBeGreaterThan(0);
  expect(await chosen()).toMatchObject({ restUntilMs: null, failure: null, dimension: 3 });
  told = { kind: "vectors", of: () => [1, 1] };
  await world.filed("Another ship");
  await fill();
  expect(await chosen()).toMatchObject({ dimension: 3, failure: { code: "embedding.dimension-changed" } });
  world.clock.advance(1_000_000);
  await post("/api/embeddings", { provider: "house", model: "tiny", anew: true });
  const { made } = await fill();
  expect(await chosen()).toMatchObject({ texts: made, vectors: made, dimension: 2, failure: null });
});

test("a text that a model does not take has no vector and stops nobody else; a model that takes nothing is a failure", async () => {
  let takesNothing = true;
  await using opened = await served((texts) =>
    takesNothing || texts.some((text) => text.includes("poison")) ? { kind: "status", status: 400 } : vectors,
  );
  const { world, post, fill, chosen } = opened;
  for (const text of ["Ship it", "Drink poison", "Pay the bill"]) await world.filed(text);
  await post("/api/embeddings", { provider: "house", model: "tiny" });
  await fill();
  expect(await chosen()).toMatchObject({ vectors: 0, refused: 0, failure: { code: "model.request-refused" } });
  takesNothing = false;
  world.clock.advance(1_000_000);
  await fill();
  const after = await chosen();
  expect(after).toMatchObject({ refused: 1, failure: null });
  expect(after["vectors"]).toBe(Number(after["texts"]) - 1);
  expect(await fill()).toEqual({ made: 0, more: false });
});

test("nothing leaves for a hosted provider but of allowed projects, at a price, within budgets and while nothing is halted", async () => {
  const seen: string[] = [];
  const embedder: Embedder = {
    embed: async (_at, texts) => {
      seen.push(...texts);
      return { vectors: texts.map((text) => Float32Array.from(meaningOf(text))), inputTokens: 10 * texts.length };
    },
  };
  const { world, post, fill, found, chosen } = await openEmbeddings(embedder);
  await world.filed("Charter a boat");
  await post("/api/providers", { name: "far", vendor: "openai", models: ["m"], key: "canary-key-83b1f0d2c7" });
  await post("/api/embeddings", { provider: "far", model: "tiny" });
  await fill();
  expect(await chosen()).toMatchObject({ projects: 0, otherProjects: 1, texts: 0, vectors: 0 });
  expect(await found("vessel")).toEqual([]);
  expect(seen).toEqual([]);
  await post("/api/providers/far/allow", { project: "ENG", reason: "Public texts only.", shown: whatLeaves });
  await fill();
  expect(await chosen()).toMatchObject({ vectors: 0, failure: { code: "budget.no-price" } });
  const price = { provider: "far", model: "tiny", currency: "EUR", inputMicro: 1_000_000, outputMicro: 0, source: "a contract" };
  expect((await world.asToken("POST", "/api/prices", { body: price })).status).toBeLessThan(300);
  const halt = await post("/api/halts", { scope: "provider", scopeId: "far", reason: "Wait." });
  world.clock.advance(1_000_000);
  await fill();
  expect(seen).toEqual([]);
  expect(halt).toMatchObject({ state: "set" });
  await post(`/api/halts/${halt["id"] as string}/lift`, { reason: "Go on." }); // it was set
  world.clock.advance(1_000_000);
  await fill();
  const after = await chosen();
  expect(after["texts"]).toBe(after["vectors"]);
  expect(after["costMicro"]).toBe(10 * Number(after["vectors"]));
  expect(seen.some((text) => text.startsWith("Charter a boat"))).toBe(true);
  // Texts of the organization belong to no project that anybody allowed; neither do people.
  expect(seen.filter((text) => /does what is asked|Dana/u.test(text))).toEqual([]);
  expect(await found("vessel")).toEqual(["Charter a boat (alike)"]);
  await post("/api/budgets", { scope: "provider", scopeId: "far", period: "total", caps: { costMicro: 1 }, reason: "No more." });
  expect(await found("ship")).toEqual([]);
});
