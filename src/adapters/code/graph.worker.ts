import { parentPort, workerData } from "node:worker_threads";
import { loadGraphLayout } from "./graph-layout.ts";

const layOut = await loadGraphLayout();
parentPort?.postMessage(layOut(String(workerData)));
