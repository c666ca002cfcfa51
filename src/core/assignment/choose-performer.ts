import type { Autonomy } from "../personas/autonomy.ts";
import type { Candidacy } from "../personas/candidacy.ts";
import { type ExecutorKind, type Performer, type Persona, performerKey } from "../personas/persona.ts";
import { executorsAfter, mayReview } from "../personas/persona-limits.ts";
import type { PlanTask } from "../planning/plan-document.ts";
import type { JsonObject } from "../shared/json.ts";

/** The personas of the organization and what can run here. */
export interface Bench {
  /** At most `maxBenchPersonas`. */
  readonly personas: readonly Persona[];
  /** Executor kinds that can serve this project now; `human` always can. */
  readonly executors: readonly ExecutorKind[];
  /** Task keys for which a rules analyser exists; `rules` serves nothing else. */
  readonly ruleTasks: readonly string[];
  /** Attempts that the task has had, by which an executor makes way for the next; absent: none. */
  readonly attempted?: number;
  /** How far personas are trusted with a type of task; absent: nobody has moved yet. At most `maxAutonomies`. */
  readonly ladders?: readonly Autonomy[];
  /** New versions that run beside old ones; absent: none. */
  readonly candidacies?: readonly Candidacy[];
}

export const maxBenchPersonas = 1_000;

export type Choice =
  | { readonly kind: "chosen"; readonly performer: Performer; readonly executor: ExecutorKind; readonly reason: JsonObject }
  | { readonly kind: "nobody"; readonly reason: string };

interface Candidate {
  readonly persona: Persona;
  readonly executor: ExecutorKind;
  readonly score: number;
  readonly why: string;
}

/**
 * Chooses who does a task and how: the persona the plan names first, then others by the share of needed skills
 * and tools they have; excluded performers never. Ties go to the lower cost, then the key, so the same bench
 * always answers the same. `O(personas)`.
 */
export function choosePerformer(spec: PlanTask, bench: Bench, excluded: readonly string[]): Choice {
  const candidates = bench.personas
    .filter((persona) => persona.retired !== true && !excluded.includes(performerKey({ kind: "persona", id: persona.key })))
    .flatMap((persona) => candidateOf(spec, persona, bench))
    .sort(
      (left, right) =>
        right.score - left.score ||
        left.persona.costPerHourMicro - right.persona.costPerHourMicro ||
        (left.persona.key < right.persona.key ? -1 : 1),
    );
  const [best] = candidates;
  if (best === undefined) {
    // "Let a person do it" needs a person, not a persona that knows the trade.
    if (spec.executor === "human")
      return {
        kind: "chosen",
        performer: { kind: "persona", id: spec.persona },
        executor: "human",
        reason: { chosen: spec.persona, why: "a person does it", ranked: [] },
      };
    return {
      kind: "nobody",
      reason: `No performer is left for ${spec.task}: persona ${spec.persona} is ${excluded.length > 0 ? "excluded or " : ""}missing, or none of its executors can run here.`,
    };
  }
  return {
    kind: "chosen",
    performer: { kind: "persona", id: best.persona.key },
    executor: best.executor,
    reason: {
      chosen: best.persona.key,
      personaVersion: best.persona.personaVersion,
      why: best.why,
      ranked: candidates.slice(0, 5).map((one) => ({ persona: one.persona.key, executor: one.executor, score: one.score, why: one.why })),
    },
  };
}

function candidateOf(spec: PlanTask, persona: Persona, bench: Bench): readonly Candidate[] {
  const executor = executorOf(spec, persona, bench);
  if (executor === null) return [];
  if (persona.key === spec.persona) return [{ persona, executor, score: 1, why: "named by the plan" }];
  const needs = [...spec.skills, ...spec.tools];
  const has = new Set([...persona.skills, ...persona.specializations, ...persona.tools]);
  const matched = needs.filter((need) => has.has(need));
  if (matched.length === 0) return [];
  const score = (0.9 * matched.length) / needs.length;
  return [{ persona, executor, score, why: `has ${matched.length} of ${needs.length} needed skills and tools: ${matched.join(", ")}` }];
}

function executorOf(spec: PlanTask, persona: Persona, bench: Bench): ExecutorKind | null {
  // In a rehearsal every task is scripted, whatever the plan or the persona would use for real.
  if (bench.executors.includes("scripted")) return "scripted";
  const wanted = spec.executor === undefined ? executorsAfter(persona, bench.attempted ?? 0) : [spec.executor];
  return wanted.find((kind) => (kind === "rules" ? bench.ruleTasks.includes(spec.task) : bench.executors.includes(kind))) ?? null;
}

/**
 * Another persona than any that did the work, to judge it, within what each may judge: the best match, or else anybody who can work
 * here; null when the bench has none.
 */
export function chooseReviewer(
  spec: PlanTask,
  bench: Bench,
  lineage: readonly string[],
): { readonly performer: Performer; readonly executor: ExecutorKind } | null {
  const personas = bench.personas.filter((persona) => mayReview(persona, spec));
  const choice = choosePerformer({ ...spec, persona: "" }, { ...bench, personas }, lineage);
  if (choice.kind === "chosen") return { performer: choice.performer, executor: choice.executor };
  for (const persona of personas) {
    const performer: Performer = { kind: "persona", id: persona.key };
    const executor = lineage.includes(performerKey(performer)) ? null : executorOf(spec, persona, bench);
    if (executor !== null) return { performer, executor };
  }
  return null;
}
