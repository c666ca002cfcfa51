import { Worker } from "node:worker_threads";

const workerUrl = new URL(`./graph.worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** Laying out a tangled graph can take for ever; a report without its picture is still a report. */
const maxMs = 20_000;

/** Draws a graph in the DOT language as one SVG element by layers. Null: it took longer than 20 s or could not be drawn. */
export async function drawGraph(dot: string, signal: AbortSignal): Promise<string | null> {
  signal.throwIfAborted();
  const svg = await drawInThread(dot, signal);
  signal.throwIfAborted();
  return svg;
}

function drawInThread(dot: string, signal: AbortSignal): Promise<string | null> {
  const worker = new Worker(workerUrl, { workerData: dot, env: {}, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  return new Promise((resolve) => {
    let drawn: string | null = null;
    const end = () => void worker.terminate();
    const timer = setTimeout(end, maxMs);
    signal.addEventListener("abort", end, { once: true });
    worker.on("message", (svg: string) => {
      drawn = elementOf(svg);
    });
    // The library's failure ends the thread; the caller then says that there is no picture.
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve(drawn);
    });
  });
}

/** Only the element, without a document's prolog, the fixed size and the comments. */
function elementOf(svg: string): string {
  const start = svg.indexOf("<svg");
  return svg
    .slice(Math.max(0, start))
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^<svg width="[^"]*" height="[^"]*"/, '<svg role="img" aria-label="Module graph"')
    .trim();
}
