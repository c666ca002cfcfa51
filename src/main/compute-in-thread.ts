import { Worker } from "node:worker_threads";
import type { Computation, Material } from "../core/gate/computation.ts";
import { Failure } from "../core/shared/failure.ts";
import type { Computing, ComputingLimits } from "../engine/ports/computing.ts";

const workerUrl = new URL(`./compute.worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
const threadMegabytes = 512;

/** Computes each time in a thread of its own, which is ended when it has taken its time: a computation cannot hold up anything else. */
export const threadComputing: Computing = {
  async compute(tool, material, limits) {
    limits.signal.throwIfAborted();
    const computed = await computeInThread(tool, material, limits);
    limits.signal.throwIfAborted();
    if (computed instanceof Failure) throw computed;
    return computed;
  },
};

function computeInThread(tool: string, material: Material, { timeLimitMs, signal }: ComputingLimits): Promise<Computation | Failure> {
  const worker = new Worker(workerUrl, {
    workerData: { tool, material },
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: threadMegabytes },
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve) => {
    let computed: Computation | undefined;
    let broken: unknown;
    let late = false;
    const end = () => void worker.terminate();
    const timer = setTimeout(() => {
      late = true;
      end();
    }, timeLimitMs);
    signal.addEventListener("abort", end, { once: true });
    worker.on("message", (answer: Computation) => {
      computed = answer;
    });
    worker.on("error", (error) => {
      broken = error;
    });
    worker.on("exit", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve(computed ?? outOfBounds(late ? `It took longer than ${timeLimitMs / 1_000} s.` : `It broke off${reasonOf(broken)}`, broken));
    });
  });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? `: ${error.message.slice(0, 300)}` : ".");

const outOfBounds = (what: string, cause: unknown): Failure =>
  new Failure("exhausted", "tool.out-of-bounds", { message: `${what} Ask for less at a time.` }, { cause });
