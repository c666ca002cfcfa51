/** A place that answers as a model. active -> paused -> active; either -> removed. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { EmbeddingUse } from "./embedding.ts";

/** The interface it speaks; `openai-compatible` is everybody's form of OpenAI's chat, such as Ollama, vLLM, LM Studio and gateways. */
export const modelVendors = ["anthropic", "openai", "google", "openai-compatible"] as const;

export type ModelVendor = (typeof modelVendors)[number];

/** Where each vendor answers unless a person says otherwise; null: a person has to say. */
export const vendorAddresses: { readonly [vendor in ModelVendor]: string | null } = {
  anthropic: "https://api.anthropic.com/v1",
  openai: "https://api.openai.com/v1",
  google: "https://generativelanguage.googleapis.com/v1beta",
  "openai-compatible": null,
};

/** The environment variable in which each vendor's users keep their key; null: there is no usual one. */
export const vendorKeys: { readonly [vendor in ModelVendor]: string | null } = {
  anthropic: "ANTHROPIC_API_KEY",
  openai: "OPENAI_API_KEY",
  google: "GOOGLE_GENERATIVE_AI_API_KEY",
  "openai-compatible": null,
};

export type ProviderState = "active" | "paused" | "removed";

/** What a vendor lets through in a minute; null: nobody has said. */
export interface ProviderWindows {
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

/** What trying a provider showed. */
export interface ProviderTest {
  readonly atMs: number;
  readonly ok: boolean;
  readonly detail: string;
  readonly latencyMs: number | null;
  /** As the vendor names the model that answered. */
  readonly answeredBy: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export interface Provider extends Entity {
  /** What people and halts call it; unique among those that are not removed. */
  readonly name: string;
  readonly state: ProviderState;
  readonly vendor: ModelVendor;
  readonly baseUrl: string;
  /** The first one is asked; people may name another of them. */
  readonly models: readonly string[];
  /** What is sent there stays in the house, as a person declared. Only such a provider may be on this machine. */
  readonly local: boolean;
  readonly windows: ProviderWindows;
  /** Providers are asked in the order of this number, the lowest first. */
  readonly rank: number;
  /** Projects whose contexts may go there, by a person's decision each; a local one serves every project. At most `maxProviderProjects`. */
  readonly projectIds: readonly string[];
  /** Where its key is: sealed in the vault, in the environment's variable, or it needs none. Never the key. */
  readonly keyFrom: "vault" | "environment" | "none";
  readonly lastTest: ProviderTest | null;
  /** What it does for the search; absent: it was never chosen for that. At most one provider of an organization has it on. */
  readonly embedding?: EmbeddingUse;
}

export const providerKind = organizationKind<Provider>("provider");

/** Providers of an organization that are not removed. */
export const maxProviders = 20;
export const maxProviderModels = 20;
export const maxProviderProjects = 1_000;

/** Whether the contexts of a project may go to a provider: it is local, or a person decided so. */
export const mayServe = ({ state, local, projectIds }: Pick<Provider, "state" | "local" | "projectIds">, projectId: string): boolean =>
  state === "active" && (local || projectIds.includes(projectId));

/** Those that may be asked for a project, in the order in which they are: the fallback by rule. */
export const servingProviders = (providers: readonly Provider[], projectId: string): readonly Provider[] =>
  providers
    .filter((provider) => mayServe(provider, projectId))
    .toSorted((left, right) => left.rank - right.rank || (left.id < right.id ? -1 : 1));

/** What goes to a provider with each turn, as a person is told before a project may use a hosted one. */
export const whatLeaves: readonly string[] = [
  "the task with its criteria and outputs, and the brief of its request",
  "texts of inputs, and of what earlier tasks gave, as far as they fit",
  "decisions, facts, principles and the objective that bear on the task",
  "answers of people to questions about it, and results of tools",
  "when it makes vectors for the search: the texts of everything that the search finds in the project, comments included, and what people search for",
];
