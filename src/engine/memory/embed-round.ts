import { type EmbeddingUse, vectorModelName } from "../../core/gate/embedding.ts";
import type { Provider } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { embedderCaps } from "../ports/embedder.ts";
import type { Scope, Store } from "../ports/store.ts";
import type { MadeVector, TextWithoutVector, VectorModel } from "../ports/vectors.ts";
import { type EmbedParts, embedPaid } from "./embed-paid.ts";

export interface FillParts extends EmbedParts {
  readonly store: Pick<Store, "read" | "keepVectors">;
}

/** A provider that makes vectors. */
export type EmbeddingProvider = Provider & { readonly embedding: EmbeddingUse };

/** What a round has done so far. */
export interface RoundTally {
  readonly made: number;
  readonly calls: number;
  readonly costMicro: number;
  readonly dimension: number | null;
}

/** One round of making vectors, while it goes on. */
export interface FillRound {
  readonly parts: FillParts;
  readonly provider: EmbeddingProvider;
  readonly of: VectorModel;
  readonly signal: AbortSignal;
  readonly startedMs: number;
  tally: RoundTally;
}

/** Texts that are asked for at once, and calls of one round. */
const textsAtOnce = 500;
export const mostCalls = 40;
/** A round begins no call after this; its turn is `embeddingTurnMs`. */
const roundMs = 60_000;

export const beginRound = (parts: FillParts, provider: EmbeddingProvider, signal: AbortSignal): FillRound => ({
  parts,
  provider,
  of: { providerId: provider.id, model: vectorModelName(provider.embedding) },
  signal,
  startedMs: parts.clock.monotonicMs(),
  tally: { made: 0, calls: 0, costMicro: 0, dimension: provider.embedding.dimension },
});

const isOver = ({ parts, tally, startedMs, signal }: FillRound): boolean =>
  tally.calls >= mostCalls || parts.clock.monotonicMs() - startedMs > roundMs || signal.aborted;

const scopeOf = ({ parts }: FillRound, projectId: string | null): Scope => ({
  organizationId: parts.organizationId,
  projectIds: projectId === null ? [] : [asId<"project">(projectId)],
});

const missing = (round: FillRound, projectId: string | null, limit: number): Promise<readonly TextWithoutVector[]> =>
  round.parts.store.read(scopeOf(round, projectId), (reader) => reader.vectors.missing({ of: round.of, projectId, limit }));

/** The first place with something to do; null is the organization's own. */
export async function firstPlace(round: FillRound, places: readonly (string | null)[]): Promise<string | null | undefined> {
  for (const place of places) if ((await missing(round, place, 1)).length > 0) return place;
  return undefined;
}

/** Makes vectors until there is nothing left, or the round is over. @throws {Failure} as `embedPaid`, and `embedding.dimension-changed` */
export async function fillPlaces(round: FillRound, places: readonly (string | null)[]): Promise<void> {
  for (const place of places)
    while (!isOver(round)) {
      const texts = await missing(round, place, textsAtOnce);
      if (texts.length === 0) break;
      for (const batch of batchesOf(texts)) if (!isOver(round)) await fillBatch(round, place, batch);
    }
}

async function fillBatch(round: FillRound, projectId: string | null, batch: readonly TextWithoutVector[]): Promise<void> {
  try {
    await keep(round, projectId, await made(round, projectId, batch));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await fillApart(round, projectId, batch);
  }
}

/** What a model refuses as a whole is asked for one by one; what it refuses then has no vector, if it still takes a plain word. */
async function fillApart(round: FillRound, projectId: string | null, batch: readonly TextWithoutVector[]): Promise<void> {
  const refused: TextWithoutVector[] = [];
  for (const text of batch) {
    if (round.signal.aborted) return;
    try {
      await keep(round, projectId, await made(round, projectId, [text]));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.push(text);
    }
  }
  if (refused.length === 0) return;
  await ask(round, projectId, ["ready"]);
  await keep(
    round,
    projectId,
    refused.map((text) => ({ ...keyOf(text), vector: null })),
  );
}

async function made(round: FillRound, projectId: string | null, batch: readonly TextWithoutVector[]): Promise<readonly MadeVector[]> {
  const vectors = await ask(round, projectId, batch.map(textOf));
  return batch.map((text, at) => ({ ...keyOf(text), vector: vectors[at] ?? null }));
}

async function ask(round: FillRound, projectId: string | null, texts: readonly string[]): Promise<readonly Float32Array[]> {
  const { parts, provider, signal } = round;
  const { model } = provider.embedding;
  const count = (fields: Partial<RoundTally>): void => void (round.tally = { ...round.tally, ...fields });
  count({ calls: round.tally.calls + 1 });
  const onBooked = (costMicro: number): void => count({ costMicro: round.tally.costMicro + costMicro });
  const { vectors } = await embedPaid(parts, { provider, model, projectId, texts, onBooked }, signal);
  const dimension = vectors[0]?.length ?? 0;
  const known = round.tally.dimension;
  if (known !== null && known !== dimension)
    throw new Failure("invalid", "embedding.dimension-changed", {
      message: `${model} answered vectors of ${dimension} numbers; those it made before have ${known}, and the two cannot be compared. In Settings, Models, have all made anew, or choose another model.`,
    });
  count({ dimension });
  return vectors;
}

async function keep(round: FillRound, projectId: string | null, vectors: readonly MadeVector[]): Promise<void> {
  const kept = await round.parts.store.keepVectors(scopeOf(round, projectId), round.of, vectors);
  round.tally = { ...round.tally, made: round.tally.made + kept };
}

const isRefusal = (error: unknown): boolean => error instanceof Failure && error.code === "model.request-refused";

const keyOf = ({ kind, id, projectId, version }: TextWithoutVector) => ({ kind, id, projectId, version });

const textOf = ({ title, body }: TextWithoutVector): string => `${title}\n${body}`.trim().slice(0, embedderCaps.textChars).toWellFormed();

/** At most so many texts and characters in each. */
export function batchesOf(texts: readonly TextWithoutVector[]): readonly (readonly TextWithoutVector[])[] {
  const batches: TextWithoutVector[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const { length } = textOf(text);
    const last = batches.at(-1);
    if (last === undefined || last.length >= embedderCaps.texts || chars + length > embedderCaps.chars) {
      batches.push([text]);
      chars = length;
    } else {
      last.push(text);
      chars += length;
    }
  }
  return batches;
}
