import { stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Client } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { chooseAccount } from "./account.ts";
import { tryLogin } from "./adopt-server.ts";
import { foreseeBinaries, installedNativeDirectory } from "./binaries.ts";
import { copyPlaces } from "./binaries-places.ts";
import { databasePaths, majorVersion, readSettings, xvcHome } from "./data-directory.ts";
import type { ClusterSettings, Environment } from "./data-directory.ts";
import { embeddedUrl, withClient } from "./database-url.ts";
import { openExternalDatabase, requireModestRole } from "./external-database.ts";
import { appliedMigrations, pendingMigrations, readMigrations } from "./migrate.ts";
import { readPostmasterFile } from "./postmaster-file.ts";
import { requireDurable, requireVersion } from "./server-settings.ts";

/** One thing looked at. `why` and `next` are empty when it is well. */
export interface DatabaseProbe {
  readonly name: string;
  readonly ok: boolean;
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

export interface DoctorOptions {
  readonly environment: Environment;
  readonly migrationsDirectory?: string;
  readonly nativeDirectory?: string;
  /** Policies that every organization begins with by now, and the one that is asked whether it has them. */
  readonly shippedPolicies?: { readonly organizationId: string; readonly keys: readonly string[] };
}

const wantedFreeBytes = 1_000_000_000;
const doctor = { applicationName: "xvc doctor", connectTimeoutMs: 5_000 };

/** Looks, starts nothing and changes nothing. Stops at the first thing that the rest depends on. */
export async function examineDatabase(options: DoctorOptions): Promise<readonly DatabaseProbe[]> {
  return options.environment["DATABASE_URL"] ? examineExternal(options) : examineEmbedded(options);
}

async function examineExternal(options: DoctorOptions): Promise<readonly DatabaseProbe[]> {
  const home = xvcHome(options.environment);
  let appUrl = "";
  const reached = await probe("database", async () => {
    appUrl = (await openExternalDatabase({ environment: options.environment, home, durable: true, mayCreateRoles: false })).app;
    return "DATABASE_URL answers, listens, is durable and has the roles";
  });
  return reached.ok ? [reached, ...(await probeContent(appUrl, options))] : [reached];
}

async function examineEmbedded(options: DoctorOptions): Promise<readonly DatabaseProbe[]> {
  const paths = databasePaths(xvcHome(options.environment));
  let settings: ClusterSettings | null = null;
  const first = [
    await probe("data-home", () => examineHome(paths.home)),
    await probe("settings-file", async () => {
      settings = await readSettings(paths.settingsFile);
      return settings === null ? "not there yet: the first start makes it" : examineSettingsFile(paths.settingsFile);
    }),
  ];
  const known = settings as ClusterSettings | null; // assigned inside the probe, which the compiler cannot see
  const dataDirectory = known?.dataDirectory ?? join(paths.home, `pg-${majorVersion}`);
  const files = [
    ...first,
    await probe("disk-space", () => examineSpace(paths.home)),
    await probe("binaries", () => examineBinaries(options, dataDirectory)),
    await probe("data-directory", () => examineData(dataDirectory)),
  ];
  return known === null ? files : [...files, ...(await examineServer(known, options))];
}

async function examineServer(settings: ClusterSettings, options: DoctorOptions): Promise<readonly DatabaseProbe[]> {
  const file = await readPostmasterFile(settings.dataDirectory);
  const { port } = file ?? { port: null };
  if (file === null || port === null) return [well("server", "not running: xvc up starts it")];
  const answers = await probe("server", () => examineLogin(port, settings));
  if (!answers.ok) return [answers];
  const url = (user: string, password: string): string => embeddedUrl({ host: "127.0.0.1", port, database: "xvc" }, user, password);
  const app = url("xvc_app", settings.passwords.app);
  return [
    answers,
    await probe("version", () => withClient(app, doctor, async (client) => `PostgreSQL ${await requireVersion(client)}`)),
    await probe("durability", () =>
      withClient(app, doctor, async (client) => {
        await requireDurable(client);
        return "fsync, synchronous_commit and full_page_writes are on";
      }),
    ),
    await probe("roles", () =>
      withClient(app, doctor, async (client) => {
        await requireModestRole(client);
        return "processes work as xvc_app, which row security binds";
      }),
    ),
    ...(await probeContent(app, options)),
  ];
}

/** What lies in the database; policies are looked for where the tables are as this version knows them. */
async function probeContent(appUrl: string, options: DoctorOptions): Promise<readonly DatabaseProbe[]> {
  const migrations = await probeMigrations(appUrl, options);
  const { shippedPolicies } = options;
  if (!migrations.ok || shippedPolicies === undefined) return [migrations];
  return [migrations, await probe("policies", () => withClient(appUrl, doctor, (client) => examinePolicies(client, shippedPolicies)))];
}

/** A policy that people withdrew or rejected is there: they decided about it. */
async function examinePolicies(client: Client, { organizationId, keys }: NonNullable<DoctorOptions["shippedPolicies"]>): Promise<string> {
  await client.query("select set_config('xvc.organization_id', $1, false), set_config('xvc.project_ids', '{}', false)", [organizationId]);
  const { rows } = await client.query<{ readonly key: string }>("select distinct key from xvc.policy");
  if (rows.length === 0) return "no organization is founded yet";
  const missing = keys.filter((key) => !rows.some((row) => row.key === key));
  if (missing.length === 0) return `all ${keys.length} shipped policies are known here`;
  throw problem(
    "policy.shipped-missing",
    `The organization is older than these shipped policies, so nobody may do what they permit: ${missing.join(", ")}. Propose each with xvc policy adopt, or on the page under Settings, Policies.`,
  );
}

function probeMigrations(appUrl: string, { migrationsDirectory }: DoctorOptions): Promise<DatabaseProbe> {
  return probe("migrations", async () => {
    if (migrationsDirectory === undefined) return "not examined";
    const known = await readMigrations(migrationsDirectory);
    const applied = await withClient(appUrl, doctor, appliedMigrations);
    const left = pendingMigrations(known, applied).length;
    if (left === 0) return `all ${known.length} applied`;
    throw problem("database.migrations-pending", `${left} of ${known.length} migrations are not applied. Run xvc migrate, or xvc up.`);
  });
}

async function examineHome(home: string): Promise<string> {
  const found = await stat(home).catch(() => null);
  if (found === null) return `${home} is not there yet: the first start makes it`;
  const self = process.getuid?.() ?? found.uid;
  if (!found.isDirectory() || found.uid !== self) {
    throw problem("database.home-unusable", `${home} is not a directory of yours. Set XVC_HOME to one you own.`);
  }
  return home;
}

async function examineSettingsFile(file: string): Promise<string> {
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return `${file} is private`;
  throw problem("database.settings-exposed", `${file} holds passwords and others can read it. Run: chmod 600 ${file}`);
}

async function examineSpace(home: string): Promise<string> {
  let at = home;
  while ((await stat(at).catch(() => null)) === null && dirname(at) !== at) at = dirname(at);
  const { bavail, bsize } = await statfs(at);
  const freeMegabytes = Math.floor((bavail * bsize) / 1_000_000);
  if (bavail * bsize >= wantedFreeBytes) return `${freeMegabytes} MB free`;
  throw problem(
    "database.disk-space",
    `Only ${freeMegabytes} MB are free at ${at}; 1000 MB are wanted. Free some space, or move XVC_HOME.`,
  );
}

async function examineBinaries(options: DoctorOptions, dataDirectory: string): Promise<string> {
  const native = options.nativeDirectory ?? installedNativeDirectory();
  const account = await chooseAccount(dataDirectory);
  return foreseeBinaries({ native, account, places: copyPlaces(options.environment, dirname(dataDirectory)) });
}

async function examineData(dataDirectory: string): Promise<string> {
  const found = await stat(dataDirectory).catch(() => null);
  if (found === null) return "not there yet: the first start makes it";
  // The server itself refuses anything else than 0700 and 0750.
  if ((found.mode & 0o027) === 0) return dataDirectory;
  throw problem(
    "database.data-exposed",
    `${dataDirectory} is open to other users and the server refuses it. Run: chmod 700 ${dataDirectory}`,
  );
}

async function examineLogin(port: number, { passwords, dataDirectory }: ClusterSettings): Promise<string> {
  const login = await tryLogin(port, passwords.admin, dataDirectory);
  if (login.kind === "ours") return `PostgreSQL ${login.version} answers on port ${port}`;
  if (login.kind === "recovering") return `port ${port}: recovering after a crash, ready when that is done`;
  const why = login.kind === "foreign" ? login.why : "nothing answers, left by a crash";
  throw problem(
    "database.not-answering",
    `postmaster.pid names port ${port}: ${why}. The next xvc up mends this, or names the process in the way.`,
  );
}

function problem(code: string, message: string): Failure {
  return new Failure("unavailable", code, { message });
}

function well(name: string, what: string): DatabaseProbe {
  return { name, ok: true, what, why: "", next: "" };
}

/** Messages of failures say what and why first, and end with what to do next. */
async function probe(name: string, look: () => Promise<string>): Promise<DatabaseProbe> {
  try {
    return well(name, await look());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [what = message, ...rest] = message.split(/(?<=\.) (?=[A-Z])/);
    const why = error instanceof Failure ? error.code : ((error as NodeJS.ErrnoException).code ?? "unexpected");
    return { name, ok: false, what, why, next: rest.join(" ") || "See the log beside the data, then report this." };
  }
}
