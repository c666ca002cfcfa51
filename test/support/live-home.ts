import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { databasePaths, readSettings } from "../../src/adapters/postgres/data-directory.ts";
import { stopDatabase } from "../../src/adapters/postgres/supervisor.ts";
import type { ServerFile } from "../../src/contract/status-contract.ts";
import type { Json, JsonObject } from "../../src/core/shared/json.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const command = path.join(root, "src/main/cli.ts");
const verifier = path.join(root, "verify/cli.ts");

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A running `xvc up`, `xvc server` or `xvc worker`. */
export interface LiveProcess {
  /** Empty for a worker. */
  readonly url: string;
  readonly signInUrl: string;
  readonly child: ChildProcess;
  /** As a crash or a lost machine would: no handler runs. */
  kill(): Promise<void>;
}

/** One home of a real installation: its own database with fsync on, its own server and workers, found by nobody else. */
export interface LiveHome {
  readonly path: string;
  up(words?: readonly string[]): Promise<LiveProcess>;
  /** The command as a person types it, to its end. `input` is its standard input. */
  xvc(...words: readonly string[]): Promise<Ran>;
  /** The JSON document of a command that must succeed. */
  json(...words: readonly string[]): Promise<JsonObject>;
  /** A document of the server, as this machine's own programs read it. */
  get(path: string): Promise<JsonObject>;
  /** Findings of the world checker, read as its own role. */
  verify(...words: readonly string[]): Promise<readonly Json[]>;
  remove(): Promise<void>;
}

/** Compiled code of all homes of one run: a start takes a third of the time. */
const compileCache = path.join(os.tmpdir(), `xvc-compile-${String(process.getuid?.() ?? 0)}`);

/** `settings` are variables of its own that every process of this home gets. */
export async function openLiveHome(settings: Readonly<Record<string, string>> = {}): Promise<LiveHome> {
  const home = await mkdtemp(path.join(os.tmpdir(), "xvc-live-"));
  await chmod(home, 0o711); // as root the database's account has to pass
  const environment = { ...plainEnvironment(), ...settings, XVC_HOME: home };
  const started: LiveProcess[] = [];
  const xvc = (...words: readonly string[]): Promise<Ran> => runNode([command, ...words], environment);
  return {
    path: home,
    async up(words = ["up", "--port", "0"]) {
      const live = await start(words, environment);
      started.push(live);
      return live;
    },
    xvc,
    async json(...words) {
      const ran = await xvc(...words, "--json");
      if (ran.exit !== 0) throw new Error(`xvc ${words.join(" ")} ended with ${String(ran.exit)}: ${ran.err}`);
      return JSON.parse(ran.out) as JsonObject; // `--json` prints one object
    },
    async get(address) {
      const { url, token } = JSON.parse(await readFile(path.join(home, "server.json"), "utf8")) as ServerFile; // our own file
      const answer = await fetch(`${url}${address}`, { headers: { authorization: `Bearer ${token}` } });
      if (!answer.ok) throw new Error(`GET ${address} answered ${String(answer.status)}: ${await answer.text()}`);
      return (await answer.json()) as JsonObject; // documents of the contract are objects
    },
    async verify(...words) {
      const settings = await readSettings(databasePaths(home).settingsFile);
      if (settings === null) throw new Error("this home has no database yet");
      const url = `postgres://xvc_verify:${settings.passwords.verify}@127.0.0.1:${String(settings.port)}/xvc`;
      const ran = await runNode([verifier, "--json", ...words], { ...environment, XVC_VERIFY_URL: url });
      if (ran.exit > 1) throw new Error(`the world could not be looked at: ${ran.err}`);
      return (JSON.parse(ran.out) as { readonly findings: readonly Json[] }).findings; // `xvc.verify/1`
    },
    async remove() {
      for (const live of started) await live.kill();
      const settings = await readSettings(databasePaths(home).settingsFile).catch(() => null);
      if (settings !== null) await stopDatabase({ XVC_HOME: home });
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What a person's shell has, and nothing of the test runner's. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  const set = Object.entries({ PATH, HOME, LANG, TMPDIR }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(set), NODE_COMPILE_CACHE: compileCache };
}

/** Runs a program of ours under our Node to its end. */
export async function runNode(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ran> {
  const child = spawn(process.execPath, ["--disable-warning=DeprecationWarning", ...words], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return ended(child);
}

/** What a child printed, once it has ended. */
export async function ended(child: ChildProcess): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (part: Buffer) => out.push(part));
  child.stderr?.on("data", (part: Buffer) => err.push(part));
  await once(child, "close");
  return { exit: child.exitCode ?? -1, out: Buffer.concat(out).toString("utf8"), err: Buffer.concat(err).toString("utf8") };
}

/** Resolves when it says that it takes work. */
async function start(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<LiveProcess> {
  const child = spawn(process.execPath, ["--disable-warning=DeprecationWarning", command, ...words], {
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const gone = once(child, "exit");
  const said: string[] = [];
  let [url, signInUrl] = ["", ""];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    url = /^xVC runs at (\S+)$/u.exec(line)?.[1] ?? url;
    signInUrl = /^Sign in once with (\S+)$/u.exec(line)?.[1] ?? signInUrl;
    if (signInUrl !== "" || line.startsWith("The worker runs.")) break;
  }
  if (child.exitCode !== null || (signInUrl === "" && !said.some((line) => line.startsWith("The worker runs."))))
    throw new Error(`xvc ${words.join(" ")} did not start: ${said.join("\n")}`);
  child.stderr.resume();
  return {
    url,
    signInUrl,
    child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await gone;
    },
  };
}
