import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { open, readFile, rename, stat } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../core/shared/failure.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { readPostmasterFile } from "./postmaster-file.ts";
import { processesWorkingIn, spawnIdentity } from "./processes.ts";

const loopback = "127.0.0.1";
const defaultPort = 5432;
const logLimitBytes = 20_000_000;
const fastStopMs = 30_000;
const immediateStopMs = 10_000;

export interface ServerProcess {
  readonly binaries: Binaries;
  readonly account: Account;
  readonly dataDirectory: string;
  readonly port: number;
  readonly logFile: string;
  readonly durable: boolean;
  /** Settings for this run alone, `name=value`. */
  readonly more?: readonly string[];
}

/** Starts a server that outlives us: detached, an empty environment, its output in a file (a pipe would die with us). */
export async function spawnServer(server: ServerProcess): Promise<ChildProcess> {
  await limitLog(server.logFile);
  const log = await open(server.logFile, "a", 0o600);
  try {
    const child = spawn(server.binaries.postgres, serverArguments(server), {
      env: {},
      cwd: dirname(server.dataDirectory),
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      ...spawnIdentity(server.account),
    });
    child.unref();
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    return child;
  } finally {
    await log.close();
  }
}

function serverArguments(server: ServerProcess): string[] {
  const settings = [
    `listen_addresses=${loopback}`,
    `unix_socket_directories=${socketDirectory(server.dataDirectory) ?? ""}`,
    "unix_socket_permissions=0700",
    "max_connections=200",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_line_prefix=%m [%p] %q%u@%d ",
    ...(server.durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]),
    ...(server.more ?? []),
  ];
  return ["-D", server.dataDirectory, "-p", String(server.port), ...settings.flatMap((setting) => ["-c", setting])];
}

/** `.s.PGSQL.65535.lock` and the byte that ends a path; longer paths would stop the server. */
const longestSocketDirectory = 107 - "/.s.PGSQL.65535.lock".length;

/**
 * Where the server also listens on a socket: its own data directory, which only its account and root may enter. Null: the path
 * is too long for a socket. A command costs the server a fifth less over a socket than over loopback (bench http).
 */
export const socketDirectory = (dataDirectory: string): string | null =>
  Buffer.byteLength(dataDirectory) <= longestSocketDirectory && !dataDirectory.includes(",") ? dataDirectory : null;

/** The last lines the server wrote, for messages. */
export async function logTail(logFile: string): Promise<string> {
  const text = await readFile(logFile, "utf8").catch(() => "");
  return text.trim().split("\n").slice(-4).join(" | ").slice(-600);
}

async function limitLog(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => null))?.size ?? 0;
  if (size > logLimitBytes) await rename(logFile, `${logFile}.1`);
}

/** True when something accepts connections there. */
export function portAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: loopback, port, timeout: 1_000 });
    const done = (answers: boolean) => () => {
      socket.destroy();
      resolve(answers);
    };
    socket.once("connect", done(true)).once("timeout", done(false)).once("error", done(false));
  });
}

/** `preferred` if nobody has it, else a random free one. Never 5432: it belongs to whatever else runs here. */
export async function freePort(preferred: number | null): Promise<number> {
  if (preferred !== null && preferred !== defaultPort && (await tryListen(preferred)) !== null) return preferred;
  for (let tries = 0; tries < 20; tries += 1) {
    const port = await tryListen(0);
    if (port !== null && port !== defaultPort) return port;
  }
  throw new Failure("unavailable", "database.no-port", {
    message: "No free port was found on 127.0.0.1. Close programs that hold many connections and start again.",
  });
}

/** False while anything, listening or not, holds the port. */
export async function portIsFree(port: number): Promise<boolean> {
  return (await tryListen(port)) === port;
}

function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen({ host: loopback, port, exclusive: true }, () => {
      const { port: given } = server.address() as AddressInfo; // a TCP server's address is never a string
      server.close(() => resolve(given));
    });
  });
}

/**
 * Stops the server of this data directory, however it was started. Clients get 57P01. Finished means that the pid
 * file is gone and the port closed: the pid alone misleads, since an unreaped zombie still answers to it.
 *
 * @throws {Failure} `database.stop-failed`
 */
export async function stopServer(dataDirectory: string): Promise<void> {
  const file = await readPostmasterFile(dataDirectory);
  if (file === null) return;
  const working = await processesWorkingIn(dataDirectory);
  if (working !== null && !working.includes(file.pid)) return; // the number belongs to somebody else by now
  for (const [signal, waitMs] of [
    ["SIGINT", fastStopMs],
    ["SIGQUIT", immediateStopMs],
  ] as const) {
    try {
      process.kill(file.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
      throw stopFailed(dataDirectory, file.pid, error);
    }
    if (await hasStopped(dataDirectory, file.port, waitMs)) return;
  }
  throw stopFailed(dataDirectory, file.pid, null);
}

async function hasStopped(dataDirectory: string, port: number | null, waitMs: number): Promise<boolean> {
  const startedAtMs = performance.now();
  while (performance.now() - startedAtMs < waitMs) {
    const gone = (await readPostmasterFile(dataDirectory)) === null;
    if (gone && (port === null || !(await portAnswers(port)))) return true;
    await sleep(20);
  }
  return false;
}

function stopFailed(dataDirectory: string, pid: number, cause: unknown): Failure {
  return new Failure(
    "unavailable",
    "database.stop-failed",
    {
      pid,
      message: `The database in ${dataDirectory} (process ${pid}) did not stop. It may belong to another user; stop it as that user or as root.`,
    },
    { cause },
  );
}
