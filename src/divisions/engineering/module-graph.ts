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

/**
 * Strongly connected components in reverse topological order (what is imported first). Iterative, so that a long chain does
 * not exhaust the stack. `O(units + edges)`. Source: Tarjan, Depth-First Search and Linear Graph Algorithms, 1972.
 */
export function components(graph: UnitGraph): readonly (readonly number[])[] {
  const found: number[][] = [];
  const index = new Int32Array(graph.units.length).fill(-1);
  const low = new Int32Array(graph.units.length);
  const onStack = new Uint8Array(graph.units.length);
  const stack: number[] = [];
  let counter = 0;
  const enter = (node: number): Frame => {
    index[node] = low[node] = counter;
    counter += 1;
    stack.push(node);
    onStack[node] = 1;
    return { node, next: 0 };
  };
  for (let root = 0; root < graph.units.length; root += 1) {
    if (index[root] !== -1) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const target = graph.to[frame.node]?.[frame.next];
      frame.next += 1;
      if (target !== undefined) {
        if (index[target] === -1) frames.push(enter(target));
        else if (onStack[target] === 1) low[frame.node] = Math.min(low[frame.node] ?? 0, index[target] ?? 0);
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent !== undefined) low[parent.node] = Math.min(low[parent.node] ?? 0, low[frame.node] ?? 0);
      if (low[frame.node] === index[frame.node]) found.push(takeComponent(stack, onStack, frame.node));
    }
  }
  return found;
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
  const layer = new Int32Array(groups.length);
  for (const [place, members] of groups.entries()) {
    for (const member of members) {
      // Reverse topological order: what a group imports already has its layer.
      for (const target of graph.to[member] ?? []) {
        if (group[target] !== place) layer[place] = Math.max(layer[place] ?? 0, (layer[group[target] ?? 0] ?? 0) + 1);
      }
    }
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
  for (let node = last; node !== start; ) {
    node = before.get(node) ?? start;
    path.unshift(node);
  }
  return path;
}
