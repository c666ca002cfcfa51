import { shortened, visible } from "./report-text.ts";

export interface DrawnGraph {
  readonly dot: string;
  /** What a node stands for and what was left out, in one sentence. */
  readonly caption: string;
}

export interface ModuleEdges {
  readonly units: readonly string[];
  readonly edges: readonly (readonly [number, number])[];
  readonly cycles: readonly (readonly number[])[];
}

/** Beyond these a picture is a black square: modules are joined by folder, then the weakest edges left out. */
const most = { modules: 150, moduleEdges: 450, folders: 60, folderEdges: 240 };

/** The module graph in the DOT language; null when there is nothing to draw. Classes carry the meaning, the page the colours. */
export function moduleGraphDot(graph: ModuleEdges): DrawnGraph | null {
  if (graph.units.length === 0 || graph.edges.length === 0) return null;
  const single = graph.units.length <= most.modules && graph.edges.length <= most.moduleEdges;
  const depth = single ? 0 : folderDepth(graph.units);
  const nameOf = (unit: string) => (single ? visible(unit) : folderAt(unit, depth));
  const tied = new Set(graph.cycles.flat());
  const nodes = new Map<string, { count: number; tied: boolean }>();
  for (const [place, unit] of graph.units.entries()) {
    const known = nodes.get(nameOf(unit)) ?? { count: 0, tied: false };
    nodes.set(nameOf(unit), { count: known.count + 1, tied: known.tied || (single && tied.has(place)) });
  }
  const weights = edgeWeights(graph, nameOf);
  const kept = [...weights].sort(([left, a], [right, b]) => b - a || (left < right ? -1 : 1)).slice(0, single ? most.moduleEdges : most.folderEdges);
  const used = new Set(kept.flatMap(([key]) => key.split("\n")));
  const shown = [...nodes].filter(([name]) => single || used.has(name));
  const caption = single
    ? `${nodes.size} modules; an arrow points to what is imported. Modules in a cycle have a thick border.`
    : `${graph.units.length} modules joined by folder (${shown.length} shown, the number of modules in brackets); an arrow points to what is imported, thicker for more imports.${weights.size > kept.length ? ` The ${kept.length} strongest of ${weights.size} arrows are drawn.` : ""}`;
  return { dot: dotOf(shown, kept, single), caption };
}

function dotOf(nodes: readonly (readonly [string, { readonly count: number; readonly tied: boolean }])[], edges: readonly (readonly [string, number])[], single: boolean): string {
  const heaviest = Math.max(1, ...edges.map(([, weight]) => weight));
  const ids = new Map(nodes.map(([name], index) => [name, `n${index}`]));
  return [
    'digraph modules { rankdir=LR; bgcolor="transparent"; nodesep=0.12; ranksep=0.7; nslimit=2; nslimit1=2; mclimit=0.6;',
    'node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=10, height=0.26, margin="0.08,0.03", fillcolor="white"]; edge [arrowsize=0.5];',
    ...nodes.map(([name, { count, tied }]) => `${ids.get(name) ?? ""} [label=${quoted(single ? name : `${name === "" ? "(root)" : name} (${count})`)}, class="module${tied ? " tied" : ""}"];`),
    ...edges.map(([key, weight]) => {
      const [from = "", to = ""] = key.split("\n");
      return `${ids.get(from) ?? ""} -> ${ids.get(to) ?? ""} [class="import", penwidth=${Math.round((0.6 + (single ? 0 : (2.4 * weight) / heaviest)) * 10) / 10}];`;
    }),
    "}",
  ].join("\n");
}

function edgeWeights(graph: ModuleEdges, nameOf: (unit: string) => string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const [from, to] of graph.edges) {
    const source = nameOf(graph.units[from] ?? "");
    const target = nameOf(graph.units[to] ?? "");
    if (source === target) continue;
    // Unit names cannot end a line in the key: they are made visible first.
    weights.set(`${source}\n${target}`, (weights.get(`${source}\n${target}`) ?? 0) + 1);
  }
  return weights;
}

/** The deepest level of folders that still fits; 1 when none does, and the edges then decide what is drawn. */
function folderDepth(units: readonly string[]): number {
  for (let depth = 6; depth > 1; depth -= 1) {
    if (new Set(units.map((unit) => folderAt(unit, depth))).size <= most.folders) return depth;
  }
  return 1;
}

function folderAt(unit: string, depth: number): string {
  return visible(unit).split("/").slice(0, -1).slice(0, depth).join("/");
}

function quoted(text: string): string {
  return `"${shortened(visible(text), 60).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
