import { isActive } from "../oversight/authority.ts";
import { type Organization, type Person, type Project, organizationKindOf, projectKindOf } from "../oversight/person.ts";
import { type ModelLink, linkText } from "../personas/model-link.ts";
import { type Persona, personaKind } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { maxLinks } from "./model-chain.ts";
import type { Provider } from "./provider.ts";

/** Says which models are asked, in order, for all work, that of a project, or that of a persona. */
export interface SetModelChain {
  readonly kind: "set-model-chain";
  readonly scope: "organization" | "project" | "persona";
  /** A project's id or a persona's key; empty for the organization. */
  readonly scopeId: string;
  /** Empty: nothing is said here, and what is said more widely holds. */
  readonly links: readonly ModelLink[];
  readonly reason: string;
}

/** Whose chain it is, locked, and the providers there are. */
export interface ChainSlice {
  readonly person: Person | undefined;
  readonly providers: readonly Provider[];
  readonly of:
    | { readonly kind: "organization"; readonly row: Organization }
    | { readonly kind: "project"; readonly row: Project }
    | { readonly kind: "persona"; readonly row: Persona };
}

/** Puts a chain in force. Whether a project may be sent to its providers is another decision, which this one never makes. */
export function decideModelChain({ person, providers, of }: ChainSlice, command: SetModelChain, _context: DecideContext): Decided {
  const problem = stewardProblem(person) ?? linksProblem(command.links, providers);
  if (problem !== null) return problem;
  if (command.reason.trim() === "")
    return refuse("invalid", "chain.reason-missing", "Say why these models are asked in this order; the reason is recorded.");
  const draft = beginTransition();
  const { scope, scopeId, links, reason } = command;
  const data: JsonObject = { scope, scopeId, links: links.map(linkText), reason };
  const modelChain = [...links];
  if (of.kind === "organization") {
    const row = draft.change(organizationKindOf, of.row, { modelChain });
    draft.record(organizationKindOf, row, "models.chained", data);
  } else if (of.kind === "project") {
    const row = draft.change(projectKindOf, of.row, { modelChain });
    draft.record(projectKindOf, row, "models.chained", data);
  } else {
    const row = draft.change(personaKind, of.row, { modelChain });
    draft.record(personaKind, row, "models.chained", data);
  }
  return draft.accept({ id: of.row.id, scope, links: links.map(linkText) });
}

const stewardProblem = (person: Person | undefined): Refusal | null =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director")
    ? null
    : refuse("forbidden", "provider.not-a-steward", "Model providers are an administrator's or director's.");

function linksProblem(links: readonly ModelLink[], providers: readonly Provider[]): Refusal | null {
  if (links.length > maxLinks || new Set(links.map(linkText)).size !== links.length)
    return refuse("invalid", "chain.too-long", `A chain names at most ${maxLinks} models, each once.`);
  const unknown = links.find((link) => !providers.some((one) => one.name === link.provider && one.models.includes(link.model)));
  return unknown === undefined
    ? null
    : refuse(
        "not-found",
        "chain.model-not-known",
        `There is no model ${linkText(unknown).slice(0, 160)}; xvc model list shows the providers and their models. Write provider/model.`,
      );
}
