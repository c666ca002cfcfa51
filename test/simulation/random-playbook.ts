import type { PersonaFields } from "../../src/core/personas/read-library.ts";
import type { PlaybookFields } from "../../src/core/planning/decide-organization.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import type { Rng } from "../../src/engine/ports/clock.ts";

/** A whole number from 0 to `below - 1`. */
export const upTo = (rng: Rng, below: number): number => Math.floor(rng.next() * below);

export const oneOf = <Item>(rng: Rng, items: readonly Item[]): Item | undefined => items[upTo(rng, items.length)];

export const likely = (rng: Rng, probability: number): boolean => rng.next() < probability;

const keys = ["collect", "sort_out", "draft", "compare", "write_up", "polish", "sum_up"] as const;

/** Task keys that a `rules` executor of the simulation serves. */
export const ruleTasks: readonly string[] = keys;

const persona = (key: string, fields: Partial<PersonaFields>): PersonaFields => ({
  key,
  personaVersion: 1,
  worldview: "Small and sure.",
  specializations: [],
  tools: ["notes"],
  skills: ["writing"],
  division: "support",
  executors: ["rules"],
  costPerHourMicro: 1_000_000,
  capacity: 3,
  ...fields,
});

export const simulatedPersonas: readonly PersonaFields[] = [
  persona("analyst", {}),
  persona("writer", { executors: ["rules", "human"] }),
  persona("editor", { costPerHourMicro: 2_000_000 }),
  persona("contributor", { executors: ["human"], costPerHourMicro: 3_000_000 }),
];

function task(rng: Rng, place: number): JsonObject {
  const key = keys[place] ?? "collect";
  const dependencies = keys.slice(0, place).filter(() => likely(rng, 0.45));
  const output = `${key}.md`;
  const criteria = [
    { id: "a1", statement: "It is there.", check: { kind: "output", output } },
    ...(likely(rng, 0.15) ? [{ id: "a2", statement: "It reads well.", check: { kind: "person", question: "Does it read well?" } }] : []),
    ...(likely(rng, 0.2) ? [{ id: "a3", statement: "It is right.", check: { kind: "reviewer", reviewer: "second-look" } }] : []),
  ];
  return {
    task: key,
    title: `Do ${key}`,
    persona: oneOf(rng, ["analyst", "writer", "editor"]) ?? "analyst",
    dependencies,
    skills: ["writing"],
    tools: ["notes"],
    inputs: [],
    outputs: [output],
    estimate: { lowHours: 0.5, likelyHours: 1, highHours: 3 },
    costMicro: upTo(rng, 1_000) * 1_000,
    acceptance: criteria,
    risk: oneOf(rng, ["low", "medium", "high"]) ?? "low",
    review: oneOf(rng, ["checks", "checks", "independent", "person"]) ?? "checks",
    maxAttempts: 2 + upTo(rng, 2),
    ...(likely(rng, 0.15) ? { executor: "human" } : {}),
  };
}

/** A playbook with two to seven tasks, some of which wait for others. */
export function randomPlaybook(rng: Rng, name: string): PlaybookFields {
  const count = 2 + upTo(rng, keys.length - 1);
  return {
    name,
    playbookVersion: 1,
    division: "support",
    matches: [`do ${name}`],
    inputs: [],
    deliverable: [],
    plan: {
      schema: "xvc.plan/1",
      request: name,
      version: 1,
      decomposition: Array.from({ length: count }, (_, place) => task(rng, place)),
      estimated_timeline: "a day",
      resource_requirements: {},
      currency: "EUR",
    },
  };
}
