import type { ImportFact, ModuleFacts } from "../../core/shared/repository-facts.ts";
import { components, graphOf, layersOf, shortestCycle, type UnitGraph } from "./module-graph.ts";
import type { Citation, Measure, SectionOutput, Severity, Table } from "./report-types.ts";
import { buildSection, byLargest, formatNumber, maxFindingsPerRule, plural, sumOf, tableOf, type FindingDraft } from "./section-builder.ts";

export interface ModuleData {
  readonly units: readonly string[];
  /** Importer first; type-only imports included. */
  readonly edges: readonly (readonly [number, number])[];
  /** Members of each cycle, by place in `units`. */
  readonly cycles: readonly (readonly number[])[];
}

/** The section on how the modules hang together. */
export function judgeModules(facts: ModuleFacts): SectionOutput<ModuleData> {
  const unitOf = new Map(facts.modules.map((module) => [module.path, module.unit]));
  const inner = facts.imports.filter((one) => one.target.kind === "module");
  const pairs = (imports: readonly ImportFact[]) =>
    imports.map((one) => [unitOf.get(one.from) ?? one.from, one.target.kind === "module" ? one.target.unit : ""] as const);
  const graph = graphOf(unitOf.values(), pairs(inner));
  const running = graphOf(unitOf.values(), pairs(inner.filter((one) => !one.typeOnly)));
  const groups = components(running);
  const cycles = groups.filter((group) => group.length > 1);
  const layers = layersOf(running, groups);
  const lineOf = importLines(facts, unitOf);
  const edges = graph.to.flatMap((targets, from) => targets.map((to) => [from, to] as const));
  const unresolved = facts.imports.filter((one) => one.target.kind === "unresolved");
  const shape: Shape = {
    modules: graph.units.length,
    edges: edges.length,
    cycles,
    layers: layers.length === 0 ? 0 : Math.max(...layers) + 1,
  };
  const section = buildSection({
    key: "module_graph",
    title: "Modules",
    headline: headline(shape),
    gap:
      graph.units.length === 0
        ? {
            state: "not-applicable",
            reason: "No file in a language whose imports are read (TypeScript, JavaScript, Python, Go, Java, Rust, C, C++).",
          }
        : undefined,
    measures: measures(facts, shape, unresolved.length),
    tables: [fanTable(graph, layers), layerTable(layers), packageTable(facts)],
    findings: [...cycleFindings(running, cycles, lineOf), ...unresolvedFindings(unresolved)],
    skipped: facts.skipped,
  });
  return { schema: "xvc.assessment-section/1", section, data: { units: graph.units, edges, cycles } };
}

interface Shape {
  readonly modules: number;
  readonly edges: number;
  readonly cycles: readonly (readonly number[])[];
  readonly layers: number;
}

function headline({ modules, edges, cycles, layers }: Shape): string {
  if (modules === 0) return "No modules: no file in a language whose imports are read.";
  const tangled = sumOf(cycles, (cycle) => cycle.length);
  const knots =
    cycles.length === 0
      ? "no cycles"
      : `${plural(cycles.length, "cycle", "cycles")} that ${cycles.length === 1 ? "ties" : "tie"} ${plural(tangled, "module", "modules")} together`;
  return `${plural(modules, "module", "modules")}, ${plural(edges, "dependency", "dependencies")} between them, ${plural(layers, "layer", "layers")}, ${knots}.`;
}

function measures(facts: ModuleFacts, { modules: n, edges, cycles, layers }: Shape, unresolved: number): readonly Measure[] {
  return [
    {
      key: "modules",
      label: "Modules",
      value: n,
      unit: "modules",
      n: facts.modules.length,
      definition: "Own source files whose imports were read; in Go a folder is one module.",
    },
    {
      key: "edges",
      label: "Dependencies",
      value: edges,
      unit: "pairs",
      n: facts.imports.length,
      definition: "Distinct pairs (importing module, imported module) inside the tree, type-only imports included.",
    },
    {
      key: "cycles",
      label: "Cycles",
      value: cycles.length,
      unit: "groups",
      n,
      definition: "Groups of two or more modules that all reach each other over imports present at run time.",
      source: "Tarjan 1972, strongly connected components",
    },
    {
      key: "modulesInCycles",
      label: "Modules in cycles",
      value: sumOf(cycles, (cycle) => cycle.length),
      unit: "modules",
      n,
      definition: "Modules that belong to one of these groups.",
    },
    {
      key: "layers",
      label: "Layers",
      value: layers,
      unit: "layers",
      n,
      definition: "One more than the longest chain of run-time imports, a cycle taken as one module.",
    },
    {
      key: "unresolvedImports",
      label: "Imports that lead nowhere",
      value: unresolved,
      unit: "imports",
      n: facts.imports.length,
      definition: "Imports by relative path, alias or quoted include for which no file exists in the tree.",
    },
  ];
}

function importLines(facts: ModuleFacts, unitOf: ReadonlyMap<string, string>): ReadonlyMap<string, Citation> {
  const lines = new Map<string, Citation>();
  for (const one of facts.imports) {
    if (one.target.kind !== "module" || one.typeOnly) continue;
    const key = `${unitOf.get(one.from) ?? one.from}\n${one.target.unit}`;
    if (!lines.has(key)) lines.set(key, { file: one.from, line: one.line });
  }
  return lines;
}

function cycleFindings(
  graph: UnitGraph,
  cycles: readonly (readonly number[])[],
  lineOf: ReadonlyMap<string, Citation>,
): readonly FindingDraft[] {
  const ordered = byLargest(
    cycles,
    (cycle) => cycle.length,
    (cycle) => graph.units[cycle[0] ?? 0] ?? "",
  );
  return ordered.slice(0, maxFindingsPerRule).map((cycle) => {
    const path = shortestCycle(graph, cycle).map((node) => graph.units[node] ?? "");
    const citations = path.flatMap((unit, index) => lineOf.get(`${unit}\n${path[(index + 1) % path.length] ?? ""}`) ?? []);
    const severity: Severity = cycle.length > 10 ? "high" : cycle.length > 2 ? "medium" : "low";
    return {
      rule: "import-cycle",
      severity,
      title: `Cycle of ${formatNumber(cycle.length)} modules around ${path[0] ?? ""}`,
      detail: `Shortest way round: ${[...path.slice(0, 12), path.length > 12 ? "…" : (path[0] ?? "")].join(" → ")}. None of these can be built, tested or understood alone.`,
      citations,
      measure: { value: cycle.length, unit: "modules", threshold: 1 },
    };
  });
}

function unresolvedFindings(unresolved: readonly ImportFact[]): readonly FindingDraft[] {
  return unresolved.slice(0, maxFindingsPerRule).map((one) => ({
    rule: "unresolved-import",
    severity: "low",
    title: `Import leads nowhere: ${one.target.kind === "unresolved" ? one.target.specifier : ""}`,
    detail: "No file in the tree answers to it. It is made by a build step, found through settings that are not read here, or gone.",
    citations: [{ file: one.from, line: one.line }],
  }));
}

function fanTable(graph: UnitGraph, layers: readonly number[]): Table {
  const incoming = new Int32Array(graph.units.length);
  for (const targets of graph.to) for (const target of targets) incoming[target] = (incoming[target] ?? 0) + 1;
  const rows = graph.units.map((unit, node) => ({
    unit,
    fanIn: incoming[node] ?? 0,
    fanOut: graph.to[node]?.length ?? 0,
    layer: layers[node] ?? 0,
  }));
  return tableOf(
    {
      key: "fan",
      shown: 40,
      title: "Most depended-on modules",
      definition:
        "Fan-in: modules that import this one. Fan-out: modules this one imports. Instability: fan-out / (fan-in + fan-out); a change in a module with high fan-in reaches far. Source: Martin, OO Design Quality Metrics, 1994.",
      columns: [
        { key: "module", label: "Module", kind: "path" },
        { key: "fanIn", label: "Fan-in", kind: "number" },
        { key: "fanOut", label: "Fan-out", kind: "number" },
        { key: "instability", label: "Instability", kind: "share" },
        { key: "layer", label: "Layer", kind: "number" },
      ],
      chart: { kind: "bars", label: "module", value: "fanIn" },
    },
    byLargest(
      rows,
      (row) => row.fanIn,
      (row) => row.unit,
    ),
    (row) => [row.unit, row.fanIn, row.fanOut, row.fanIn + row.fanOut === 0 ? null : row.fanOut / (row.fanIn + row.fanOut), row.layer],
  );
}

function layerTable(layers: readonly number[]): Table {
  const counts = new Map<number, number>();
  for (const layer of layers) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  return tableOf(
    {
      key: "layers",
      title: "Modules by layer",
      definition: "Layer 0 imports nothing of the tree; each layer imports only layers below it, cycles aside.",
      columns: [
        { key: "layer", label: "Layer", kind: "number" },
        { key: "modules", label: "Modules", kind: "number" },
      ],
      sums: [{ column: "modules", measure: "modules" }],
    },
    [...counts].sort(([left], [right]) => left - right),
    ([layer, modules]) => [layer, modules],
  );
}

function packageTable(facts: ModuleFacts): Table {
  const users = new Map<string, Set<string>>();
  for (const one of facts.imports) {
    if (one.target.kind !== "package") continue;
    const known = users.get(one.target.name);
    if (known === undefined) users.set(one.target.name, new Set([one.from]));
    else known.add(one.from);
  }
  return tableOf(
    {
      key: "packages",
      shown: 40,
      title: "Packages imported",
      definition:
        "Names imported from outside the tree, with the number of files that import them; the language's own library is left out.",
      columns: [
        { key: "package", label: "Package", kind: "text" },
        { key: "files", label: "Files", kind: "number" },
      ],
    },
    byLargest(
      [...users],
      ([, files]) => files.size,
      ([name]) => name,
    ),
    ([name, files]) => [name, files.size],
  );
}
