import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { majorVersion } from "./data-directory.ts";
import { runProgram } from "./processes.ts";

const initdbTimeoutMs = 120_000;

export interface NewCluster {
  readonly dataDirectory: string;
  readonly account: Account;
  readonly binaries: Binaries;
  readonly adminPassword: string;
  /** False only in tests: skips the sync of the fresh files. */
  readonly durable: boolean;
}

/**
 * Leaves a data directory that a server of this version can open. Only a finished initdb gets the final name, so a
 * killed one never counts. Call under the start lock: leftovers of killed attempts are removed here.
 *
 * @throws {Failure} `database.data-version`, `database.initdb-failed`
 */
export async function ensureCluster(cluster: NewCluster): Promise<void> {
  const { dataDirectory, account } = cluster;
  const version = await readFile(join(dataDirectory, "PG_VERSION"), "utf8").catch(() => null);
  if (version !== null) return openExisting(dataDirectory, version.trim(), account);
  await refuseForeignContent(dataDirectory);
  await removeLeftovers(dataDirectory);
  const suffix = randomBytes(6).toString("hex");
  const draft = `${dataDirectory}.tmp-${suffix}`;
  const passwordFile = `${dataDirectory}.pw-${suffix}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await give(draft, account);
    await writePasswordFile(passwordFile, cluster.adminPassword, account);
    await runInitdb(cluster, draft, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rm(dataDirectory, { recursive: true, force: true }); // empty, see refuseForeignContent
  await rename(draft, dataDirectory);
  await syncDirectory(dirname(dataDirectory));
}

async function runInitdb(cluster: NewCluster, draft: string, passwordFile: string): Promise<void> {
  const { binaries, account, durable } = cluster;
  const args = [
    `--pgdata=${draft}`,
    "--username=xvc_admin",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    // The same order on every machine, with no installed locale needed; the builtin provider still folds Ä and ä.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-messages=C",
    ...(durable ? [] : ["--no-sync"]),
  ];
  const result = await runProgram({ file: binaries.initdb, args, account, timeoutMs: initdbTimeoutMs });
  if (result.exitCode === 0) return;
  await rm(draft, { recursive: true, force: true });
  const lastLines = result.output.trim().split("\n").slice(-5).join(" ").slice(0, 800);
  throw new Failure("unavailable", "database.initdb-failed", {
    exitCode: result.exitCode,
    message: `The database could not be created in ${dirname(draft)}: ${lastLines || (result.spawnCode ?? "initdb was killed")}. Mend that and start again; nothing was left behind.`,
  });
}

async function openExisting(dataDirectory: string, version: string, account: Account): Promise<void> {
  if (version !== String(majorVersion)) {
    throw new Failure("conflict", "database.data-version", {
      found: version,
      expected: majorVersion,
      message: `${dataDirectory} was made by PostgreSQL ${version}; this program carries ${majorVersion} and cannot open it. Use the program version that made it to export, then import here.`,
    });
  }
  const { uid } = await stat(dataDirectory);
  // A backup put back by root belongs to root, which the server refuses.
  if (account.kind === "other" && uid !== account.uid) await giveAll(dataDirectory, account);
}

async function refuseForeignContent(dataDirectory: string): Promise<void> {
  const names = await readdir(dataDirectory).catch(() => []);
  if (names.length === 0) return;
  throw new Failure("conflict", "database.data-foreign", {
    message: `${dataDirectory} holds files but no database (no PG_VERSION). Move it away, or set XVC_HOME to another directory.`,
  });
}

async function removeLeftovers(dataDirectory: string): Promise<void> {
  const parent = dirname(dataDirectory);
  const leftover = new RegExp(`^${basename(dataDirectory)}\\.(tmp|pw)-[0-9a-f]+$`);
  for (const name of await readdir(parent)) {
    if (leftover.test(name)) await removeTree(join(parent, name));
  }
}

/** An initdb whose starter was killed may still be writing; it ends once its directory is gone. */
async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

async function writePasswordFile(file: string, password: string, account: Account): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(`${password}\n`);
  } finally {
    await handle.close();
  }
  await give(file, account);
}

async function give(path: string, account: Account): Promise<void> {
  if (account.kind === "other") await chown(path, account.uid, account.gid);
}

/** Hands a directory and what is in it to the account; nothing to do for ourselves. */
export async function giveAll(directory: string, account: Account): Promise<void> {
  await give(directory, account);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    // A link's target may lie anywhere: only what is inside is ours to give away.
    if (!entry.isSymbolicLink()) await give(join(entry.parentPath, entry.name), account);
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
