/**
 * Everything of a scope stands still until a person lets it go on. set -> lifting -> lifted: while it is lifting, the
 * work that it held is given back, and nothing is held by it any more.
 */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { Moves } from "../shared/moves.ts";

export type HaltState = "set" | "lifting" | "lifted";

export const haltMoves: Moves<HaltState> = { set: ["lifting"], lifting: ["lifted"], lifted: [] };

export const haltScopes = ["everything", "project", "persona", "tool", "provider"] as const;

export type HaltScope = (typeof haltScopes)[number];

export interface Halt extends Entity {
  readonly scope: HaltScope;
  /** A project's id, a persona's key, a tool's name, a provider's name; empty for everything. */
  readonly scopeId: string;
  readonly state: HaltState;
  readonly reason: string;
  readonly setBy: string;
  readonly setAtMs: number;
  readonly liftedBy: string | null;
  readonly liftedAtMs: number | null;
  /** The record came from a backup or an export: what people write and alarms about channels wait too, for they may have been sent since. */
  readonly restored?: boolean;
}

export const haltKind = organizationKind<Halt>("halt");

/** Most halts set at once. */
export const maxHalts = 100;

/** What work or an effect would touch. */
export interface HaltedSubject {
  readonly projectId: string | null;
  /** Key of the persona that does it; null: a person. */
  readonly persona: string | null;
  readonly tools: readonly string[];
  /** What carries it out: the executor's kind, and the model provider where there is one. */
  readonly providers: readonly string[];
}

/** The halt that holds this back, the widest first; undefined: none does. */
export const haltOn = (halts: readonly Halt[], subject: HaltedSubject): Halt | undefined =>
  halts.filter((halt) => halt.state === "set" && covers[halt.scope](halt.scopeId, subject)).sort(byScope)[0];

const byScope = (left: Halt, right: Halt): number => haltScopes.indexOf(left.scope) - haltScopes.indexOf(right.scope);

const covers: { readonly [scope in HaltScope]: (scopeId: string, subject: HaltedSubject) => boolean } = {
  everything: () => true,
  project: (id, { projectId }) => projectId === id,
  persona: (key, { persona }) => persona === key,
  tool: (name, { tools }) => tools.includes(name),
  provider: (name, { providers }) => providers.includes(name),
};

/** What a halt covers, for people. */
export const haltLabel = ({ scope, scopeId }: Pick<Halt, "scope" | "scopeId">): string =>
  scope === "everything" ? "everything" : `${scope} ${scopeId}`;

/** The same, said of work that it covers: whoever reads it is in that project. */
export const haltedWhat = (halt: Pick<Halt, "scope" | "scopeId">): string => (halt.scope === "project" ? "this project" : haltLabel(halt));
