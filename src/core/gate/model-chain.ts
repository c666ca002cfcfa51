/**
 * Which models are asked for a task, in which order, and by which rule the next one is taken. The chain of the persona holds, else that
 * of the project, else that of the organization, else the order of the providers with the first model of each. docs/explanation/models.md
 */
import type { ModelLink } from "../personas/model-link.ts";
import { type Provider, mayServe, servingProviders } from "./provider.ts";

/** Why the next model of a chain is taken. */
export const fallRules = [
  "unavailable",
  "rate-limited",
  "window-full",
  "content-refused",
  "context-too-large",
  "not-usable",
  "not-allowed",
] as const;

export type FallRule = (typeof fallRules)[number];

/** What each rule says, for people, and for how long the model is passed over in the conversation; null: to its end. */
export const fallRuleWords: { readonly [rule in FallRule]: { readonly says: string; readonly restMs: number | null } } = {
  unavailable: { says: "It does not answer, or what it answers breaks off or cannot be read.", restMs: 60_000 },
  "rate-limited": { says: "Its vendor says that it was asked too often.", restMs: 60_000 },
  "window-full": { says: "Its minute, its subscription's window or its own budget has no room.", restMs: 60_000 },
  "content-refused": { says: "Its vendor refuses the content.", restMs: null },
  "context-too-large": { says: "The conversation is larger than it takes.", restMs: null },
  "not-usable": { says: "It has no key, no price, or does not take the request; or it is halted or paused.", restMs: 60_000 },
  "not-allowed": { says: "The project may not be sent to its provider. That is never passed by.", restMs: null },
};

const rulesByCode: { readonly [code: string]: FallRule } = {
  "model.rate-limited": "rate-limited",
  "model.quota-used-up": "window-full",
  "budget.exhausted": "window-full",
  "provider.window-full": "window-full",
  "model.content-refused": "content-refused",
  "model.context-too-large": "context-too-large",
  "provider.not-allowed": "not-allowed",
};

/** The rule that a failure of one model falls under. Total: what no rule names makes the model not usable. */
export const fallRuleOf = ({ kind, code }: { readonly kind: string; readonly code: string }): FallRule =>
  (Object.hasOwn(rulesByCode, code) ? rulesByCode[code] : undefined) ?? (kind === "unavailable" ? "unavailable" : "not-usable");

export const chainSources = ["persona", "project", "organization", "order"] as const;

/** Who said the chain; `order`: nobody, so that the order of the providers holds. */
export type ChainSource = (typeof chainSources)[number];

/** A model of a chain that was not asked, and why. */
export interface PassedOver extends ModelLink {
  readonly rule: FallRule;
  readonly message: string;
}

export interface ChainLink {
  readonly provider: Provider;
  readonly model: string;
  /** 1-based in the chain as it was said. */
  readonly place: number;
}

export interface ModelChain {
  readonly source: ChainSource;
  /** Those that the project may be sent to, in order. */
  readonly links: readonly ChainLink[];
  /** Those that it may not be sent to, or that are gone: they are never asked. */
  readonly shut: readonly PassedOver[];
  /** Length of the chain as it was said. */
  readonly length: number;
}

/** Links of one chain. */
export const maxLinks = 10;

export interface ChainSaid {
  readonly persona: readonly ModelLink[] | undefined;
  readonly project: readonly ModelLink[] | undefined;
  readonly organization: readonly ModelLink[] | undefined;
}

/** The chain of a task: the narrowest one that was said, without the models that its project may not be sent to. */
export function chainFor(said: ChainSaid, providers: readonly Provider[], projectId: string): ModelChain {
  for (const source of ["persona", "project", "organization"] as const) {
    const links = said[source] ?? [];
    if (links.length > 0) return resolved(source, links, { providers, projectId });
  }
  const serving = servingProviders(providers, projectId);
  const links = serving.map((provider, at) => ({ provider, model: provider.models[0] ?? "", place: at + 1 }));
  return { source: "order", links, shut: [], length: links.length };
}

function resolved(
  source: ChainSource,
  said: readonly ModelLink[],
  { providers, projectId }: { readonly providers: readonly Provider[]; readonly projectId: string },
): ModelChain {
  const links: ChainLink[] = [];
  const shut: PassedOver[] = [];
  for (const [at, { provider: name, model }] of said.entries()) {
    const provider = providers.find((one) => one.name === name && one.state !== "removed");
    const why = provider === undefined ? `There is no provider ${name}.` : shutWhy(provider, model, projectId);
    if (provider !== undefined && why === null) links.push({ provider, model, place: at + 1 });
    else
      shut.push({
        provider: name,
        model,
        rule: provider !== undefined && !mayServe({ ...provider, state: "active" }, projectId) ? "not-allowed" : "not-usable",
        message: why ?? "",
      });
  }
  return { source, links, shut, length: said.length };
}

function shutWhy(provider: Provider, model: string, projectId: string): string | null {
  if (provider.state !== "active") return `${provider.name} is ${provider.state}.`;
  if (!mayServe(provider, projectId)) return `This project may not be sent to ${provider.name}.`;
  return provider.models.includes(model) ? null : `${provider.name} has no model ${model}.`;
}

/** What a turn of the conversation says about the model it asked. */
export interface TriedLink {
  readonly state: string;
  readonly providerId: string;
  readonly model: string;
  readonly failure: { readonly code: string; readonly message: string; readonly untilMs?: number | null } | null;
}

/** The models to ask now, in order, and those passed over with the reason. */
export interface OpenLinks {
  readonly ask: readonly ChainLink[];
  readonly over: readonly (PassedOver & { readonly untilMs: number | null })[];
}

/**
 * Passes over what failed a moment ago, as long as there is another: so a provider that is down costs one call and not one in every turn.
 * Where all that are left rest, they are asked again; what can never help in this conversation is not.
 *
 * @param turns of the conversation, the first ones first
 */
export function openLinks({ links }: ModelChain, turns: readonly TriedLink[], nowMs: number): OpenLinks {
  const standing = links.map((link) => ({ link, rest: restOf(link, turns, nowMs) }));
  const open = standing.filter(({ rest }) => rest === null);
  const ask = open.length > 0 ? open : standing.filter(({ rest }) => rest?.untilMs !== null);
  return {
    ask: ask.map(({ link }) => link),
    over: standing.flatMap((one) => (one.rest === null || ask.includes(one) ? [] : [one.rest])),
  };
}

function restOf({ provider, model }: ChainLink, turns: readonly TriedLink[], nowMs: number): OpenLinks["over"][number] | null {
  const last = turns.findLast((turn) => turn.providerId === provider.id && turn.model === model);
  if (last === undefined || last.state !== "failed" || last.failure === null) return null;
  const { untilMs = 0, code, message } = last.failure;
  if (untilMs !== null && untilMs <= nowMs) return null;
  return { provider: provider.name, model, rule: fallRuleOf({ kind: "unavailable", code }), message, untilMs };
}
