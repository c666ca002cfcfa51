import { Graphviz } from "@hpcc-js/wasm-graphviz";

/** Loads the layout of graphs: the DOT language to SVG. It can run for ever, so it belongs into a thread of its own. */
export async function loadGraphLayout(): Promise<(dot: string) => string> {
  const graphviz = await Graphviz.load();
  return (dot) => graphviz.dot(dot, "svg");
}
