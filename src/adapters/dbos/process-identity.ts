import { randomBytes } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import process from "node:process";

/** What lets other processes judge whether this one lives. */
export interface ProcessIdentity {
  /** New with every start, so that no process ever claims what an earlier one held. */
  readonly executorId: string;
  /** Machine, its boot and the process namespace: only where all three agree do process numbers mean the same. */
  readonly host: string;
  readonly pid: number;
  readonly processMark: string;
}

export async function thisProcess(): Promise<ProcessIdentity> {
  const { pid } = process;
  return {
    executorId: `${hostname()}-${pid}-${randomBytes(6).toString("hex")}`,
    host: await thisHost(),
    pid,
    processMark: (await markOf(pid)) ?? "",
  };
}

export async function thisHost(): Promise<string> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return [hostname(), boot.trim(), namespace].join("/");
}

/** True only when it is certain that the process is no more: no such number, or another process has it now. */
export async function isGone({ pid, processMark }: Pick<ProcessIdentity, "pid" | "processMark">): Promise<boolean> {
  const mark = await markOf(pid);
  return mark === null || (mark !== "" && processMark !== "" && mark !== processMark);
}

const startTimeField = 19;

/** Start time of a living process as its host counts it; empty where it cannot be read, null when there is none. */
async function markOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (stat === null) return signalReaches(pid) ? "" : null;
  // The name in parentheses may hold anything; what follows the last one are plain fields, the first of them the state.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const dead = fields[0] === "Z" || fields[0] === "X";
  return dead ? null : (fields[startTimeField] ?? "");
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
