import { type Entity, organizationKind } from "../shared/entity.ts";
import type { ModelLink } from "./model-link.ts";
import type { Json, JsonObject } from "../shared/json.ts";

/** How a task is done. The same persona can be served by several. */
export type ExecutorKind = "rules" | "human" | "scripted" | "model" | "agent" | "remote";

/** Who does a task. */
export type Performer = { readonly kind: "persona"; readonly id: string } | { readonly kind: "person"; readonly id: string };

/** What a worldview adds to the criteria of a task: whoever judges the result goes through it. */
export interface PersonaCheck {
  readonly id: string;
  /** A rule holds or the result is sent back; a question is answered in the verdict. */
  readonly kind: "rule" | "question";
  readonly statement: string;
}

/** What an argument of a tool may be. Values are compared whole. */
export type PersonaRange =
  | { readonly kind: "one-of"; readonly values: readonly Json[] }
  | { readonly kind: "between"; readonly min: number; readonly max: number };

/** The most that a persona may ask for, whatever capabilities it is given. Absent parts limit nothing. */
export interface PersonaLimits {
  readonly tools?: readonly string[];
  readonly effectKinds?: readonly string[];
  /** Tool, argument, range. */
  readonly ranges?: { readonly [tool: string]: { readonly [argument: string]: PersonaRange } };
}

/** Whose results it may judge: tasks of one of the divisions, or with one of the skills. Both empty: none. */
export interface ReviewRights {
  readonly divisions: readonly string[];
  readonly skills: readonly string[];
}

/** What is told to a performer of this persona beside its task. */
export interface ContextRules {
  /** Absent: as much as anybody is told. */
  readonly budgetTokens?: number;
  /** Kinds of pieces that are never told, but for those that bind. */
  readonly leaveOut?: readonly string[];
}

/** What a million tokens of its work is planned to cost, in micro-units; what is booked, the price tables say. */
export interface TokenRates {
  readonly inputMicro: number;
  readonly outputMicro: number;
}

/** A worker described as data; field names as in the vision's `persona_library`. */
export interface Persona extends Entity {
  /** Stable key in the library, such as `senior_architect`. Also the row's key inside the organization. */
  readonly key: string;
  readonly personaVersion: number;
  readonly worldview: string;
  readonly specializations: readonly string[];
  readonly tools: readonly string[];
  readonly skills: readonly string[];
  readonly division: string;
  /** Tried in order; the first that can serve the task type is used. */
  readonly executors: readonly ExecutorKind[];
  /** Models that are asked for its work, in order; absent or empty: as its project or the organization says. */
  readonly modelChain?: readonly ModelLink[];
  /** Micro-units of the organization's currency per hour of work. */
  readonly costPerHourMicro: number;
  /** How many tasks it takes at once; more wait for it. */
  readonly capacity: number;
  /** Executors with which a version has shown that it can do its work, the latest last. Absent: none. */
  readonly qualifiedWith?: readonly Proof[];
  /** How it looks at its work, in its own words: what a model is told. Absent: the name of the worldview alone. */
  readonly worldviewText?: string;
  readonly checks?: readonly PersonaCheck[];
  /** BCP 47, the first one is written in unless the task says otherwise. */
  readonly languages?: readonly string[];
  /** Attempts of one task after which an executor makes way for the next; absent: only when it cannot run. */
  readonly attemptsWith?: { readonly [executor in ExecutorKind]?: number };
  readonly tokenRates?: TokenRates;
  readonly limits?: PersonaLimits;
  /** Absent: it may judge whatever it knows. */
  readonly reviews?: ReviewRights;
  readonly context?: ContextRules;
  /** Fields of its document that nothing here reads. */
  readonly more?: JsonObject;
  /** Version of the shipped library that it was last brought to; absent: it did not come from there. */
  readonly libraryVersion?: number;
  /** It takes no new work and judges none; absent: it does. */
  readonly retired?: boolean;
}

/** A suite that one version passed with one executor. Another version, or another model, has passed nothing by it. */
export interface Proof {
  readonly executor: ExecutorKind;
  readonly personaVersion: number;
  /** `provider/model`; null: the executor names none. */
  readonly model: string | null;
  /** The suite, `key@version`. */
  readonly suite: string;
  readonly qualificationId: string;
  readonly atMs: number;
}

/** Proofs kept of one persona. */
export const maxProofs = 100;

const unproven: ReadonlySet<ExecutorKind> = new Set(["model", "agent", "remote"]);

/** Whether work done so is as good as the model behind it: a persona has to show with each such executor that it can do its work. */
export const needsProof = (executor: ExecutorKind): boolean => unproven.has(executor);

/** What this version has shown with this executor. */
export const proofsOf = (
  persona: Pick<Persona, "qualifiedWith" | "personaVersion"> | undefined,
  executor: ExecutorKind,
): readonly Proof[] =>
  (persona?.qualifiedWith ?? []).filter((one) => one.executor === executor && one.personaVersion === persona?.personaVersion);

/** Whether work of this persona by this executor is always judged by somebody else, and does nothing of consequence. */
export const isProvisional = (persona: Pick<Persona, "qualifiedWith" | "personaVersion"> | undefined, executor: ExecutorKind): boolean =>
  needsProof(executor) && proofsOf(persona, executor).length === 0;

export const personaKind = organizationKind<Persona>("persona");

/** One performer, as a stable text for comparing lineage: `persona:qa_engineer`. */
export const performerKey = (performer: Performer): string => `${performer.kind}:${performer.id}`;
