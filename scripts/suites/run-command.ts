import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

export const root = path.resolve(import.meta.dirname, "../..");

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs: number;
  /** `show` prints while it runs; `keep` hands the text back. */
  readonly output: "show" | "keep";
}

export interface CommandEnd {
  readonly exitCode: number;
  readonly text: string;
  readonly timedOut: boolean;
}

/** The most text kept of one command; a runaway check must not take the memory with it. */
const keptCharacters = 200_000;
const graceMs = 10_000;
const running = new Set<ChildProcess>();

/** The command line that runs the program `name` of an installed package with our own Node. */
export function packageProgram(packageName: string, name = packageName): readonly [file: string, ...args: string[]] {
  const folder = path.join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { readonly bin: string | Record<string, string> };
  const file = typeof bin === "string" ? bin : bin[name];
  if (file === undefined) throw new Error(`${packageName} has no program ${name}`);
  return [process.execPath, path.join(folder, file)];
}

/** Ends with the command's exit code; past `limitMs` its whole process group is ended and the code is 124. */
export function runCommand(command: Command): Promise<CommandEnd> {
  const child = spawn(command.file, [...command.args], {
    cwd: root,
    // Its own group, so that a time limit or Ctrl-C also reaches what the command itself started.
    detached: true,
    env: { ...process.env, ...command.env },
    stdio: ["ignore", command.output === "show" ? "inherit" : "pipe", command.output === "show" ? "inherit" : "pipe"],
  });
  running.add(child);
  let text = "";
  const keep = (chunk: Buffer): void => {
    if (text.length < keptCharacters) text += chunk.toString("utf8");
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return new Promise((resolve) => {
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      endGroup(child, "SIGTERM");
      setTimeout(() => endGroup(child, "SIGKILL"), graceMs).unref();
    }, command.limitMs);
    const finish = (exitCode: number, note: string): void => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ exitCode, text: text + note, timedOut });
    };
    child.on("error", (error) => finish(127, error.message));
    child.on("close", (code) => finish(timedOut ? 124 : (code ?? 1), timedOut ? `\nended after ${command.limitMs / 1000} s\n` : ""));
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the group ended between the check and the signal, which is what we wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** After this, an interrupted script takes what it started with it. */
export function endCommandsOnSignal(): void {
  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.on(signal, () => {
      for (const child of running) endGroup(child, "SIGTERM");
      process.exit(exitCode);
    });
  }
}
