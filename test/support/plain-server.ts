import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chooseAccount } from "../../src/adapters/postgres/account.ts";
import { installedNativeDirectory, usableBinaries } from "../../src/adapters/postgres/binaries.ts";
import { copyPlaces } from "../../src/adapters/postgres/binaries-places.ts";
import { withClient } from "../../src/adapters/postgres/database-url.ts";
import { runProgram, spawnIdentity } from "../../src/adapters/postgres/processes.ts";
import { freePort } from "../../src/adapters/postgres/server-process.ts";

/** A PostgreSQL as an administrator would run it: nothing of ours inside. */
export interface PlainServer {
  readonly superuserUrl: string;
  stop(): Promise<void>;
}

/** The servers to try as "any PostgreSQL 15 or newer": ours, and what this machine has installed. */
export function availableServers(): readonly { readonly name: string; readonly bin: string | null }[] {
  const installed = [15, 16, 17].map((major) => ({ name: `PostgreSQL ${major}`, bin: `/usr/lib/postgresql/${major}/bin` }));
  return [{ name: "PostgreSQL 18", bin: null }, ...installed.filter(({ bin }) => existsSync(join(bin, "postgres")))];
}

/** Starts one on a free loopback port, with fsync as given. `bin` null: the embedded binaries. */
export async function startPlainServer(bin: string | null, settings: readonly string[] = []): Promise<PlainServer> {
  const home = await mkdtemp(join(tmpdir(), "xvc-plain-"));
  const data = join(home, "data");
  const account = await chooseAccount(data);
  if (account.kind === "other") await chown(home, account.uid, account.gid);
  const found =
    bin === null ? await usableBinaries({ native: installedNativeDirectory(), account, places: copyPlaces({}, home) }) : programsIn(bin);
  const password = randomBytes(12).toString("hex");
  const passwordFile = join(home, "password");
  await writeFile(passwordFile, password, { mode: 0o644 });
  await mkdir(data, { mode: 0o700 });
  if (account.kind === "other") await chown(data, account.uid, account.gid);
  const args = ["-D", data, "-U", "boss", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C", "-N"];
  const made = await runProgram({ file: found.initdb, args, account, timeoutMs: 60_000 });
  if (made.exitCode !== 0) throw new Error(made.output);
  const port = await freePort(null);
  const options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", ...settings].flatMap((setting) => ["-c", setting]);
  const child = spawn(found.postgres, ["-D", data, "-p", String(port), ...options], {
    env: {},
    cwd: "/",
    stdio: "ignore",
    ...spawnIdentity(account),
  });
  const superuserUrl = `postgres://boss:${password}@127.0.0.1:${port}/postgres`;
  await untilReady(superuserUrl, child);
  return {
    superuserUrl,
    stop: async () => {
      const gone = once(child, "exit");
      child.kill("SIGINT");
      await gone;
      await rm(home, { recursive: true, force: true });
    },
  };
}

function programsIn(bin: string): { readonly initdb: string; readonly postgres: string } {
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres") };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const ready = await withClient(url, { applicationName: "xvc test" }, (client) => client.query("select 1")).catch(() => null);
    if (ready !== null) return;
    await sleep(20);
  }
  throw new Error(`the plain server ended with ${child.exitCode}`);
}
