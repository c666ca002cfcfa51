import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { EmbeddingModel } from "ai";
import type { ModelVendor } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type Embedded, type Embedder, embedderCaps } from "../../engine/ports/embedder.ts";
import type { StreamingEgress } from "../../engine/ports/egress.ts";
import type { FindModelKey, ModelAddress } from "../../engine/ports/model.ts";
import { vectorCaps } from "../../engine/ports/vectors.ts";
import { egressFetch } from "./egress-fetch.ts";
import { modelFailure } from "./model-failure.ts";
import type { VendorSettings } from "./vendor-models.ts";

type VendorEmbedding = Extract<EmbeddingModel, { readonly specificationVersion: "v4" }>;

/** Longest answer: the most texts of a call with the longest vectors, as decimal numbers, four times over. */
const mostBytes = 16_777_216;

/** As for turns, always an instance with address, key and fetch given. */
const vendorEmbeddings: { readonly [vendor in ModelVendor]: ((settings: VendorSettings) => VendorEmbedding) | null } = {
  anthropic: null,
  openai: ({ baseUrl, model, key, fetch }) => createOpenAI({ baseURL: baseUrl, apiKey: key, fetch }).embeddingModel(model),
  google: ({ baseUrl, model, key, fetch }) => createGoogle({ baseURL: baseUrl, apiKey: key, fetch }).embeddingModel(model),
  "openai-compatible": ({ baseUrl, model, key, fetch }) =>
    createOpenAICompatible({ name: "compatible", baseURL: baseUrl, fetch, ...(key === "" ? {} : { apiKey: key }) }).embeddingModel(model),
};

export interface EmbedderParts {
  readonly egress: StreamingEgress;
  readonly findKey: FindModelKey;
  /** Longest call, milliseconds. */
  readonly callMs?: number;
}

/** Embeddings of the vendors through their own libraries: see `Embedder`. */
export const aiEmbedder = ({ egress, findKey, callMs = embedderCaps.callMs }: EmbedderParts): Embedder => ({
  async embed(at, texts, signal) {
    signal.throwIfAborted();
    const open = vendorEmbeddings[at.vendor];
    if (open === null)
      throw new Failure("invalid", "embedding.not-offered", {
        message: "Anthropic's interface has no embeddings. Choose another provider for the search in Settings, Models.",
      });
    const key = (await findKey(at)) ?? "";
    if (key === "" && !at.local)
      throw new Failure("forbidden", "model.key-missing", {
        message: `There is no key for ${at.model}. Enter one in Settings, Models, or set the vendor's environment variable and restart.`,
      });
    const fetch = boundedFetch(egressFetch(egress, at.local ? "house" : "outside"));
    const limit = AbortSignal.timeout(callMs);
    try {
      const model = open({ baseUrl: at.baseUrl, model: at.model, key, fetch });
      const { embeddings, usage } = await model.doEmbed({ values: [...texts], abortSignal: AbortSignal.any([signal, limit]) });
      return { vectors: readVectors(embeddings, texts.length, at), inputTokens: toldTokens(usage?.tokens) };
    } catch (error) {
      signal.throwIfAborted();
      if (limit.aborted)
        throw new Failure("unavailable", "model.timed-out", {
          message: `The model ${at.model} did not answer in time. It is asked again.`,
        });
      throw modelFailure(error, { at, key });
    }
  },
});

const toldTokens = (tokens: number | undefined): number | null =>
  tokens !== undefined && Number.isSafeInteger(tokens) && tokens >= 0 ? tokens : null;

/** Vendors promise; what came is looked at. @throws {Failure} `model.answer-unreadable` */
function readVectors(embeddings: readonly (readonly number[])[], count: number, at: ModelAddress): Embedded["vectors"] {
  const unreadable = (what: string): Failure =>
    new Failure("unavailable", "model.answer-unreadable", { message: `The model ${at.model} answered ${what}. It is asked again.` });
  if (embeddings.length !== count) throw unreadable(`${embeddings.length} vectors for ${count} texts`);
  const dimension = embeddings[0]?.length ?? 0;
  if (dimension === 0 || dimension > vectorCaps.dimension || embeddings.some(({ length }) => length !== dimension))
    throw unreadable(`vectors of no usable length; all have to have the same, 1 to ${vectorCaps.dimension} numbers`);
  return embeddings.map((numbers) => {
    const length = Math.hypot(...numbers);
    if (!Number.isFinite(length) || length === 0 || numbers.some((value) => typeof value !== "number"))
      throw unreadable("something that is no vector of numbers");
    return Float32Array.from(numbers, (value) => value / length);
  });
}

/** The libraries read an answer whole: one that does not end is cut off. */
const boundedFetch =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  async (input, init) => {
    const answer = await fetch(input, init);
    if (answer.body === null) return answer;
    let bytes = 0;
    const counted = answer.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(part, controller) {
          bytes += part.byteLength;
          if (bytes <= mostBytes) controller.enqueue(part);
          else
            controller.error(
              new Failure("invalid", "model.answer-too-large", {
                message: "The model's answer is longer than vectors can be. It was cut off.",
              }),
            );
        },
      }),
    );
    return new Response(counted, { status: answer.status, headers: answer.headers });
  };
