import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("crash-process.ts", import.meta.url));

/** Longest start, first migrations included, milliseconds. */
const startLimitMs = 60_000;

/** What the process says once it answers. */
interface Said {
  readonly url: string;
  readonly serverFile: string;
  readonly verifyUrl: string;
  readonly organizationId: string;
  readonly personId: string;
  readonly readyMs: number;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A running product that may die at any moment. */
export interface Product extends Said {
  readonly kind: "ready";
  readonly token: string;
  /** Resolves when it has ended. */
  readonly gone: Promise<Ended>;
  /** Undefined while it lives. */
  ended(): Ended | undefined;
  /** From now on it dies at this point; resolves when it has heard so. */
  arm(crashPoint: string): Promise<void>;
  /** Ends it at once, wherever it is. */
  kill(): void;
  stop(): Promise<void>;
}

export interface ProductHome {
  readonly directory: string;
  readonly receiversFile: string;
}

/** Starts the product; with a crash point it may die before it is ready. */
export async function startProduct(
  home: ProductHome,
  crashPoint = "",
): Promise<Product | { readonly kind: "died"; readonly ended: Ended }> {
  const child = spawn(process.execPath, [program, home.receiversFile], {
    env: { ...process.env, XVC_HOME: home.directory, XVC_CRASH_POINT: crashPoint },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stderr.pipe(process.stderr, { end: false });
  child.stdin.on("error", () => undefined); // it died; `ended` tells
  let ended: Ended | undefined;
  const end = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      ended = { code, signal };
      resolve(ended);
    });
  });
  const lines = linesOf(child);
  const limit = setTimeout(() => child.kill("SIGKILL"), startLimitMs);
  const first = await Promise.race([lines(), end]);
  clearTimeout(limit);
  if (typeof first !== "string") return { kind: "died", ended: first };
  const said = JSON.parse(first) as Said; // written by crash-process.ts
  const { token } = JSON.parse(readFileSync(said.serverFile, "utf8")) as { readonly token: string };
  return {
    ...said,
    kind: "ready",
    token,
    gone: end,
    ended: () => ended,
    async arm(point) {
      const heard = lines();
      child.stdin.write(`${point}\n`);
      await Promise.race([heard, end]);
    },
    kill: () => void child.kill("SIGKILL"),
    async stop() {
      child.stdin.end();
      await end;
    },
  };
}

/** The next line of a process, each time it is asked. */
function linesOf(child: ChildProcessWithoutNullStreams): () => Promise<string> {
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(line));
  return () => new Promise((resolve) => waiting.push(resolve));
}
