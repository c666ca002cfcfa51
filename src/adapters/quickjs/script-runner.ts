import { Worker } from "node:worker_threads";
import { Failure } from "../../core/shared/failure.ts";
import { type ScriptOutcome, type ScriptRunner, scriptInputLimits, scriptLimits } from "../../engine/ports/script-runner.ts";
import { type RunOrder, failed } from "./run-in-engine.ts";

const workerUrl = new URL(`./script.worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** Added to a script's time before its thread is ended from outside: some of the engine's own work, such as giving back memory, cannot be interrupted. */
const graceMs = 500;
/** Room for the engine, its one instance and the texts that go in and out. */
const threadMegabytes = 64;

export interface ThreadedScriptRunner extends ScriptRunner, AsyncDisposable {}

/**
 * Runs scripts one after another in one thread, each in an engine instance of its own inside WebAssembly. A thread that a script left
 * in disorder, or that did not come back in time, is ended and replaced; the runs that wait go on in the next.
 */
export function threadedScriptRunner(): ThreadedScriptRunner {
  let thread: Promise<Worker> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const drop = (): void => {
    const ending = thread;
    thread = undefined;
    void ending?.then((worker) => worker.terminate());
  };
  const runNext = async (order: RunOrder): Promise<ScriptOutcome> => {
    thread ??= startThread();
    const { outcome, usable } = await runIn(await thread, order);
    if (!usable) drop();
    return outcome;
  };
  return {
    async run(source, input, limits = {}) {
      const order = { source, input: JSON.stringify(input), limits: { ...scriptLimits, ...limits } };
      if (Buffer.byteLength(source) > scriptInputLimits.sourceBytes) throw tooLarge("script", scriptInputLimits.sourceBytes);
      if (Buffer.byteLength(order.input) > scriptInputLimits.inputBytes) throw tooLarge("input", scriptInputLimits.inputBytes);
      const answer = last.then(() => runNext(order));
      last = answer.catch(() => undefined);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await last;
      const ending = thread;
      thread = undefined;
      await (await ending)?.terminate();
    },
  };
}

const tooLarge = (what: string, bytes: number): Failure =>
  new Failure("invalid", "script.too-large", {
    message: `The ${what} is larger than ${String(bytes)} bytes. Shorten it, or split the work.`,
  });

async function startThread(): Promise<Worker> {
  const worker = new Worker(workerUrl, {
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: threadMegabytes },
    stdout: true,
    stderr: true,
  });
  worker.unref();
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
  // A thread that is being ended may still report an error; whoever waits for a run has a listener of their own.
  worker.on("error", () => {});
  return worker;
}

interface Run {
  readonly outcome: ScriptOutcome;
  /** Whether the thread can take another run. */
  readonly usable: boolean;
}

function runIn(worker: Worker, order: RunOrder): Promise<Run> {
  return new Promise((resolve) => {
    const end = (run: Run): void => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve(run);
    };
    const onMessage = (outcome: ScriptOutcome): void => end({ outcome, usable: true });
    const onError = (error: Error): void => end({ outcome: brokenBy(error), usable: false });
    const onExit = (): void => end({ outcome: failed("memory", "It broke the engine that ran it."), usable: false });
    const timer = setTimeout(
      () => end({ outcome: failed("time", `It ran longer than ${String(order.limits.timeMs)} ms.`), usable: false }),
      order.limits.timeMs + graceMs,
    );
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(order);
  });
}

/** An engine in disorder: it ran out of what its own thread has, which a script can bring about and nothing else. */
const brokenBy = ({ message }: Error): ScriptOutcome =>
  /call stack/iu.test(message) ? failed("stack", "It called itself too deep.") : failed("memory", "It broke the engine that ran it.");
