/** A graph over units numbered from 0. `to` is sorted and has no doubles. */
export interface UnitGraph {
  readonly units: readonly string[];
  readonly to: readonly (readonly number[])[];
}

/** Units sorted by name, edges deduplicated; loops are left out. */
export function graphOf(units: Iterable<string>, edges: Iterable<readonly [string, string]>): UnitGraph {
  const sorted = [...new Set(units)].sort();
  const place = new Map(sorted.map((unit, index) => [unit, index]));
  const to = sorted.map(() => new Set<number>());
  for (const [from, target] of edges) {
    const source = place.get(from);
    const sink = place.get(target);
    if (source !== undefined && sink !== undefined && source !== sink) to[source]?.add(sink);
  }
  return { units: sorted, to: to.map((targets) => [...targets].sort((left, right) => left - right)) };
}

interface Frame {
  readonly node: number;
  next: number;
}

/** Tarjan's numbers of each node; -1: not met yet. */
interface Search {
  readonly graph: UnitGraph;
  readonly index: Int32Array;
  readonly low: Int32Array;
  readonly onStack: Uint8Array;
  readonly stack: number[];
  readonly found: number[][];
  met: number;
}

/**
 * Strongly connected components in reverse topological order (what is imported first). Iterative, so that a long chain does
 * not exhaust the stack. `O(units + edges)`. Source: Tarjan, Depth-First Search and Linear Graph Algorithms, 1972.
 */
export function components(graph: UnitGraph): readonly (readonly number[])[] {
  const size = graph.units.length;
  const search: Search = {
    graph,
    index: new Int32Array(size).fill(-1),
    low: new Int32Array(size),
    onStack: new Uint8Array(size),
    stack: [],
    found: [],
    met: 0,
  };
  for (let root = 0; root < size; root += 1) {
    if (search.index[root] === -1) searchFrom(search, root);
  }
  return search.found;
}

function searchFrom(search: Search, root: number): void {
  const frames = [enter(search, root)];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const target = search.graph.to[frame.node]?.[frame.next];
    frame.next += 1;
    if (target === undefined) {
      frames.pop();
      leave(search, frame.node, frames.at(-1)?.node);
    } else if (search.index[target] === -1) frames.push(enter(search, target));
    else if (search.onStack[target] === 1) lower(search, frame.node, search.index[target]);
  }
}

function enter(search: Search, node: number): Frame {
  search.index[node] = search.met;
  search.low[node] = search.met;
  search.met += 1;
  search.stack.push(node);
  search.onStack[node] = 1;
  return { node, next: 0 };
}

function leave(search: Search, node: number, parent: number | undefined): void {
  if (parent !== undefined) lower(search, parent, search.low[node]);
  if (search.low[node] === search.index[node]) search.found.push(takeComponent(search.stack, search.onStack, node));
}

function lower(search: Search, node: number, to: number | undefined): void {
  search.low[node] = Math.min(search.low[node] ?? 0, to ?? 0);
}

function takeComponent(stack: number[], onStack: Uint8Array, root: number): number[] {
  const members: number[] = [];
  for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
    onStack[member] = 0;
    members.push(member);
    if (member === root) break;
  }
  return members.sort((left, right) => left - right);
}

/**
 * The layer of each unit: 0 imports nothing of the tree, otherwise one above the highest it imports outside its own cycle.
 * That is the longest path to a leaf with every cycle taken as one unit. `O(units + edges)`.
 */
export function layersOf(graph: UnitGraph, groups: readonly (readonly number[])[]): readonly number[] {
  const group = new Int32Array(graph.units.length);
  for (const [place, members] of groups.entries()) for (const member of members) group[member] = place;
  const layer: number[] = [];
  for (const [place, members] of groups.entries()) {
    // Reverse topological order: what a group imports already has its layer.
    const below = members
      .flatMap((member) => graph.to[member] ?? [])
      .map((target) => group[target] ?? place)
      .filter((other) => other !== place);
    layer.push(below.reduce((highest, other) => Math.max(highest, (layer[other] ?? 0) + 1), 0));
  }
  return graph.units.map((_unit, node) => layer[group[node] ?? 0] ?? 0);
}

/** A shortest cycle through the first member of a component, as units in order; the last imports the first. */
export function shortestCycle(graph: UnitGraph, members: readonly number[]): readonly number[] {
  const start = members[0];
  if (start === undefined) return [];
  const inside = new Set(members);
  const before = new Map<number, number>();
  let frontier = [start];
  while (frontier.length > 0) {
    const following: number[] = [];
    for (const node of frontier) {
      for (const target of graph.to[node] ?? []) {
        if (target === start) return pathBack(before, node, start);
        if (!inside.has(target) || before.has(target)) continue;
        before.set(target, node);
        following.push(target);
      }
    }
    frontier = following;
  }
  return [];
}

function pathBack(before: ReadonlyMap<number, number>, last: number, start: number): readonly number[] {
  const path = [last];
  for (let node = last; node !== start;) {
    node = before.get(node) ?? start;
    path.unshift(node);
  }
  return path;
}
