import { type Provider, mayServe } from "../../core/gate/provider.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { readProviders } from "../gate/read-providers.ts";
import type { Reader } from "../ports/store.ts";
import { type EmbeddingProvider, type FillParts, type RoundTally, beginRound, fillPlaces, firstPlace, mostCalls } from "./embed-round.ts";

/** What a round came to. */
export interface RoundDone {
  readonly made: number;
  /** There is more to do at once. */
  readonly more: boolean;
}

const mostProjects = 1_000;

const nothing: RoundDone = { made: 0, more: false };

/** The provider that makes vectors, if one is chosen and may be asked. */
export async function embeddingProvider(reader: Pick<Reader, "find">): Promise<EmbeddingProvider | undefined> {
  for (const provider of await readProviders(reader)) {
    const { embedding } = provider;
    if (embedding?.state === "on" && provider.state === "active") return { ...provider, embedding };
  }
  return undefined;
}

/** Projects whose texts may be sent there: real ones that a person allowed, or all of them where it is local. */
export async function embeddedProjects(reader: Pick<Reader, "find">, provider: Provider): Promise<readonly string[]> {
  const projects = await reader.find(projectKindOf, { limit: mostProjects });
  return projects.filter(({ id, mode, state }) => mode === "real" && state === "active" && mayServe(provider, id)).map(({ id }) => id);
}

const waitsUntilMs = ({ embedding: { restUntilMs, busyUntilMs } }: EmbeddingProvider): number =>
  Math.max(restUntilMs ?? 0, busyUntilMs ?? 0);

/**
 * One round of making vectors of texts that have none. What was kept stays kept, so a round that is cut off costs one call at most; a
 * failure ends it and lets the provider rest. One worker at a time.
 */
export async function embedTexts(parts: FillParts, signal: AbortSignal): Promise<RoundDone> {
  const { engine, organizationId, clock } = parts;
  const found = await engine.read({ organizationId, projectIds: [] }, async (reader) => {
    const provider = await embeddingProvider(reader);
    return provider === undefined ? undefined : { provider, projectIds: await embeddedProjects(reader, provider) };
  });
  if (found === undefined || waitsUntilMs(found.provider) > clock.nowMs()) return nothing;
  const { provider, projectIds } = found;
  // Texts of the organization belong to no project that could be asked: they stay in the house.
  const places = [...projectIds, ...(provider.local ? [null] : [])];
  const round = beginRound(parts, provider, signal);
  const first = await firstPlace(round, places);
  if (first === undefined || !(await begin(parts, provider.id))) return nothing;
  const failure = await fillPlaces(round, places.slice(places.indexOf(first))).then(
    () => null,
    (error: unknown) => expected(error, signal),
  );
  await end(parts, provider, { ...round.tally, failure });
  return { made: round.tally.made, more: failure === null && round.tally.calls >= mostCalls };
}

/** Why a round ended early, as people are told; null: it was stopped. */
function expected(error: unknown, signal: AbortSignal): Failure | null {
  if (error instanceof Failure && error.kind !== "bug") return error;
  if (signal.aborted) return null;
  throw error;
}

const callerOf = ({ organizationId }: FillParts, key: string) =>
  ({ organizationId, projectId: null, actor: { kind: "system", id: "worker" }, key }) as const;

/** False: somebody else is at work, or it is not to be asked now. */
async function begin(parts: FillParts, providerId: string): Promise<boolean> {
  try {
    await parts.engine.apply(callerOf(parts, `embed:${parts.ids.next()}`), { kind: "begin-embedding", providerId });
    return true;
  } catch (error) {
    if (error instanceof Failure && ["embedding.not-in-use", "embedding.waits", "halt.in-force"].includes(error.code)) return false;
    throw error;
  }
}

/** How long the vendor asks to wait; null: it does not say. */
function retryAfterOf({ details }: Failure): number | null {
  const asked = typeof details === "object" && details !== null && "retryAfterMs" in details ? details.retryAfterMs : null;
  return typeof asked === "number" ? asked : null;
}

async function end(
  parts: FillParts,
  { id, embedding }: EmbeddingProvider,
  { made, costMicro, dimension, failure }: RoundTally & { readonly failure: Failure | null },
): Promise<void> {
  try {
    await parts.engine.apply(callerOf(parts, `embedded:${parts.ids.next()}`), {
      kind: "end-embedding",
      providerId: id,
      model: embedding.model,
      generation: embedding.generation,
      dimension,
      made,
      costMicro,
      failure: failure === null ? null : { code: failure.code, message: failure.message, retryAfterMs: retryAfterOf(failure) },
    });
  } catch (error) {
    if (!(error instanceof Failure && error.code === "embedding.not-in-use")) throw error;
  }
}
