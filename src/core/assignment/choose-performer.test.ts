import fc from "fast-check";
import { expect, test } from "vitest";
import type { ExecutorKind, Persona } from "../personas/persona.ts";
import type { PlanTask } from "../planning/plan-document.ts";
import { readPlan } from "../planning/read-plan.ts";
import { type Bench, choosePerformer, chooseReviewer } from "./choose-performer.ts";

const persona = (key: string, fields: Partial<Persona> = {}): Persona => ({
  id: key,
  version: 1,
  eventCount: 1,
  key,
  personaVersion: 1,
  worldview: "",
  specializations: [],
  tools: [],
  skills: [],
  division: "",
  executors: ["rules"],
  costPerHourMicro: 1,
  capacity: 1,
  ...fields,
});
const bench = (personas: readonly Persona[], executors: readonly ExecutorKind[] = ["rules", "human"]): Bench => ({
  personas,
  executors,
  ruleTasks: ["t"],
});
const spec = (fields: object = {}): PlanTask =>
  readPlan({ decomposition: [{ task: "t", persona: "a", dependencies: [], skills: ["x", "y"], ...fields }] }, "", "EUR").document
    .decomposition[0] as PlanTask; // one row in, one task out

test("takes the named persona, then whoever has most of what is needed, then the cheaper, then the first by name", () => {
  const all = [
    persona("d", { skills: ["x"] }),
    persona("c", { skills: ["x"], costPerHourMicro: 2 }),
    persona("b", { skills: ["x"], tools: ["y"] }),
    persona("a"),
    persona("e", { specializations: ["x"] }),
    persona("z"),
  ];
  const chosen = (excluded: readonly string[]) => {
    const choice = choosePerformer(
      spec(),
      bench(all),
      excluded.map((key) => `persona:${key}`),
    );
    return choice.kind === "chosen" ? choice.performer.id : choice.reason;
  };
  expect(["a", "b", "d", "e", "c"].map((_, at, keys) => chosen(keys.slice(0, at)))).toEqual(["a", "b", "d", "e", "c"]);
  expect(chosen(["a", "b", "c", "d", "e"])).toContain("excluded or missing");
  expect(choosePerformer(spec(), bench([]), [])).toMatchObject({ kind: "nobody" });
});

test("answers the same for the same bench in any order, and never with somebody excluded", () => {
  const names = ["a", "b", "c", "d"];
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: 4 }), fc.subarray(names), (order, excluded) => {
      const keys = excluded.map((key) => `persona:${key}`);
      const shuffled = choosePerformer(spec(), bench(order.map((key) => persona(key, { skills: ["x"] }))), keys);
      expect(shuffled).toEqual(choosePerformer(spec(), bench(names.map((key) => persona(key, { skills: ["x"] }))), keys));
      expect(excluded).not.toContain(shuffled.kind === "chosen" ? shuffled.performer.id : "");
    }),
  );
});

test("uses only executors that run here, scripts all of a rehearsal, and finds a person without a persona", () => {
  expect(choosePerformer(spec(), bench([persona("a", { executors: ["model", "human"] })]), [])).toMatchObject({ executor: "human" });
  expect(choosePerformer(spec({ task: "other" }), bench([persona("a")]), [])).toMatchObject({ kind: "nobody" });
  expect(choosePerformer(spec({ executor: "human" }), bench([persona("a")], ["scripted"]), [])).toMatchObject({ executor: "scripted" });
  expect(choosePerformer(spec({ executor: "human" }), bench([]), ["persona:a"])).toMatchObject({ kind: "chosen", executor: "human" });
});

test("lets another persona review, whoever can work here, and nobody of the lineage", () => {
  const two = bench([persona("a"), persona("b", { skills: ["x"] }), persona("c")]);
  expect(chooseReviewer(spec(), two, ["persona:a"])).toMatchObject({ performer: { id: "b" } });
  expect(chooseReviewer(spec(), two, ["persona:a", "persona:b"])).toMatchObject({ performer: { id: "c" } });
  expect(chooseReviewer(spec(), two, ["persona:a", "persona:b", "persona:c"])).toBeNull();
});

test("an executor makes way after the attempts it was given, and the last one never does", () => {
  const chain = persona("a", { executors: ["model", "agent", "human"], attemptsWith: { model: 2, agent: 1, human: 1 } });
  const who = (attempted: number) => {
    const choice = choosePerformer(spec(), { ...bench([chain]), executors: ["model", "agent", "human"], attempted }, []);
    return choice.kind === "chosen" ? choice.executor : null;
  };
  expect([0, 1, 2, 3, 9].map(who)).toEqual(["model", "model", "agent", "human", "human"]);
});

test("a retired persona gets no work and judges none, and nobody judges beyond their rights", () => {
  const retired = persona("a", { retired: true });
  expect(choosePerformer(spec(), bench([retired]), []).kind).toBe("nobody");
  expect(chooseReviewer(spec(), bench([retired]), [])).toBeNull();
  const legal = persona("b", { skills: ["x"], reviews: { divisions: ["legal"], skills: [] } });
  expect(chooseReviewer(spec(), bench([legal]), [])).toBeNull();
  expect(chooseReviewer(spec({ division: "legal" }), bench([legal]), [])?.performer.id).toBe("b");
});
