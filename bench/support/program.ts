import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import type { ServerFile } from "../../src/contract/status-contract.ts";
import type { BenchHome } from "./bench-home.ts";

/** The product's own command, running. */
export interface RunningProgram {
  readonly pid: number;
  /** From its start until it said where it answers. */
  readonly readyMs: number;
  readonly file: ServerFile;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, "../..");
const readyLimitMs = 120_000;

/** Starts `xvc` as a person would, but with the running Node at once, so that the process measured is the one started. */
export async function startProgram(home: BenchHome, words: readonly string[]): Promise<RunningProgram> {
  const startedMs = performance.now();
  // The flags that the launcher gave this process are those it gives the product.
  const child = spawn(process.execPath, [...process.execArgv, path.join(root, "src", "main", "cli.ts"), ...words], {
    cwd: root,
    env: home.environment,
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  const file = await serverFile(home, startedMs);
  const { pid } = child;
  if (pid === undefined) throw new Error("the program did not start");
  return {
    pid,
    readyMs: performance.now() - startedMs,
    file,
    async stop() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** Written once the server answers. */
async function serverFile(home: BenchHome, startedMs: number): Promise<ServerFile> {
  for (;;) {
    const text = await readFile(path.join(home.path, "server.json"), "utf8").catch(() => null);
    if (text !== null) return JSON.parse(text) as ServerFile; // replaced as a whole by the server
    if (performance.now() - startedMs > readyLimitMs) throw new Error(`the server did not answer within ${readyLimitMs / 1_000} s`);
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
}
