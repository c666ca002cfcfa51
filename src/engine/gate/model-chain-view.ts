import { type FallRule, fallRuleWords, fallRules } from "../../core/gate/model-chain.ts";
import { organizationKindOf } from "../../core/oversight/person.ts";
import type { Project } from "../../core/oversight/person.ts";
import { linkText } from "../../core/personas/model-link.ts";
import { personaKind } from "../../core/personas/persona.ts";
import type { Reader } from "../ports/store.ts";

/** A chain that somebody said. */
export interface ChainView {
  readonly scope: "organization" | "project" | "persona";
  /** A project's or persona's key; empty for the organization. */
  readonly key: string;
  /** `provider/model`, the first one asked first. */
  readonly links: readonly string[];
}

export interface ChainsView {
  readonly items: readonly ChainView[];
  /** When the next model of a chain is taken. */
  readonly rules: readonly { readonly rule: FallRule; readonly says: string }[];
}

/** Personas looked at; there are fewer in any library. */
const maxPersonas = 1_000;

/** The chains that were said, the widest first, of the projects that the reader may see. */
export async function modelChainsView(
  reader: Reader,
  { organizationId, projects }: { readonly organizationId: string; readonly projects: readonly Project[] },
): Promise<ChainsView> {
  const [organization, personas] = await Promise.all([
    reader.get(organizationKindOf, organizationId),
    reader.find(personaKind, { limit: maxPersonas }),
  ]);
  const all: readonly ChainView[] = [
    { scope: "organization", key: "", links: (organization?.modelChain ?? []).map(linkText) },
    ...projects.map(({ key, modelChain = [] }) => ({ scope: "project" as const, key, links: modelChain.map(linkText) })),
    ...personas.map(({ key, modelChain = [] }) => ({ scope: "persona" as const, key, links: modelChain.map(linkText) })),
  ];
  return {
    items: all.filter(({ links }) => links.length > 0),
    rules: fallRules.map((rule) => ({ rule, says: fallRuleWords[rule].says })),
  };
}
