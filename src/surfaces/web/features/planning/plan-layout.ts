import { graphlib, layout } from "@dagrejs/dagre";
import type { PlanTaskDocument } from "../../../../contract/plan-contract.ts";

export const nodeWidth = 208;
export const nodeHeight = 58;

export interface PlacedTask {
  readonly task: PlanTaskDocument;
  readonly x: number;
  readonly y: number;
}

export interface PlacedPlan {
  readonly tasks: readonly PlacedTask[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly critical: boolean }[];
  readonly width: number;
  readonly height: number;
}

/** Places the tasks in layers from left to right. An edge is critical when both its ends follow each other on the critical path. */
export function placePlan(tasks: readonly PlanTaskDocument[], criticalPath: readonly string[]): PlacedPlan {
  const graph = new graphlib.Graph()
    .setGraph({ rankdir: "LR", nodesep: 14, ranksep: 56, marginx: 12, marginy: 12 })
    .setDefaultEdgeLabel(() => ({}));
  for (const task of tasks) graph.setNode(task.task, { width: nodeWidth, height: nodeHeight });
  const known = new Set(tasks.map((task) => task.task));
  const edges = tasks.flatMap((task) =>
    task.dependencies
      .filter((from) => known.has(from))
      .map((from) => ({ from, to: task.task, critical: followsOn(criticalPath, from, task.task) })),
  );
  for (const edge of edges) graph.setEdge(edge.from, edge.to);
  layout(graph);
  const size = graph.graph() as { readonly width?: number; readonly height?: number }; // `layout` has measured it
  return { tasks: tasks.map((task) => placed(graph, task)), edges, width: size.width ?? 0, height: size.height ?? 0 };
}

function placed(graph: graphlib.Graph, task: PlanTaskDocument): PlacedTask {
  // dagre gives centres, the drawing wants the upper left corner.
  const node = graph.node(task.task) as { readonly x: number; readonly y: number }; // `layout` has placed every node
  return { task, x: node.x - nodeWidth / 2, y: node.y - nodeHeight / 2 };
}

function followsOn(criticalPath: readonly string[], from: string, to: string): boolean {
  const at = criticalPath.indexOf(from);
  return at >= 0 && criticalPath[at + 1] === to;
}
