import { readFileSync, readdirSync } from "node:fs";
import { execFileSync } from "node:child_process";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Own time and that of children it has waited for, milliseconds. */
  readonly ownMs: number;
  readonly endedChildrenMs: number;
  readonly residentBytes: number;
}

/** Fields of `/proc/<pid>/stat` after the name, counted from the state. Source: proc(5). */
const field = { parent: 1, user: 11, system: 12, childUser: 13, childSystem: 14, residentPages: 21 } as const;
const pageBytes = 4_096;

function readStat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const parts = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const at = (index: number): number => Number(parts[index] ?? 0);
    const ms = (...ticks: readonly number[]): number => (ticks.reduce((sum, one) => sum + one, 0) * 1_000) / ticksPerSecond;
    return {
      pid,
      parent: at(field.parent),
      ownMs: ms(at(field.user), at(field.system)),
      endedChildrenMs: ms(at(field.childUser), at(field.childSystem)),
      residentBytes: at(field.residentPages) * pageBytes,
    };
  } catch {
    return null; // ended between the listing and the look
  }
}

function tree(rootPid: number): readonly Stat[] {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/u.test(name) ? (readStat(Number(name)) ?? []) : []));
  const found: Stat[] = all.filter((one) => one.pid === rootPid);
  for (let grown = true; grown;) {
    const pids = new Set(found.map((one) => one.pid));
    const more = all.filter((one) => pids.has(one.parent) && !pids.has(one.pid));
    found.push(...more);
    grown = more.length > 0;
  }
  return found;
}

/** Processor time that a process and everything below it has used since it began, milliseconds; ended children included. */
export const processorMs = (rootPid: number): number => tree(rootPid).reduce((sum, one) => sum + one.ownMs + one.endedChildrenMs, 0);

/** Memory of one process that is in RAM, bytes. */
export const residentBytes = (pid: number): number => readStat(pid)?.residentBytes ?? 0;
