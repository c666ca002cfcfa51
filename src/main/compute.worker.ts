import { parentPort, workerData } from "node:worker_threads";
import type { Material } from "../core/gate/computation.ts";
import { computationNamed } from "./computations.ts";

const { tool, material } = workerData as { readonly tool: string; readonly material: Material }; // as compute-in-thread.ts sends it
const compute = await computationNamed(tool);
parentPort?.postMessage(compute(material));
