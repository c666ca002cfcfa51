import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../../core/shared/failure.ts";
import { type DocumentFile, type DocumentReader, type ReadDocument, documentLimits } from "../../engine/ports/documents.ts";
import type { CommandResult, SandboxCommand } from "../../engine/ports/sandbox.ts";
import type { WorkerAnswer } from "./document.worker.ts";
import { overLimit, refused } from "./refuse-document.ts";

/** How the reading process is run: in the sandbox where there is one, otherwise by the runner that bounds time and memory alone. */
export interface DocumentHost {
  readonly run: (command: SandboxCommand) => Promise<CommandResult>;
  readonly isIsolated: boolean;
}

const program = fileURLToPath(new URL(`./document.worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url));
/** Sources of ours: two folders up are the rooms. */
const sources = path.resolve(path.dirname(program), "../..");

/**
 * The engine reserves this many addresses for code and never touches them. In the sandbox the bound on private memory counts them, so
 * that what is left is the bound on what is used; outside only what is used is counted.
 */
const reservedBytes = 536_870_912;
const heapMegabytes = 128;
const answerBytes = 67_108_864;

/**
 * Reads each document in a process of its own, which ends with it. It has no network and no host files but the document and the
 * program where there is a sandbox; everywhere it can neither write, nor start programs, nor make code from text.
 */
export function documentReader(host: DocumentHost): DocumentReader {
  return {
    async read(file, signal) {
      const { fileBytes, memoryBytes, timeMs } = documentLimits;
      if (file.bytes > fileBytes) throw overLimit(`it has ${file.bytes} bytes; at most ${fileBytes} are read.`);
      const result = await host.run({
        argv: commandOf(file),
        workDirectory: sources,
        workDirectoryAccess: "read-only",
        readOnlyPaths: [...libraries(), ...runtime(), file.path],
        environment: { NODE_OPTIONS: "", NO_COLOR: "1" },
        limits: {
          timeoutMs: timeMs,
          memoryBytes: host.isIsolated ? reservedBytes + (memoryBytes * 13) / 16 : memoryBytes,
          outputBytes: answerBytes,
          processes: 32,
          fileBytes: 1,
          cpuSeconds: timeMs / 1_000,
        },
        signal,
      });
      return answerOf(result);
    },
  };
}

function commandOf({ name, path: place, bytes, attachment }: DocumentFile): readonly [string, ...string[]] {
  const readable = [...new Set([sources, ...libraries(), place])].map((one) => `--allow-fs-read=${one}`);
  const limits = [`--max-old-space-size=${heapMegabytes}`, "--max-semi-space-size=4", "--disallow-code-generation-from-strings"];
  const words = JSON.stringify({ name, path: place, bytes, ...(attachment === undefined ? {} : { attachment }) });
  return [process.execPath, "--no-warnings", ...limits, "--permission", ...readable, program, words];
}

/** Every `node_modules` that the sources may load from. */
function libraries(): readonly string[] {
  const found: string[] = [];
  for (let folder = sources; path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    const place = path.join(folder, "node_modules");
    if (existsSync(place)) found.push(place);
  }
  return found;
}

/** The engine itself, where it is not one of the system's programs. */
const runtime = (): readonly string[] => (process.execPath.startsWith("/usr/") ? [] : [process.execPath]);

function answerOf(result: CommandResult): ReadDocument {
  const { timeMs, memoryBytes } = documentLimits;
  const said = Buffer.from(result.stderr).toString("utf8");
  if (result.timedOut || result.signal === "SIGXCPU")
    throw overLimit(`reading it took longer than ${timeMs / 1_000} s. Split it, or save it in a simpler form.`);
  if (result.memoryExceeded || /out of memory|allocation failed|allocate memory|Invalid array (?:buffer )?length/iu.test(said))
    throw overLimit(`reading it took more than ${memoryBytes / 1_048_576} MB of memory. Split it, or save it in a simpler form.`);
  if (result.truncated) throw overLimit("its text is too long. Split it.");
  if (result.exitCode !== 0) throw refused("the reader broke on it. Open it in a program that can, and save it again.");
  const answer = JSON.parse(Buffer.from(result.stdout).toString("utf8")) as WorkerAnswer; // written by the worker as this
  if (answer.ok) return answer.document;
  throw new Failure(answer.kind, answer.code, { message: answer.message });
}
