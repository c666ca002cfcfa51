import type { CommandLimits, CommandResult, SandboxCommand } from "../../engine/ports/sandbox.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { Failure } from "../../core/shared/failure.ts";
import { plugDescriptors } from "./inherited-descriptors.ts";
import { residentBytesOfGroup } from "./resident-memory.ts";

/** One process group under our clock and caps. What isolates it is the caller's matter. */
export interface ProcessRequest {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly currentDirectory: string;
  readonly limits: CommandLimits;
  readonly input?: SandboxCommand["input"] | undefined;
  readonly onStdout?: ((chunk: Uint8Array) => boolean | void | Promise<boolean | void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Written to descriptor 3 and closed. */
  readonly third?: Uint8Array | undefined;
}

/** The result, and what came out of descriptor 4 (at most 64 KiB). */
export interface ProcessEnd {
  readonly result: CommandResult;
  readonly fourth: Uint8Array;
}

const memorySampleMs = 250;
const fourthBytes = 65_536;

/** Runs one process group to its end and leaves none of its processes behind. @throws {Failure} `sandbox.setup-failed` when it cannot be started */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  request.signal?.throwIfAborted();
  const startedAtMs = performance.now();
  const child = start(request);
  const stop = { timedOut: false, memoryExceeded: false, thrown: undefined as { readonly cause: unknown } | undefined };
  const guards = watch(child, request, stop);
  const endRun = (thrown?: { readonly cause: unknown }) => {
    stop.thrown = thrown;
    guards.endNow();
  };
  try {
    const end = ended(child);
    const [stdout, stderr, fourth] = await Promise.all([
      request.onStdout ? passOn(child, request, endRun) : collect(pipe(child, 1), request.limits.outputBytes),
      collect(pipe(child, 2), request.limits.outputBytes),
      collect(pipe(child, 4), fourthBytes),
      feed(pipe(child, 0), request.input),
      feed(pipe(child, 3), request.third),
    ]);
    const { exitCode, signal } = await end;
    request.signal?.throwIfAborted();
    if (stop.thrown) throw stop.thrown.cause;
    const { timedOut, memoryExceeded } = stop;
    const truncated = stdout.truncated || stderr.truncated;
    const durationMs = performance.now() - startedAtMs;
    return {
      result: { exitCode, signal, stdout: stdout.bytes, stderr: stderr.bytes, truncated, durationMs, timedOut, memoryExceeded },
      fourth: fourth.bytes,
    };
  } finally {
    guards[Symbol.dispose]();
    // Whoever stayed in the group after its leader ended.
    killGroup(child);
  }
}

function start(request: ProcessRequest): ChildProcess {
  using plugs = plugDescriptors(5);
  return spawn(request.program, request.words, {
    cwd: request.currentDirectory,
    env: request.environment,
    // Its own group, so that one signal reaches all of it.
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe", "pipe", ...plugs.stdio],
  });
}

interface Stop {
  timedOut: boolean;
  memoryExceeded: boolean;
  thrown: { readonly cause: unknown } | undefined;
}

interface Guards extends Disposable {
  readonly endNow: () => void;
}

/** Long enough for a namespace to fall apart; whoever left the group and still holds a pipe is not waited for. */
const lastBytesMs = 1_000;

function watch(child: ChildProcess, request: ProcessRequest, stop: Stop): Guards {
  let last: NodeJS.Timeout | undefined;
  const endNow = () => {
    killGroup(child);
    // The pipes end by themselves when the last process is gone, which is what the caller waits for.
    last ??= setTimeout(() => child.stdio.forEach((stream) => stream?.destroy()), lastBytesMs);
  };
  const clock = setTimeout(() => {
    stop.timedOut = true;
    endNow();
  }, request.limits.timeoutMs);
  const sampler = setInterval(() => {
    if (child.pid === undefined || residentBytesOfGroup(child.pid, request.limits.processes) <= request.limits.memoryBytes) return;
    stop.memoryExceeded = true;
    endNow();
  }, memorySampleMs);
  request.signal?.addEventListener("abort", endNow, { once: true });
  return {
    endNow,
    [Symbol.dispose]: () => {
      clearTimeout(clock);
      clearTimeout(last);
      clearInterval(sampler);
      request.signal?.removeEventListener("abort", endNow);
    },
  };
}

/** SIGKILL to the whole group. A group that is gone already is the wanted state. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Some systems refuse a group whose only member has ended and waits to be counted.
    if (code !== "ESRCH" && !(code === "EPERM" && (child.exitCode !== null || child.signalCode !== null))) throw error;
  }
}

function ended(child: ChildProcess): Promise<{ readonly exitCode: number | null; readonly signal: string | null }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly exitCode: number | null; readonly signal: string | null }>();
  child.once("error", (error: NodeJS.ErrnoException) =>
    reject(
      new Failure(
        "unavailable",
        "sandbox.setup-failed",
        { message: `The program ${child.spawnfile} could not be started (${error.code ?? "unknown"}). Install it, or see 'xvc doctor'.` },
        { cause: error },
      ),
    ),
  );
  child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  // `Promise.all` may already have failed for another reason; this rejection is then the second report of one event.
  promise.catch(() => undefined);
  return promise;
}

interface Collected {
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
}

async function collect(stream: Readable, maxBytes: number): Promise<Collected> {
  const kept: Uint8Array[] = [];
  let left = maxBytes;
  let truncated = false;
  for await (const chunk of chunksOf(stream)) {
    if (chunk.length > left) truncated = true;
    if (left > 0) kept.push(chunk.subarray(0, left));
    left = Math.max(0, left - chunk.length);
  }
  return { bytes: Buffer.concat(kept), truncated };
}

/** `endRun` gets what the reader threw, or nothing when it had enough. */
async function passOn(
  child: ChildProcess,
  request: ProcessRequest,
  endRun: (thrown?: { readonly cause: unknown }) => void,
): Promise<Collected> {
  let left = request.limits.streamBytes;
  let enough = false;
  for await (const chunk of chunksOf(pipe(child, 1))) {
    if (enough) continue;
    left -= chunk.length;
    try {
      enough = left < 0 || (await request.onStdout?.(chunk)) === false;
      if (enough) endRun();
    } catch (cause) {
      enough = true;
      endRun({ cause });
    }
  }
  return { bytes: new Uint8Array(), truncated: enough };
}

/** A killed writer may reset its pipe: that is the end of the stream, and how it ended is told by the exit. */
async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    if (!pipeEnds.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

const pipeEnds = new Set(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED"]);

function feed(stream: Writable, input: ProcessRequest["input"]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // A program that ends without reading its input is no error of ours.
  stream.on("error", () => resolve());
  stream.on("close", () => resolve());
  if (input === undefined || input instanceof Uint8Array) stream.end(input ?? new Uint8Array(), () => resolve());
  else pass(input, stream).catch((cause: unknown) => stream.destroy(cause instanceof Error ? cause : new Error(String(cause))));
  return promise;
}

/** Whoever sends the pieces is told of the end by the run's own; a piece that cannot be made ends the input. */
async function pass(pieces: AsyncIterable<Uint8Array>, stream: Writable): Promise<void> {
  try {
    for await (const piece of pieces) {
      if (stream.destroyed || stream.writableEnded) return;
      if (!stream.write(piece)) await Promise.race([once(stream, "drain"), once(stream, "close")]).catch(() => undefined);
    }
  } finally {
    stream.end();
  }
}

function pipe(child: ChildProcess, descriptor: 0 | 3): Writable;
function pipe(child: ChildProcess, descriptor: 1 | 2 | 4): Readable;
function pipe(child: ChildProcess, descriptor: number): Readable | Writable {
  // All five descriptors are pipes by the options above; the types of `spawn` cannot say so.
  return child.stdio[descriptor] as Readable | Writable;
}
