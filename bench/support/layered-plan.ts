import type { PlanDocument, PlanTask } from "../../src/core/planning/plan-document.ts";

/** A layered graph: every task but those of the first layer depends on three of the layer before. */
export interface Shape {
  readonly tasks: number;
  readonly width: number;
  readonly review: PlanTask["review"];
}

const dependencies = 3;
export const benchPersona = "bench_performer";

export const layeredPlan = ({ tasks, width, review }: Shape): PlanDocument => ({
  schema: "xvc.plan/1",
  request: `${tasks} tasks, ${width} wide`,
  version: 1,
  decomposition: Array.from({ length: tasks }, (_, index) => layeredTask(index, width, review)),
  estimated_timeline: "",
  resource_requirements: {},
  currency: "EUR",
});

const layeredTask = (index: number, width: number, review: PlanTask["review"]): PlanTask => {
  const layer = Math.floor(index / width);
  const place = index % width;
  const before = (layer - 1) * width;
  return {
    task: `t${index}`,
    title: `Task ${index}`,
    persona: benchPersona,
    dependencies:
      layer === 0 ? [] : Array.from({ length: Math.min(dependencies, width) }, (_, step) => `t${before + ((place + step) % width)}`),
    skills: ["bench"],
    tools: [],
    inputs: [],
    outputs: [`out${index}.txt`],
    estimate: { lowHours: 1, likelyHours: 2, highHours: 4 },
    costMicro: 0,
    acceptance: [{ id: "there", statement: "The output is there.", check: { kind: "output", output: `out${index}.txt` } }],
    risk: "low",
    origin: "bench",
    review,
    executor: "rules",
    maxAttempts: 3,
    division: "engineering",
  };
};
