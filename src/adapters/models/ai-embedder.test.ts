import { expect, test } from "vitest";
import { type EmbeddingAnswer, startEmbeddingServer } from "../../../test/support/embedding-server.ts";
import type { ModelVendor } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { ModelAddress } from "../../engine/ports/model.ts";
import { guardedStream } from "../egress/guarded-stream.ts";
import { aiEmbedder } from "./ai-embedder.ts";

const key = "test-key-4f1c9a7e2b";
const embedder = aiEmbedder({ egress: guardedStream({ allowed: [] }), findKey: async () => key, callMs: 3_000 });

const addressOf = (vendor: ModelVendor, baseUrl: string): ModelAddress => ({
  organizationId: asId("00000000-0000-7000-8000-000000000001"),
  providerId: "p",
  vendor,
  baseUrl,
  model: "fake-embedding",
  local: true,
});

async function ask(vendor: ModelVendor, told: EmbeddingAnswer, texts: readonly string[] = ["one", "two"]) {
  await using server = await startEmbeddingServer(() => told, { google: vendor === "google" });
  const answered = await embedder.embed(addressOf(vendor, server.baseUrl), texts, new AbortController().signal).then(
    (embedded) => ({ embedded, failure: null }),
    (error: unknown) => ({ embedded: null, failure: error }),
  );
  return { ...answered, seen: server.seen };
}

const byLength = (text: string): readonly number[] => [text.length, 4, 0];

for (const vendor of ["openai", "google", "openai-compatible"] as const) {
  test(`${vendor}: one vector of length 1 for each text, in their order`, async () => {
    const { embedded, failure, seen } = await ask(vendor, { kind: "vectors", of: byLength }, ["one", "three"]);
    expect(failure).toBeNull();
    const vectors = embedded?.vectors.map((vector) => [...vector].map((value) => Number(value.toFixed(4))));
    expect(vectors).toEqual([
      [0.6, 0.8, 0],
      [0.7809, 0.6247, 0],
    ]);
    expect(seen.map(({ texts }) => texts)).toEqual([["one", "three"]]);
    expect(JSON.stringify(seen[0]?.headers)).toContain(key);
  });

  const faults: readonly (readonly [what: string, told: EmbeddingAnswer, kind: string, code: string])[] = [
    ["429", { kind: "status", status: 429, headers: { "retry-after": "7" } }, "exhausted", "model.rate-limited"],
    ["500", { kind: "status", status: 500 }, "unavailable", "model.unavailable"],
    ["401", { kind: "status", status: 401, message: `Incorrect API key provided: ${key}` }, "forbidden", "model.key-refused"],
    ["400", { kind: "status", status: 400 }, "invalid", "model.request-refused"],
    ["fewer vectors than texts", { kind: "vectors", of: byLength, drop: 1 }, "unavailable", "model.answer-unreadable"],
    [
      "vectors of different lengths",
      { kind: "vectors", of: (text) => (text === "one" ? [1] : [1, 0]) },
      "unavailable",
      "model.answer-unreadable",
    ],
    ["empty vectors", { kind: "vectors", of: () => [] }, "unavailable", "model.answer-unreadable"],
    ["vectors of nothing", { kind: "vectors", of: () => [0, 0] }, "unavailable", "model.answer-unreadable"],
    [
      "vectors that are too long",
      { kind: "vectors", of: () => Array.from({ length: 5_000 }, () => 1) },
      "unavailable",
      "model.answer-unreadable",
    ],
    [
      "no vectors but texts",
      { kind: "text", text: '{"data":[{"embedding":["a"]}],"embeddings":[{"values":["a"]}]}' },
      "unavailable",
      "model.answer-unreadable",
    ],
    ["garbage", { kind: "text", text: "<html>" }, "unavailable", "model.answer-unreadable"],
    ["an answer without end", { kind: "endless" }, "invalid", "model.answer-too-large"],
  ];
  for (const [what, told, kind, code] of faults) {
    test(`${vendor}: ${what} is a failure of ours, without key and texts`, async () => {
      const { failure, seen } = await ask(vendor, told);
      expect(failure).toBeInstanceOf(Failure);
      const { kind: found, code: foundCode, details, cause } = failure as Failure;
      expect([found, foundCode]).toEqual([kind, code]);
      expect(seen).toHaveLength(1);
      expect(JSON.stringify([details, String((failure as Failure).stack), String(cause)])).not.toContain(key);
      expect(details).toMatchObject(what === "429" ? { retryAfterMs: 7_000 } : {});
    });
  }
}

test("silence ends at the limit, and a caller's stop is no failure of the model", async () => {
  await using server = await startEmbeddingServer(() => ({ kind: "silence" }));
  const at = addressOf("openai-compatible", server.baseUrl);
  const hasty = aiEmbedder({ egress: guardedStream({ allowed: [] }), findKey: async () => key, callMs: 50 });
  await expect(hasty.embed(at, ["x"], new AbortController().signal)).rejects.toMatchObject({ code: "model.timed-out" });
  const stop = new AbortController();
  const asked = embedder.embed(at, ["x"], stop.signal);
  const reason = new Error("stopped by a person");
  stop.abort(reason);
  await expect(asked).rejects.toBe(reason);
});

test("what is not declared local is not reached on this machine; Anthropic has none; what told no usage is unknown", async () => {
  await using server = await startEmbeddingServer(() => ({ kind: "vectors", of: byLength, usage: false }));
  const at = addressOf("openai-compatible", server.baseUrl);
  const signal = new AbortController().signal;
  await expect(embedder.embed({ ...at, local: false }, ["x"], signal)).rejects.toMatchObject({ code: "egress.address-refused" });
  await expect(embedder.embed({ ...at, vendor: "anthropic" }, ["x"], signal)).rejects.toMatchObject({ code: "embedding.not-offered" });
  const keyless = aiEmbedder({ egress: guardedStream({ allowed: [] }), findKey: async () => null });
  await expect(keyless.embed({ ...at, local: false }, ["x"], signal)).rejects.toMatchObject({ code: "model.key-missing" });
  expect(server.seen).toEqual([]);
  expect(await embedder.embed(at, ["x"], signal)).toMatchObject({ inputTokens: null });
});
