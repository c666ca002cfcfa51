import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processMark } from "./processes.ts";
import { withStartLock } from "./start-lock.ts";

let directory: string;
let lock: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "xvc-lock-"));
  lock = join(directory, "start.lock");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const hold = async (pid: number, mark: string | null, generation = 1): Promise<void> => {
  await mkdir(lock, { recursive: true });
  await writeFile(join(lock, String(generation)), JSON.stringify({ kind: "held", pid, mark: mark ?? "none" }));
};

async function deadPid(): Promise<number> {
  const child = spawn("/bin/true");
  await once(child, "exit");
  return child.pid ?? -1;
}

/** Runs `count` holders at once and says how many were inside together at most. */
async function crowd(count: number): Promise<{ readonly most: number; readonly done: number }> {
  let inside = 0;
  let most = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await processMark(process.pid);
    inside -= 1;
    done += 1;
  };
  await Promise.all(Array.from({ length: count }, () => withStartLock(lock, work)));
  return { most, done };
}

test("lets one in at a time and everybody in the end", async () => {
  expect(await crowd(12)).toEqual({ most: 1, done: 12 });
  expect(await readdir(lock)).toHaveLength(1);
});

test("many that find a dead holder at once still go one by one", async () => {
  await hold(await deadPid(), "12345");
  expect(await crowd(12)).toEqual({ most: 1, done: 12 });
});

test("a holder whose pid was given to another process is dead", async () => {
  await hold(process.pid, "started-at-another-time");
  expect(await withStartLock(lock, async () => "in", 5_000)).toBe("in");
});

test("a living holder is waited for and then reported, never robbed", async () => {
  await hold(process.pid, await processMark(process.pid));
  await expect(withStartLock(lock, async () => "in", 60)).rejects.toMatchObject({
    kind: "unavailable",
    code: "database.start-busy",
    details: { pid: process.pid },
  });
});

test.each(["", "{", "null", "[]", '{"kind":"held"}'])("a lock file cut short to %j is free", async (text) => {
  await mkdir(lock);
  await writeFile(join(lock, "7"), text);
  expect(await withStartLock(lock, async () => "in", 1_000)).toBe("in");
  expect(await readdir(lock)).toEqual(["8"]);
});

test("a failure of the work gives the lock back and is passed on", async () => {
  await expect(withStartLock(lock, async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withStartLock(lock, async () => "in", 1_000)).toBe("in");
});
