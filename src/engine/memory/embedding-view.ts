import { type EmbeddingFailure, vectorModelName } from "../../core/gate/embedding.ts";
import type { Person, Project } from "../../core/oversight/person.ts";
import { mayServe } from "../../core/gate/provider.ts";
import { readProviders } from "../gate/read-providers.ts";
import type { Reader } from "../ports/store.ts";
import { mostCompared, vectorCaps } from "../ports/vectors.ts";

/** Who makes vectors, and how far that is in what the viewer may see. */
export interface ChosenEmbeddingView {
  readonly providerId: string;
  readonly provider: string;
  readonly model: string;
  readonly local: boolean;
  readonly paused: boolean;
  readonly dimension: number | null;
  readonly chosenAtMs: number;
  readonly texts: number;
  readonly vectors: number;
  readonly refused: number;
  readonly projects: number;
  readonly otherProjects: number;
  readonly costMicro: number;
  readonly restUntilMs: number | null;
  readonly failure: EmbeddingFailure | null;
}

export interface EmbeddingsView {
  readonly chosen: ChosenEmbeddingView | null;
  readonly mostCompared: number;
  readonly providers: readonly string[];
  readonly mayChange: boolean;
}

/** The model that makes vectors for the search, with the present texts that have one. */
export async function embeddingsView(
  reader: Reader,
  { viewer, projects }: { readonly viewer: Person; readonly projects: readonly Project[] },
): Promise<EmbeddingsView> {
  const providers = await readProviders(reader);
  const provider = providers.find(({ embedding }) => embedding?.state === "on");
  const rest = {
    mostCompared: mostCompared(provider?.embedding?.dimension ?? 0) || vectorCaps.compared,
    providers: providers.filter(({ vendor }) => vendor !== "anthropic").map(({ name }) => name),
    mayChange: viewer.roles.some((role) => role === "administrator" || role === "director"),
  };
  if (provider?.embedding === undefined) return { chosen: null, ...rest };
  const { embedding } = provider;
  const real = projects.filter(({ mode, state }) => mode === "real" && state === "active");
  const sent = real.filter(({ id }) => mayServe({ ...provider, state: "active" }, id)).map(({ id }) => id);
  const of = { providerId: provider.id, model: vectorModelName(embedding) };
  const tally = await reader.vectors.tally({ of, projectIds: sent, withOrganization: provider.local });
  const { model, dimension, chosenAtMs, costMicro, restUntilMs, failure } = embedding;
  const at = { providerId: provider.id, provider: provider.name, local: provider.local, paused: provider.state === "paused" };
  return {
    chosen: {
      ...at,
      model,
      dimension,
      chosenAtMs,
      ...tally,
      projects: sent.length,
      otherProjects: real.length - sent.length,
      costMicro,
      restUntilMs,
      failure,
    },
    ...rest,
  };
}
