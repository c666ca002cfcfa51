import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "../core/shared/failure.ts";
import { type ServerFile, serverFile } from "../contract/status-contract.ts";
import { findInstallation } from "./installation.ts";

/** How long a server started in the background may take until it answers. */
const startWithinMs = 90_000;

/** The running server of this home, or null when none answers. */
export async function findServer(environment: NodeJS.ProcessEnv): Promise<ServerFile | null> {
  const text = await readFile(findInstallation(environment).serverFile, "utf8").catch(() => null);
  if (text === null) return null;
  const read = serverFile.safeParse(parsed(text));
  if (!read.success) return null;
  const answers = await fetch(`${read.data.url}/livez`, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.ok,
    () => false,
  );
  return answers ? read.data : null;
}

/** A file that a killed server left half-written names no server. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Starts `xvc up` in the background and resolves when it answers; `xvc stop` ends it. @throws {Failure} `server.did-not-start` */
export async function startInBackground(environment: NodeJS.ProcessEnv, port: string | undefined): Promise<ServerFile> {
  const { home, packageDirectory } = findInstallation(environment);
  mkdirSync(home, { recursive: true });
  const output = path.join(home, "xvc-up.log");
  const log = openSync(output, "a", 0o600);
  const child = spawn(
    process.execPath,
    [...process.execArgv, path.join(packageDirectory, "bin", "xvc"), "up", ...(port === undefined ? ["--port", "0"] : ["--port", port])],
    { detached: true, stdio: ["ignore", log, log], env: environment },
  );
  let ended: number | null = null;
  child.on("exit", (code) => (ended = code ?? 1));
  child.unref();
  for (let waitedMs = 0; waitedMs < startWithinMs; waitedMs += 100) {
    const server = await findServer(environment);
    if (server !== null) return server;
    if (ended !== null) break;
    await delay(100);
  }
  const tail = (await readFile(output, "utf8").catch(() => "")).slice(-600);
  throw new Failure("unavailable", "server.did-not-start", {
    message: `The server did not start. ${tail.trim()} xvc doctor explains more; the whole output is in ${output}.`,
  });
}
