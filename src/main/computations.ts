import type { Computation, Material } from "../core/gate/computation.ts";
import { invariant } from "../core/shared/failure.ts";

type Compute = (material: Material) => Computation;

const loaders: { readonly [tool: string]: () => Promise<Compute> } = {
  diagram_generation: async () => {
    const { generateDiagram } = await import("../divisions/engineering/diagrams/diagram-generation.ts");
    const layOut = await (await import("../adapters/code/graph-layout.ts")).loadGraphLayout();
    return (material) => generateDiagram(material, layOut);
  },
  design_tools: async () => (await import("../divisions/engineering/design/design-tools.ts")).checkDesign,
  user_research: async () => (await import("../divisions/engineering/research/user-research.ts")).researchUsers,
  prototype_generation: async () => (await import("../divisions/engineering/prototypes/prototype-generation.ts")).generatePrototype,
  performance_modeling: async () => (await import("../divisions/engineering/load/performance-modeling.ts")).modelPerformance,
};

/** What a tool computes, with all it needs loaded. */
export async function computationNamed(tool: string): Promise<Compute> {
  const load = Object.hasOwn(loaders, tool) ? loaders[tool] : undefined;
  invariant(load !== undefined, `Nothing computes ${tool}.`);
  return load();
}
