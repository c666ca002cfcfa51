import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddingAnswer, startEmbeddingServer } from "../../../test/support/embedding-server.ts";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { dark, expectSound, light, phone } from "../../../test/support/sound-page.ts";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import { guardedStream } from "../../adapters/egress/guarded-stream.ts";
import { aiEmbedder } from "../../adapters/models/ai-embedder.ts";
import { embedTexts } from "../../engine/memory/embed-texts.ts";

/* Vectors under Settings, epics in the rail and tags over tasks, over the real surface and engine. */

let page: WorldFile;
let server: PageWorld;
let tab: Page;

beforeAll(async () => {
  page = await openWorldFile();
  ({ server, tab } = page);
});

afterAll(() => page[Symbol.asyncDispose]());

test("a model for vectors is chosen, its progress and its failure are told, and the search goes by words alone again", async () => {
  const { world } = server;
  let told: EmbeddingAnswer = { kind: "status", status: 500 };
  await using models = await startEmbeddingServer(() => told);
  const { engine, store, clock, ids, organizationId } = world;
  const embedder = aiEmbedder({ egress: guardedStream({ allowed: [] }), findKey: async () => null });
  const fill = () => embedTexts({ engine, store, clock, ids, organizationId, embedder }, new AbortController().signal);
  const body = { name: "house", vendor: "openai-compatible", baseUrl: models.baseUrl, models: ["small"], local: true };
  await world.asToken("POST", "/api/providers", { body });
  await signIn(tab, server);
  await tab.goto(`${server.url}/settings/models`);
  await tab.getByText("No model makes vectors.").waitFor();
  await tab.getByRole("button", { name: "Choose a model for vectors" }).click();
  await tab.getByLabel("Model of embeddings").fill("nomic-embed-text");
  await expectSound(tab, "choosing a model for vectors", [light, phone]);
  await tab.getByRole("button", { name: "Make vectors with it" }).click();
  await tab.getByText(/^Texts with a vector: 0 of \d+, still to come: \d+\./u).waitFor();
  await fill();
  await tab.reload();
  await tab.getByText("is not available now", { exact: false }).waitFor();
  await expectSound(tab, "vectors that could not be made", [light, dark, phone]);
  told = { kind: "vectors", of: (text) => [text.length, 1] };
  clock.advance(100_000);
  const { made } = await fill();
  await tab.reload();
  await tab.getByText(`Texts with a vector: ${String(made)} of ${String(made)}.`, { exact: false }).waitFor();
  await tab.getByRole("button", { name: "Search by words alone" }).click();
  await tab.getByText("No model makes vectors.").waitFor();
  expect(await tab.getByText("Texts with a vector", { exact: false }).count()).toBe(0);
});

test("epics stand in the rail, and a tag narrows the board and one's own work by the address", async () => {
  await tab.setViewportSize({ width: 1280, height: 900 });
  await tab.goto(`${server.url}/board?tag=area%3Dfront`);
  await tab.getByText("No task under way has the tag area=front.", { exact: false }).waitFor();
  await tab.getByLabel("Tag", { exact: true }).selectOption({ label: "Any tag" });
  await expect.poll(() => new URL(tab.url()).search).toBe("");
  await tab.goto(`${server.url}/tasks?tag=area%3Dfront`);
  await tab.getByText("Nothing of yours has the tag area=front.", { exact: false }).waitFor();
  await expectSound(tab, "own work by a tag", [light, phone]);
  await tab.setViewportSize({ width: 1280, height: 900 });
  await tab.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Epics" }).click();
  await tab.getByRole("heading", { name: "Epics", level: 1 }).waitFor();
});
