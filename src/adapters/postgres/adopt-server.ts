import { realpath } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { clientConfig, embeddedUrl } from "./database-url.ts";
import { readPostmasterFile } from "./postmaster-file.ts";

const loopback = "127.0.0.1";
/** Crash recovery of a large database takes minutes; the server answers 57P03 all the while. */
const recoveryLimitMs = 600_000;
const startLimitMs = 15_000;
const cannotConnectNow = "57P03";

export type LoginResult =
  | { readonly kind: "ours"; readonly version: string }
  | { readonly kind: "recovering" }
  | { readonly kind: "closed" }
  | { readonly kind: "foreign"; readonly why: string };

/** Logs in as the bootstrap superuser and compares the data directory: whoever merely has our port is `foreign`. */
export async function tryLogin(port: number, password: string, dataDirectory: string): Promise<LoginResult> {
  const url = embeddedUrl({ host: loopback, port, database: "postgres" }, "xvc_admin", password);
  const client = new Client(clientConfig(url, { applicationName: "xvc supervisor", connectTimeoutMs: 5_000 }));
  client.on("error", () => undefined); // a server that stops under us is reported by the query below
  try {
    await client.connect();
    const { rows } = await client.query<{ directory: string; version: string }>(
      "select current_setting('data_directory') as directory, current_setting('server_version') as version",
    );
    const [row] = rows;
    if (row === undefined || !(await sameDirectory(row.directory, dataDirectory))) {
      return { kind: "foreign", why: "it serves another data directory" };
    }
    return { kind: "ours", version: row.version };
  } catch (error) {
    return classify(error as NodeJS.ErrnoException);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function classify(error: NodeJS.ErrnoException): LoginResult {
  if (error.code === cannotConnectNow) return { kind: "recovering" };
  // A five-character SQLSTATE is a server that refuses us; anything else is a broken or absent connection.
  if (error.code !== undefined && /^[0-9A-Z]{5}$/.test(error.code) && !error.code.startsWith("57P")) {
    return { kind: "foreign", why: `it refused our password (${error.code})` };
  }
  return { kind: "closed" };
}

/**
 * The port of a server that already serves this data directory, such as one whose starter was killed. It may still
 * be starting, recovering or stopping: waits for the outcome. Null: nothing of ours runs.
 */
export async function adoptServer(dataDirectory: string, password: string): Promise<number | null> {
  const startedAtMs = performance.now();
  let limitMs = startLimitMs;
  while (performance.now() - startedAtMs < limitMs) {
    const file = await readPostmasterFile(dataDirectory);
    if (file === null || file.port === null) return null;
    if (!(await sameDirectory(file.dataDirectory, dataDirectory))) return null; // a copied directory
    const login = await tryLogin(file.port, password, dataDirectory);
    if (login.kind === "ours") return file.port;
    if (login.kind === "foreign") return null;
    if (login.kind === "closed") return null; // clearStalePidFile waits for one that is on its way down
    limitMs = recoveryLimitMs;
    await sleep(50);
  }
  return null;
}

/**
 * Waits until a server that was just started lets us in.
 *
 * @param hasEnded why the process ended, or null while it lives
 * @throws {Failure} `database.start-failed`
 */
export async function waitUntilReady(
  server: { readonly port: number; readonly dataDirectory: string },
  password: string,
  hasEnded: () => string | null,
): Promise<string> {
  const startedAtMs = performance.now();
  let limitMs = startLimitMs;
  while (performance.now() - startedAtMs < limitMs) {
    const login = await tryLogin(server.port, password, server.dataDirectory);
    if (login.kind === "ours") return login.version;
    const ended = hasEnded();
    if (ended !== null) throw startFailed(ended);
    if (login.kind === "foreign") throw startFailed(`port ${server.port} is answered by another program: ${login.why}`);
    if (login.kind === "recovering") limitMs = recoveryLimitMs;
    await sleep(20);
  }
  throw startFailed(`it did not answer on port ${server.port} within ${Math.round(limitMs / 1000)} s`);
}

function startFailed(why: string): Failure {
  return new Failure("unavailable", "database.start-failed", {
    why,
    message: `The embedded database did not start: ${why}. Its log is beside the data; xvc doctor examines the rest.`,
  });
}

async function sameDirectory(left: string, right: string): Promise<boolean> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  return (await real(left)) === (await real(right));
}
