import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { stopDatabase } from "../adapters/postgres/supervisor.ts";
import { Failure } from "../core/shared/failure.ts";
import type { ServerFile } from "../contract/status-contract.ts";
import { findInstallation } from "./installation.ts";

/** How long a server may take to stop: its grace for running work, and a little more. */
const stopWithinMs = 40_000;

/** Stops the server of this home, its worker and its embedded database. @throws {Failure} `server.does-not-stop` */
export async function stopSystem(environment: NodeJS.ProcessEnv): Promise<"stopped" | "none"> {
  const { serverFile } = findInstallation(environment);
  const text = await readFile(serverFile, "utf8").catch(() => null);
  const server = text === null ? null : (JSON.parse(text) as ServerFile); // our own file
  if (server !== null) await stopServer(server);
  const database = await stopDatabase(environment);
  return server !== null || database === "stopped" ? "stopped" : "none";
}

async function stopServer(server: ServerFile): Promise<void> {
  const asked = await fetch(`${server.url}/api/stop`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: "{}",
    signal: AbortSignal.timeout(10_000),
  }).then(
    (answer) => answer.ok,
    () => false,
  );
  if (!asked) return; // nothing answers: it ended without removing its file
  for (let waitedMs = 0; waitedMs < stopWithinMs; waitedMs += 100) {
    if (!isAlive(server.pid)) return;
    await delay(100);
  }
  throw new Failure("unavailable", "server.does-not-stop", {
    message: `Process ${server.pid} was asked to stop and still runs; end it with kill ${server.pid}.`,
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
