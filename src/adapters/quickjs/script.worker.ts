import { parentPort } from "node:worker_threads";
import { type RunOrder, loadEngine, runInEngine } from "./run-in-engine.ts";

// Loaded before anything is asked for, so that a script's time is its own.
await loadEngine();
parentPort?.on("message", (order: RunOrder) => {
  // What is thrown ends the thread; the parent sees that and starts another.
  void runInEngine(order).then((outcome) => parentPort?.postMessage(outcome));
});
parentPort?.postMessage("ready");
