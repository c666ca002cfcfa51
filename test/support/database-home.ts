import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { databasePaths, readSettings } from "../../src/adapters/postgres/data-directory.ts";
import type { Environment } from "../../src/adapters/postgres/data-directory.ts";
import { runProgram } from "../../src/adapters/postgres/processes.ts";
import { startDatabase, stopDatabase } from "../../src/adapters/postgres/supervisor.ts";
import type { RunningDatabase, StartOptions } from "../../src/adapters/postgres/supervisor.ts";

const checkoutRoot = fileURLToPath(new URL("../..", import.meta.url));
const starter = fileURLToPath(new URL("start-database-process.ts", import.meta.url));

export interface StartedElsewhere {
  readonly adopted: boolean;
  readonly app: string;
  readonly dataDirectory: string;
}

/** One data home of a test: everything started in it is stopped and removed by `remove`. */
export interface DatabaseHome {
  readonly path: string;
  /** fsync is off unless asked otherwise. */
  start(options?: Partial<StartOptions>): Promise<RunningDatabase>;
  /** The same in a process of its own, which stays alive until killed. */
  startElsewhere(options?: ProcessOptions): StarterProcess;
  remove(): Promise<void>;
}

export interface ProcessOptions {
  readonly environment?: Environment;
  readonly uid?: number;
  readonly gid?: number;
  readonly nativeDirectory?: string;
  /** Runs the sources of this checkout instead of ours: one that the other user can read. */
  readonly checkout?: string;
}

export interface StarterProcess {
  readonly child: ChildProcess;
  /** The first line it prints: what was started, or the failure's code. */
  readonly outcome: Promise<StartedElsewhere | { readonly failure: string; readonly message: string }>;
}

export interface HomeOptions {
  /** A stopped database is there already, copied from one that this test file made once: saves the second initdb. */
  readonly used?: boolean;
}

export async function makeDatabaseHome({ used = false }: HomeOptions = {}): Promise<DatabaseHome> {
  const path = await mkdtemp(join(tmpdir(), "xvc-home-"));
  await chmod(path, 0o711); // as root the database's account has to pass
  if (used) await copyUsedHome(path);
  const environment = { XVC_HOME: path };
  const children: ChildProcess[] = [];
  return {
    path,
    start: (options = {}) => startDatabase({ environment, fsync: "off", ...options }),
    startElsewhere: (options = {}) => {
      const started = startProcess(path, options);
      children.push(started.child);
      return started;
    },
    remove: async () => {
      for (const child of children) await endProcess(child);
      const settings = await readSettings(databasePaths(path).settingsFile).catch(() => null);
      if (settings !== null) await stopDatabase(environment);
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
      if (settings !== null) await rm(dirname(settings.dataDirectory), { recursive: true, force: true });
    },
  };
}

let usedHome: Promise<string> | null = null;

/** Removes what `used` homes are copied from. For a file's `afterAll`. */
export async function removeUsedHome(): Promise<void> {
  if (usedHome !== null) await rm(await usedHome, { recursive: true, force: true });
  usedHome = null;
}

async function copyUsedHome(path: string): Promise<void> {
  usedHome ??= makeUsedHome();
  const source = await usedHome;
  // Ten times as fast as copying file by file from here.
  const copied = await runProgram({ file: "/bin/cp", args: ["-a", `${source}/.`, path], account: { kind: "self" }, timeoutMs: 60_000 });
  if (copied.exitCode !== 0) throw new Error(copied.output);
  const { settingsFile } = databasePaths(path);
  const settings = await readSettings(settingsFile);
  if (settings === null) throw new Error("the copied home has no settings");
  const dataDirectory = settings.dataDirectory.replace(source, path);
  await writeFile(settingsFile, JSON.stringify({ ...settings, dataDirectory, port: null }), { mode: 0o600 });
}

async function makeUsedHome(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "xvc-used-"));
  const database = await startDatabase({ environment: { XVC_HOME: path }, fsync: "off" });
  await database.stop();
  return path;
}

function startProcess(home: string, { environment = {}, uid, gid, nativeDirectory, checkout }: ProcessOptions): StarterProcess {
  const own = checkout === undefined;
  const script = own ? starter : join(checkout, "test", "support", "start-database-process.ts");
  const node = own ? process.execPath : join(checkout, relative(checkoutRoot, process.execPath));
  const child = spawn(node, [script, ...(nativeDirectory === undefined ? [] : [nativeDirectory])], {
    env: { XVC_HOME: home, ...environment },
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  const outcome = (async () => {
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as StartedElsewhere;
    throw new Error("the starting process ended without a word");
  })();
  outcome.catch(() => undefined); // a test that kills it early does not ask
  return { child, outcome };
}

/** Ends it at once, as a crash would, and waits until it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
