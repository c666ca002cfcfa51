import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import process from "node:process";
import { processorMs } from "./processor-time.ts";

/** A measured process of its own: told what to do, one act at a time. */
export interface Subject {
  /** Runs one act and says what it returned, with the processor time that it and the database took meanwhile. */
  act<Result>(name: string, argumentsOf?: object): Promise<Acted<Result>>;
  stop(): Promise<void>;
}

export interface Acted<Result> {
  readonly result: Result;
  readonly wallMs: number;
  readonly ownMs: number;
  readonly databaseMs: number;
}

type Answer = { readonly kind: "done"; readonly result: unknown } | { readonly kind: "failed"; readonly message: string };

export async function startSubject(file: string, environment: NodeJS.ProcessEnv, postmasterPid: number): Promise<Subject> {
  const child = fork(path.join(import.meta.dirname, "..", "subjects", file), [], {
    env: environment,
    execPath: process.execPath,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await answerOf(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  return {
    async act<Result>(name: string, argumentsOf: object = {}) {
      const before = { atMs: performance.now(), own: processorMs(pid), database: processorMs(postmasterPid) };
      child.send({ name, argumentsOf });
      const result = (await answerOf(child)) as Result; // what the act of this name returns
      return {
        result,
        wallMs: performance.now() - before.atMs,
        ownMs: processorMs(pid) - before.own,
        databaseMs: processorMs(postmasterPid) - before.database,
      };
    },
    async stop() {
      const gone = once(child, "exit");
      child.send({ name: "stop", argumentsOf: {} });
      await gone;
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  const ended = once(child, "exit", { signal }).then(
    ([code]) => ({ kind: "failed", message: `the measured process ended with ${String(code)}` }) as Answer,
  );
  const message = once(child, "message", { signal }).then(([one]) => one as Answer); // what `serveActs` sends
  const answer = await Promise.race([message, ended]);
  settled.abort();
  await Promise.allSettled([message, ended]);
  if (answer.kind === "failed") throw new Error(answer.message);
  return answer.result;
}

/** The other side: answers acts until it is told to stop. */
export function serveActs(acts: { readonly [name: string]: (argumentsOf: never) => Promise<unknown> }, close: () => Promise<void>): void {
  const tell = (answer: Answer): void => void process.send?.(answer);
  process.on("message", (message: { readonly name: string; readonly argumentsOf: never }) => {
    void (async () => {
      if (message.name === "stop") {
        await close();
        process.exit(0);
      }
      try {
        tell({ kind: "done", result: await acts[message.name]?.(message.argumentsOf) });
      } catch (error) {
        tell({ kind: "failed", message: error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error) });
      }
    })();
  });
  process.on("disconnect", () => process.exit(1)); // whoever measured is gone
  tell({ kind: "done", result: null });
}
