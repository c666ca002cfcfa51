import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { parentPort, workerData } from "node:worker_threads";

const graphviz = await Graphviz.load();
parentPort?.postMessage(graphviz.dot(String(workerData), "svg"));
