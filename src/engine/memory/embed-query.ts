import { vectorModelName } from "../../core/gate/embedding.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { VectorModel } from "../ports/vectors.ts";
import { type EmbedParts, embedPaid } from "./embed-paid.ts";
import type { EmbeddingProvider } from "./embed-round.ts";
import { embeddedProjects, embeddingProvider } from "./embed-texts.ts";

/** What is looked for, as a model understood it. */
export interface Meaning {
  readonly of: VectorModel;
  readonly vector: Float32Array;
}

/** Off: no model makes vectors for what the reader searches. */
export type AskedMeaning =
  | { readonly kind: "off" }
  | { readonly kind: "known"; readonly meaning: Meaning }
  | { readonly kind: "failed"; readonly message: string };

/** Asks what a text means; never throws for what a provider or a budget does: the search then goes by words. */
export type AskMeaning = (text: string, projectIds: readonly string[]) => Promise<AskedMeaning>;

/** A search does not wait longer than this for a vector. */
const waitMs = 4_000;
/** Vectors of searched texts that are remembered, so that a second page asks nobody. The oldest goes first. */
const mostRemembered = 200;

/**
 * Vectors of what people search for. The text goes to the provider only where one of the searched projects may be sent there, or where it
 * is local; it is paid from the organization's budgets.
 */
export function askMeaning(parts: EmbedParts): AskMeaning {
  const remembered = new Map<string, Meaning>();
  return async (text, projectIds) => {
    const provider = await allowedProvider(parts, projectIds);
    if (provider === undefined) return { kind: "off" };
    const of = { providerId: provider.id, model: vectorModelName(provider.embedding) };
    const key = `${of.providerId} ${of.model} ${text}`;
    const known = remembered.get(key);
    if (known !== undefined) return { kind: "known", meaning: known };
    if ((provider.embedding.restUntilMs ?? 0) > parts.clock.nowMs()) return failed("The provider of vectors rests after a failure.");
    try {
      const meaning = { of, vector: await vectorOf(parts, provider, text) };
      remembered.set(key, meaning);
      const oldest = remembered.size > mostRemembered ? remembered.keys().next().value : undefined;
      if (oldest !== undefined) remembered.delete(oldest);
      return { kind: "known", meaning };
    } catch (error) {
      return failed(toldOf(error));
    }
  };
}

/** Undefined: nothing is sent for a search of these projects. */
function allowedProvider({ engine, organizationId }: EmbedParts, projectIds: readonly string[]): Promise<EmbeddingProvider | undefined> {
  return engine.read({ organizationId, projectIds: [] }, async (reader) => {
    const provider = await embeddingProvider(reader);
    if (provider === undefined || provider.local) return provider;
    const allowed = await embeddedProjects(reader, provider);
    return projectIds.some((id) => allowed.includes(id)) ? provider : undefined;
  });
}

async function vectorOf(parts: EmbedParts, provider: EmbeddingProvider, text: string): Promise<Float32Array> {
  const asked = { provider, model: provider.embedding.model, projectId: null, texts: [text], onBooked: () => {} };
  const [vector] = (await embedPaid(parts, asked, parts.clock.deadline(waitMs))).vectors;
  if (vector === undefined) throw new Failure("unavailable", "model.answer-unreadable", { message: "The provider gave no vector." });
  return vector;
}

/** What a person is told; our own bugs go on. */
function toldOf(error: unknown): string {
  if (!(error instanceof Failure)) return "The provider of vectors did not answer in time.";
  if (error.kind === "bug") throw error;
  return error.message;
}

const failed = (message: string): AskedMeaning => ({ kind: "failed", message });
