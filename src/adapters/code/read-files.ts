import { Worker } from "node:worker_threads";
import type { SkippedFact } from "../../core/shared/repository-facts.ts";
import type { ReaderAnswer, ReaderFacts, ReaderJob, ReaderName } from "./file-reader.ts";
import type { TreeEntry } from "./tree-walk.ts";

export interface ReadRequest<Name extends ReaderName> {
  readonly reader: Name;
  readonly files: readonly TreeEntry[];
  /** Larger files are skipped with the reason. */
  readonly maxBytes: number;
  /** A file that takes longer is skipped with the reason, and the thread that hangs on it ended. */
  readonly maxFileMs: number;
  readonly signal: AbortSignal;
}

export interface ReadResult<Name extends ReaderName> {
  readonly facts: readonly ReaderFacts[Name][];
  readonly skipped: readonly SkippedFact[];
}

/** Files a reader may hang on or be killed by before the rest of the tree is given up. */
const maxLosses = 20;
const heapMegabytes = 1_024;

// Compiled sources lie beside each other as they do here; the ending is the only difference.
const workerUrl = new URL(`./reader.worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/**
 * Runs one reader over files in a thread of its own, in order. Parsing is code written by others over input written by
 * strangers: a thread can be ended at any instruction, which no flag or promise can promise.
 */
export async function readFiles<Name extends ReaderName>(request: ReadRequest<Name>): Promise<ReadResult<Name>> {
  const facts: ReaderFacts[Name][] = [];
  const skipped: SkippedFact[] = [];
  let next = 0;
  let losses = 0;
  while (next < request.files.length) {
    request.signal.throwIfAborted();
    const rest = request.files.slice(next);
    const run = await readUntilLoss(rest, request, (answer) => {
      // The worker of this reader answers with this reader's facts.
      if (answer.kind === "read") facts.push(answer.facts as ReaderFacts[Name]);
      else skipped.push(answer.skipped);
    });
    request.signal.throwIfAborted();
    next += run.answered;
    const lost = request.files[next];
    if (lost === undefined) break;
    skipped.push({ path: lost.path, reason: run.reason });
    next += 1;
    losses += 1;
    if (losses < maxLosses) continue;
    for (const file of request.files.slice(next))
      skipped.push({ path: file.path, reason: `not read: ${maxLosses} files before it could not be read in time` });
    break;
  }
  return { facts, skipped };
}

function readUntilLoss<Name extends ReaderName>(
  files: readonly TreeEntry[],
  request: ReadRequest<Name>,
  take: (answer: ReaderAnswer) => void,
): Promise<{ readonly answered: number; readonly reason: string }> {
  const job: ReaderJob = {
    reader: request.reader,
    maxBytes: request.maxBytes,
    files: files.map(({ path, location }) => ({ path, location })),
  };
  const worker = new Worker(workerUrl, {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    stdin: false,
    env: {},
  });
  return new Promise((resolve) => {
    let answered = 0;
    let reason = "";
    // The first file also waits for the thread to load its libraries.
    let timer = setTimeout(stall, request.maxFileMs + 20_000);
    function stall(): void {
      reason = `took longer than ${request.maxFileMs} ms`;
      void worker.terminate();
    }
    const abort = () => void worker.terminate();
    request.signal.addEventListener("abort", abort, { once: true });
    worker.on("message", (answer: ReaderAnswer) => {
      answered += 1;
      take(answer);
      clearTimeout(timer);
      timer = setTimeout(stall, request.maxFileMs);
    });
    worker.on("error", (error: Error) => {
      reason = `the reader ended on it (${(error as NodeJS.ErrnoException).code ?? error.message.slice(0, 200)})`;
    });
    worker.on("exit", () => {
      clearTimeout(timer);
      request.signal.removeEventListener("abort", abort);
      resolve({ answered, reason: reason === "" ? "the reader ended on it" : reason });
    });
  });
}
