import fc from "fast-check";
import { expect, test } from "vitest";
import { components, graphOf, layersOf, shortestCycle, type UnitGraph } from "./module-graph.ts";

const graphs = fc.array(fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 11 })), { maxLength: 40 }).map((pairs) =>
  graphOf(
    Array.from({ length: 12 }, (_, index) => `u${String(index).padStart(2, "0")}`),
    pairs.map(([from, to]) => [`u${String(from).padStart(2, "0")}`, `u${String(to).padStart(2, "0")}`] as const),
  ),
);

/** Reachability by another route: repeated widening, no stack. */
function reachable(graph: UnitGraph): boolean[][] {
  const reach = graph.units.map((_, from) => graph.units.map((__, to) => graph.to[from]?.includes(to) ?? false));
  for (const middle of graph.units.keys()) {
    for (const from of graph.units.keys()) {
      for (const to of graph.units.keys()) {
        if (reach[from]?.[middle] === true && reach[middle]?.[to] === true && reach[from] !== undefined) reach[from][to] = true;
      }
    }
  }
  return reach;
}

test("two units share a component exactly when each reaches the other", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const groups = components(graph);
      const reach = reachable(graph);
      expect(groups.flat().toSorted((left, right) => left - right)).toEqual([...graph.units.keys()]);
      for (const from of graph.units.keys()) {
        for (const to of graph.units.keys()) {
          const together = groups.some((group) => group.includes(from) && group.includes(to));
          expect(together).toBe(from === to || (reach[from]?.[to] === true && reach[to]?.[from] === true));
        }
      }
    }),
  );
});

test("every import leads to a lower layer, cycles aside, and no layer is left out", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const groups = components(graph);
      const layers = layersOf(graph, groups);
      for (const [from, targets] of graph.to.entries()) {
        for (const to of targets) {
          const tied = groups.some((group) => group.includes(from) && group.includes(to));
          expect(Math.sign((layers[from] ?? 0) - (layers[to] ?? 0))).toBe(tied ? 0 : 1);
        }
      }
      expect(new Set(layers).size).toBe(Math.max(...layers) + 1);
    }),
  );
});

test("the shortest cycle is a closed walk over imports, without doubles", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      for (const group of components(graph).filter((members) => members.length > 1)) {
        const cycle = shortestCycle(graph, group);
        expect(new Set(cycle).size).toBe(cycle.length);
        expect(cycle.length).toBeGreaterThan(1);
        for (const [index, node] of cycle.entries()) expect(graph.to[node]).toContain(cycle[(index + 1) % cycle.length]);
      }
    }),
  );
});

test("a chain of 100,000 modules does not exhaust the stack", () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `m${String(index).padStart(6, "0")}`);
  const graph = graphOf(
    names,
    names.slice(1).map((name, index) => [names[index] ?? "", name] as const),
  );
  const groups = components(graph);
  expect(groups).toHaveLength(100_000);
  expect(layersOf(graph, groups)[0]).toBe(99_999);
});
