import { type Entity, organizationKind } from "../shared/entity.ts";

/** How a task is done. The same persona can be served by several. */
export type ExecutorKind = "rules" | "human" | "scripted" | "model" | "agent" | "remote";

/** Who does a task. */
export type Performer = { readonly kind: "persona"; readonly id: string } | { readonly kind: "person"; readonly id: string };

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
  /** Micro-units of the organization's currency per hour of work. */
  readonly costPerHourMicro: number;
  /** How many tasks it takes at once; more wait for it. */
  readonly capacity: number;
  /** Executors with which this version has shown that it can do its work. Absent: none. */
  readonly qualifiedWith?: readonly { readonly executor: ExecutorKind; readonly personaVersion: number }[];
}

/** Executors whose work is as good as the model behind them: a persona has to show with each that it can do its work. */
const needsProof: ReadonlySet<ExecutorKind> = new Set(["model", "agent", "remote"]);

/** Whether work of this persona by this executor is always judged by somebody else, and does nothing of consequence. */
export const isProvisional = (persona: Persona | undefined, executor: ExecutorKind): boolean =>
  needsProof.has(executor) &&
  !(persona?.qualifiedWith ?? []).some((one) => one.executor === executor && one.personaVersion === persona?.personaVersion);

export const personaKind = organizationKind<Persona>("persona");

/** One performer, as a stable text for comparing lineage: `persona:qa_engineer`. */
export const performerKey = (performer: Performer): string => `${performer.kind}:${performer.id}`;
