import { access, constants } from "node:fs/promises";
import { dirname, join } from "node:path";
import { archiveSettings } from "./archive-log.ts";
import { chooseAccount } from "./account.ts";
import type { Account } from "./account.ts";
import { adoptServer, waitUntilReady } from "./adopt-server.ts";
import { installedNativeDirectory, usableBinaries } from "./binaries.ts";
import { copyPlaces } from "./binaries-places.ts";
import { databasePaths, loadSettings, majorVersion, prepareHome, readSettings, writeSecretFile, xvcHome } from "./data-directory.ts";
import type { ClusterSettings, DatabasePaths, Environment } from "./data-directory.ts";
import { ensureEmbeddedDatabase, ensureEmbeddedRoles, ensureSchemas, schemasExist } from "./database-roles.ts";
import { embeddedUrl, withClient, withDatabase, withSocket } from "./database-url.ts";
import type { DatabaseUrls } from "./database-url.ts";
import { openExternalDatabase } from "./external-database.ts";
import { ensureCluster } from "./initdb.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { freePort, logTail, portIsFree, socketDirectory, spawnServer, stopServer } from "./server-process.ts";
import { requireDurable } from "./server-settings.ts";
import { clearStalePidFile } from "./stale-pid-file.ts";
import { withStartLock } from "./start-lock.ts";

export interface StartOptions {
  /** `XVC_HOME`, `DATABASE_URL`, `XVC_DATABASE_*_URL`, `XVC_WAL_ARCHIVE`, `XDG_DATA_HOME`, `XDG_CACHE_HOME`, `HOME`. Nothing else is read. */
  readonly environment: Environment;
  /** Applied before the promise resolves; left out, the schema is not touched. */
  readonly migrationsDirectory?: string;
  /** Runs after the migrations under the same lock, on every start: must be repeatable. Creates the engine's tables. */
  readonly afterMigrate?: (urls: DatabaseUrls) => Promise<void>;
  /** `off` is for tests alone: a crash of the machine would lose data. */
  readonly fsync?: "on" | "off";
  /** Where `bin/postgres` is, instead of the installed package. */
  readonly nativeDirectory?: string;
}

export interface RunningDatabase {
  readonly kind: "embedded" | "external";
  readonly urls: DatabaseUrls;
  /** Null with an external database. */
  readonly dataDirectory: string | null;
  /** True when a server was already running, left by another process of ours. */
  readonly adopted: boolean;
  /** Stops the embedded server, with `ifUnused` only when nobody else is connected. Never stops an external one. */
  stop(options?: { readonly ifUnused?: boolean }): Promise<"stopped" | "in-use">;
}

const databaseName = "xvc";

/**
 * A database that is up, has its roles and schemas, and is migrated. Many processes may call this at once: one
 * starts the server, the others adopt it. The server outlives its starter until `stop`.
 *
 * @throws {Failure} `database.*`, each with what is wrong and what to do
 */
export async function startDatabase(options: StartOptions): Promise<RunningDatabase> {
  const running = options.environment["DATABASE_URL"] ? await openExternal(options) : await startEmbedded(options);
  if (options.migrationsDirectory !== undefined) {
    const migrations = await readMigrations(options.migrationsDirectory);
    await migrate(running.urls.owner, migrations, async () => options.afterMigrate?.(running.urls));
  }
  return running;
}

/** Stops the embedded server of this environment's home, whoever started it. */
export async function stopDatabase(environment: Environment): Promise<"stopped" | "none"> {
  const paths = databasePaths(xvcHome(environment));
  const settings = await readSettings(paths.settingsFile);
  if (settings === null) return "none";
  await withStartLock(paths.lockDirectory, () => stopServer(settings.dataDirectory));
  return "stopped";
}

async function openExternal(options: StartOptions): Promise<RunningDatabase> {
  const home = xvcHome(options.environment);
  const durable = options.fsync !== "off";
  const urls = await openExternalDatabase({ environment: options.environment, home, durable, mayCreateRoles: true });
  return { kind: "external", urls, dataDirectory: null, adopted: true, stop: async () => "in-use" };
}

async function startEmbedded(options: StartOptions): Promise<RunningDatabase> {
  const paths = databasePaths(xvcHome(options.environment));
  await prepareHome(paths.home);
  return withStartLock(paths.lockDirectory, async () => {
    const known = await readSettings(paths.settingsFile);
    const account = await chooseAccount(known?.dataDirectory ?? join(paths.home, `pg-${majorVersion}`));
    const settings = await loadSettings(paths, account);
    const { dataDirectory, passwords } = settings;
    const adoptedPort = await adoptServer(dataDirectory, passwords.admin);
    const port = adoptedPort ?? (await launch(options, { paths, settings, account }));
    const urls = await urlsOf(settings, port);
    await prepareDatabase(urls, settings, options.fsync !== "off");
    return {
      kind: "embedded",
      urls,
      dataDirectory,
      adopted: adoptedPort !== null,
      stop: async ({ ifUnused = false } = {}) =>
        withStartLock(paths.lockDirectory, async () => {
          if (ifUnused && (await othersConnected(urls))) return "in-use";
          await stopServer(dataDirectory);
          return "stopped";
        }),
    };
  });
}

interface Launch {
  readonly paths: DatabasePaths;
  readonly settings: ClusterSettings;
  readonly account: Account;
}

/** Another program may take the chosen port between the look and the bind, so a lost race picks a new one. */
const launchTries = 4;

async function launch(options: StartOptions, { paths, settings, account }: Launch): Promise<number> {
  const { dataDirectory, passwords } = settings;
  const durable = options.fsync !== "off";
  const native = options.nativeDirectory ?? installedNativeDirectory();
  const places = copyPlaces(options.environment, dirname(dataDirectory));
  const binaries = await usableBinaries({ native, account, places });
  await ensureCluster({ dataDirectory, account, binaries, adminPassword: passwords.admin, durable });
  const more = await archiveSettings(options.environment["XVC_WAL_ARCHIVE"], account);
  for (let tries = 1; ; tries += 1) {
    await clearStalePidFile(dataDirectory);
    const port = await freePort(tries === 1 ? settings.port : null);
    const server = { binaries, account, dataDirectory, port, logFile: paths.logFile, durable, more };
    const child = await spawnServer(server);
    let ended: string | null = null;
    child.once("exit", (code, signal) => {
      ended = `it ended at once (${signal ?? `exit ${code}`})`;
    });
    try {
      const binaryVersion = await waitUntilReady(server, passwords.admin, () => ended);
      await writeSecretFile(paths.settingsFile, { ...settings, port, binaryVersion });
      return port;
    } catch (error) {
      if (tries >= launchTries || ended === null || (await portIsFree(port))) throw await withLog(error, paths.logFile);
    }
  }
}

async function withLog(error: unknown, logFile: string): Promise<unknown> {
  if (error instanceof Error) error.message += ` Last lines of ${logFile}: ${await logTail(logFile)}`;
  return error;
}

async function urlsOf({ dataDirectory, passwords }: ClusterSettings, port: number): Promise<DatabaseUrls & { readonly admin: string }> {
  const endpoint = { host: "127.0.0.1", port, database: databaseName };
  return {
    admin: embeddedUrl(endpoint, "xvc_admin", passwords.admin),
    owner: embeddedUrl(endpoint, "xvc_owner", passwords.owner),
    engine: embeddedUrl(endpoint, "xvc_engine", passwords.engine),
    app: await overSocket(embeddedUrl(endpoint, "xvc_app", passwords.app), dataDirectory, port),
    verify: embeddedUrl(endpoint, "xvc_verify", passwords.verify),
  };
}

/** The same address over the server's socket where there is one; an adopted server may be of a release without. */
async function overSocket(url: string, dataDirectory: string, port: number): Promise<string> {
  const directory = socketDirectory(dataDirectory);
  if (directory === null) return url;
  return access(join(directory, `.s.PGSQL.${port}`), constants.W_OK).then(
    () => withSocket(url, directory),
    () => url,
  );
}

const supervisor = { applicationName: "xvc supervisor" };

/** Roles, database and schemas, each made only where missing: a start that was killed half-way is finished here. */
async function prepareDatabase(
  urls: DatabaseUrls & { readonly admin: string },
  { passwords }: ClusterSettings,
  durable: boolean,
): Promise<void> {
  await withClient(withDatabase(urls.admin, "postgres"), supervisor, async (client) => {
    if (durable) await requireDurable(client);
    await ensureEmbeddedRoles(client, passwords);
    await ensureEmbeddedDatabase(client, databaseName);
  });
  await withClient(urls.admin, supervisor, async (client) => {
    if (!(await schemasExist(client))) await ensureSchemas(client, databaseName);
  });
}

async function othersConnected(urls: { readonly admin: string }): Promise<boolean> {
  return withClient(withDatabase(urls.admin, "postgres"), supervisor, async (client) => {
    const { rows } = await client.query<{ others: number }>(
      "select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    return (rows[0]?.others ?? 0) > 0;
  });
}
