import { spawn } from "node:child_process";
import { readdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import type { Account } from "./account.ts";

const outputLimitChars = 64_000;

export interface ProgramResult {
  /** Null: killed by a signal, or it could not be started at all (`spawnCode` then says why). */
  readonly exitCode: number | null;
  readonly spawnCode: string | null;
  /** Standard output and error together, cut at 64,000 characters. */
  readonly output: string;
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly account: Account;
  readonly timeoutMs: number;
}

/** Who the child becomes. Empty when it stays who we are. */
export function spawnIdentity(account: Account): { readonly uid?: number; readonly gid?: number } {
  return account.kind === "other" ? { uid: account.uid, gid: account.gid } : {};
}

/** Runs a program to its end with an empty environment, so that nothing of ours (`PG*`, `LC_*`, secrets) leaks into it. */
export function runProgram(program: Program): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program.file, [...program.args], {
      env: {},
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: program.timeoutMs,
      killSignal: "SIGKILL",
      ...spawnIdentity(program.account),
    });
    let output = "";
    const take = (chunk: Buffer): void => {
      if (output.length < outputLimitChars) output += chunk.toString("utf8");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error: NodeJS.ErrnoException) =>
      resolve({ exitCode: null, spawnCode: error.code ?? "UNKNOWN", output: error.message }),
    );
    child.on("close", (exitCode) => resolve({ exitCode, spawnCode: null, output }));
  });
}

/** True while the pid exists, which includes a zombie nobody has reaped and a stranger who got the number again. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * A mark that differs between two processes that had the same pid: the start time in clock ticks since boot.
 * Null: gone, or a zombie. Without `/proc` a living pid is `"unknown"`.
 */
export async function processMark(pid: number): Promise<string | null> {
  if (!pidExists(pid)) return null;
  if (process.platform !== "linux") return "unknown";
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    // The program's name is in parentheses and may hold spaces and parentheses itself, so count from the last one.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const state = fields[0] ?? "";
    return state === "Z" || state === "X" ? null : (fields[19] ?? "unknown");
  } catch {
    return null; // it ended between the two looks
  }
}

/**
 * Pids whose working directory is `directory` or below: a postmaster and its backends work in their data directory.
 * Null: this system cannot tell.
 */
export async function processesWorkingIn(directory: string): Promise<readonly number[] | null> {
  if (process.platform !== "linux") return null;
  const real = await realpath(directory).catch(() => directory);
  const owner = (await stat(directory).catch(() => null))?.uid ?? -1;
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    const pid = Number(entry);
    if (Number.isInteger(pid) && (await worksIn(pid, real, owner))) found.push(pid);
  }
  return found;
}

async function worksIn(pid: number, directory: string, owner: number): Promise<boolean> {
  try {
    const workingDirectory = await readlink(`/proc/${pid}/cwd`);
    return workingDirectory === directory || workingDirectory.startsWith(`${directory}/`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM") return false; // it ended
    // Root without CAP_SYS_PTRACE (the default in containers) may not look. A database of the same account is then
    // taken for ours: too careful is a message to the user, too bold is a damaged cluster.
    const holder = (await stat(`/proc/${pid}`).catch(() => null))?.uid;
    if (holder !== owner) return false;
    return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).includes("postgres");
  }
}
