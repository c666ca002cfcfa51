import { visible } from "../../core/shared/markup.ts";
import { shortened } from "./report-text.ts";

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

/** Beyond these a picture is a black square: modules are joined by folder, then the weakest arrows left out. */
const most = { modules: 150, moduleEdges: 260, folders: 28, folderEdges: 80 };

/** The module graph in the DOT language; null when there is nothing to draw. Classes carry the meaning, the page the colours. */
export function moduleGraphDot(graph: ModuleEdges): DrawnGraph | null {
  if (graph.units.length === 0 || graph.edges.length === 0) return null;
  const single = graph.units.length <= most.modules && graph.edges.length <= most.moduleEdges;
  const folders = single ? new Map<string, string>() : foldersOf(graph.units);
  const nameOf = (unit: string) => (single ? visible(unit) : (folders.get(unit) ?? ""));
  const nodes = nodesOf(graph, nameOf, single);
  const weights = edgeWeights(graph, nameOf);
  const kept = [...weights]
    .sort(([left, a], [right, b]) => b - a || (left < right ? -1 : 1))
    .slice(0, single ? most.moduleEdges : most.folderEdges);
  const cut = weights.size > kept.length ? ` The ${kept.length} strongest of ${weights.size} arrows are drawn.` : "";
  const caption = single
    ? `${nodes.length} modules; an arrow points to what is imported. Modules in a cycle have a thick border.`
    : `${graph.units.length} modules joined into ${nodes.length} folders (the number of modules in brackets); an arrow points to what is imported, thicker for more imports.${cut}`;
  return { dot: dotOf(nodes, kept, single), caption };
}

interface Node {
  readonly name: string;
  readonly count: number;
  readonly tied: boolean;
}

function nodesOf(graph: ModuleEdges, nameOf: (unit: string) => string, single: boolean): readonly Node[] {
  const tied = new Set(graph.cycles.flat());
  const nodes = new Map<string, Node>();
  for (const [place, unit] of graph.units.entries()) {
    const name = nameOf(unit);
    nodes.set(name, { name, count: (nodes.get(name)?.count ?? 0) + 1, tied: single && tied.has(place) });
  }
  return [...nodes.values()];
}

function dotOf(nodes: readonly Node[], edges: readonly (readonly [string, number])[], single: boolean): string {
  const heaviest = Math.max(1, ...edges.map(([, weight]) => weight));
  const ids = new Map(nodes.map(({ name }, index) => [name, `n${index}`]));
  return [
    'digraph modules { rankdir=LR; bgcolor="transparent"; nodesep=0.1; ranksep=0.45; nslimit=2; nslimit1=2; mclimit=0.6;',
    'node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=14, height=0.34, margin="0.1,0.04", fillcolor="white"]; edge [arrowsize=0.5];',
    ...nodes.map(
      ({ name, count, tied }) =>
        `${ids.get(name) ?? ""} [label=${quoted(single ? name : `${name === "" ? "(root)" : name} (${count})`)}, class="module${tied ? " tied" : ""}"];`,
    ),
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

/**
 * The folder that stands for each unit: the folder with most units is divided into its subfolders, again and again, as long
 * as there are not too many. Big parts show their inside, small ones stay whole.
 */
function foldersOf(units: readonly string[]): ReadonlyMap<string, string> {
  const groups = new Map<string, { readonly units: readonly string[]; done: boolean }>([["", { units, done: false }]]);
  // Each round divides one folder or marks it done, so it ends with the folders.
  for (;;) {
    const [largest] = [...groups]
      .filter(([, group]) => !group.done)
      .sort(([leftName, left], [rightName, right]) => right.units.length - left.units.length || (leftName < rightName ? -1 : 1));
    if (largest === undefined) break;
    const [name, group] = largest;
    const parts = dividedBy(group.units, name);
    if (group.units.length < 2 || (parts.size === 1 && parts.has(name)) || groups.size - 1 + parts.size > most.folders) group.done = true;
    else {
      groups.delete(name);
      for (const [part, members] of parts) groups.set(part, { units: members, done: part === name });
    }
  }
  return new Map([...groups].flatMap(([name, group]) => group.units.map((unit) => [unit, name] as const)));
}

function dividedBy(units: readonly string[], folder: string): ReadonlyMap<string, readonly string[]> {
  const depth = folder === "" ? 0 : folder.split("/").length;
  const parts = new Map<string, string[]>();
  for (const unit of units) {
    const part = visible(unit)
      .split("/")
      .slice(0, -1)
      .slice(0, depth + 1)
      .join("/");
    const known = parts.get(part);
    if (known === undefined) parts.set(part, [unit]);
    else known.push(unit);
  }
  return parts;
}

function quoted(text: string): string {
  return `"${shortened(visible(text), 60).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
