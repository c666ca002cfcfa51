import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import { type Account, chooseAccount } from "./account.ts";
import { waitUntilReady } from "./adopt-server.ts";
import { installedNativeDirectory, usableBinaries } from "./binaries.ts";
import { copyPlaces } from "./binaries-places.ts";
import {
  type ClusterSettings,
  databasePaths,
  type Environment,
  majorVersion,
  placeForData,
  prepareHome,
  writeSecretFile,
} from "./data-directory.ts";
import { giveAll } from "./initdb.ts";
import { freePort, spawnServer, stopServer } from "./server-process.ts";

/** Where a copied cluster is put together. */
export interface ClusterPlace {
  readonly home: string;
  readonly dataDirectory: string;
  readonly account: Account;
}

/** Makes the home and the empty directory that a copy goes into. */
export async function makeClusterPlace(home: string): Promise<ClusterPlace> {
  await prepareHome(home);
  const account = await chooseAccount(join(home, `pg-${majorVersion}`));
  const dataDirectory = await placeForData(home, account);
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  return { home, dataDirectory, account };
}

export interface Recovery {
  readonly environment: Environment;
  readonly settings: ClusterSettings;
  /** Null: to the end of the copy itself. */
  readonly untilMs: number | null;
  readonly durable: boolean;
}

const notReached = /recovery ended before configured recovery target was reached/u;

/**
 * Carries a copied data directory forward to the instant, every commit up to it and none after, and leaves a stopped cluster on a
 * timeline of its own. What it reads lies in `pg_wal`: the copy's own log, and what an archive has beyond.
 *
 * @throws {Failure} `backup.until-not-reached`, `backup.recovery-failed`
 */
export async function recoverCluster(place: ClusterPlace, { environment, settings, untilMs, durable }: Recovery): Promise<void> {
  const { dataDirectory, account } = place;
  const { logFile } = databasePaths(place.home);
  await writeFile(join(dataDirectory, "recovery.signal"), "", { mode: 0o600 });
  if (account.kind === "other") await giveAll(dataDirectory, account);
  const binaries = await usableBinaries({
    native: installedNativeDirectory(),
    account,
    places: copyPlaces(environment, dirname(dataDirectory)),
  });
  const target =
    untilMs === null ? ["recovery_target=immediate"] : [`recovery_target_time=${new Date(untilMs).toISOString().replace("Z", "+00")}`];
  const server = {
    binaries,
    account,
    dataDirectory,
    port: await freePort(null),
    logFile,
    durable,
    // Nothing is fetched from elsewhere, and nobody gets in before the end.
    more: ["restore_command=false", "hot_standby=off", "archive_mode=off", "recovery_target_action=promote", ...target],
  };
  const child = await spawnServer(server);
  let ended: string | null = null;
  child.once("exit", (code, signal) => {
    ended = signal ?? `exit ${code}`;
  });
  try {
    await waitUntilReady(server, settings.passwords.admin, () => ended);
  } catch (cause) {
    throw await recoveryFailure(logFile, cause);
  } finally {
    await stopServer(dataDirectory);
  }
}

/** What the server said, without those who were turned away meanwhile. */
async function saidIn(logFile: string): Promise<string> {
  const text = await readFile(logFile, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => /FATAL|PANIC|HINT|WARNING/u.test(line) && !line.includes("xvc_admin@"))
    .slice(-6)
    .join(" | ")
    .slice(-800);
}

async function recoveryFailure(logFile: string, cause: unknown): Promise<Failure> {
  const tail = await saidIn(logFile);
  if (notReached.test(tail))
    return new Failure(
      "invalid",
      "backup.until-not-reached",
      {
        message:
          "The log ends before that instant: nothing written after it was found, so what came last before it may be missing. " +
          "Make a new backup of the old system first, which closes its log, or name an earlier instant.",
      },
      { cause },
    );
  return new Failure(
    "unavailable",
    "backup.recovery-failed",
    { message: `The copied database did not come up: ${tail}. Empty the new home, and restore another backup.` },
    { cause },
  );
}

/** The last act: from now on the home's database starts. Until then it refuses, since its passwords are missing. */
export const adoptCluster = (place: ClusterPlace, settings: ClusterSettings): Promise<void> =>
  writeSecretFile(databasePaths(place.home).settingsFile, { ...settings, dataDirectory: place.dataDirectory, port: null });
