import { Graphviz } from "@hpcc-js/wasm-graphviz";

/** Draws one graph in the DOT language as SVG, by layers. Images and files are not loaded: none are passed in. */
export async function drawGraph(dot: string): Promise<string> {
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(dot, "svg");
  // Only the element: a document's prolog has no place inside a page.
  return svg.slice(Math.max(0, svg.indexOf("<svg")));
}
