import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { escapeIdentifier } from "pg";
import { ensureSchemas } from "../../src/adapters/postgres/database-roles.ts";
import { withClient, withDatabase } from "../../src/adapters/postgres/database-url.ts";
import type { DatabaseUrls } from "../../src/adapters/postgres/database-url.ts";
import { migrate, readMigrations } from "../../src/adapters/postgres/migrate.ts";
import type { Migration } from "../../src/adapters/postgres/migrate.ts";
import { processMark } from "../../src/adapters/postgres/processes.ts";
import { withStartLock } from "../../src/adapters/postgres/start-lock.ts";
import { startDatabase, stopDatabase } from "../../src/adapters/postgres/supervisor.ts";
import type { RunningDatabase } from "../../src/adapters/postgres/supervisor.ts";
import { engineSchemaVersion, prepareEngineSchema } from "./engine-schema.ts";

/** All roles of one database of its own. `admin` is the superuser and is there for set-up only. */
export type TestUrls = DatabaseUrls & { readonly admin: string; readonly verify: string };

export interface TestDatabase {
  readonly urls: TestUrls;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

/** One server per user and machine, shared by concurrent test runs: fsync off, so never for crash tests. */
const testHome = join(tmpdir(), `xvc-test-database-${userInfo().uid}`);
const testEnvironment = { XVC_HOME: testHome };
const runsDirectory = join(testHome, "runs");
const lockDirectory = join(testHome, "runs.lock");
const migrationsDirectory = fileURLToPath(new URL("../../migrations", import.meta.url));
const testName = { applicationName: "xvc test support" };

/**
 * A database with all migrations applied, cloned from a template in about 0.1 s. One per test file:
 * `beforeAll(async () => { database = await openTestDatabase(); })`, `afterAll(() => database.drop())`.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = await joinServer();
  const admin = withDatabase(server.urls.admin ?? "", "postgres");
  const template = await ensureTemplate(server, admin);
  const name = `xvc_test_${process.pid}_${randomBytes(5).toString("hex")}`;
  await withClient(admin, testName, (client) =>
    client.query(`create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)} owner xvc_owner`),
  );
  return { urls: urlsFor(server, name), drop: () => dropDatabase(admin, name) };
}

/** Starts or joins the server for this run and makes the template. Once per vitest project that asks for it. */
export async function enterTestRun(): Promise<void> {
  const server = await joinServer();
  entered += 1;
  const admin = withDatabase(server.urls.admin ?? "", "postgres");
  const template = await ensureTemplate(server, admin);
  await withStartLock(lockDirectory, () => dropAbandoned(admin, template));
}

/** Leaves the run: the last living one stops the server. */
export async function leaveTestRun(): Promise<void> {
  entered -= 1;
  if (entered > 0) return;
  joined = null;
  await withStartLock(lockDirectory, async () => {
    await rm(join(runsDirectory, String(process.pid)), { force: true });
    if ((await livingRuns()) === 0) await stopDatabase(testEnvironment);
  });
}

let entered = 0;
let joined: Promise<RunningDatabase> | null = null;

/** Registered before the start, under the lock that a leaving run holds while it counts. */
function joinServer(): Promise<RunningDatabase> {
  joined ??= withStartLock(lockDirectory, async () => {
    await mkdir(runsDirectory, { recursive: true });
    await writeFile(join(runsDirectory, String(process.pid)), (await processMark(process.pid)) ?? "");
    return startDatabase({ environment: testEnvironment, fsync: "off" });
  });
  return joined;
}

async function livingRuns(): Promise<number> {
  let living = 0;
  for (const pid of await readdir(runsDirectory)) {
    const file = join(runsDirectory, pid);
    const alive = (await processMark(Number(pid))) === (await readFile(file, "utf8").catch(() => ""));
    if (alive) living += 1;
    else await rm(file, { force: true });
  }
  return living;
}

/** The template of exactly these migrations, made once under another name, so that a half-made one never counts. */
async function ensureTemplate(server: RunningDatabase, admin: string): Promise<string> {
  const migrations = await readMigrations(migrationsDirectory).catch(noMigrationsYet);
  const recipe = createHash("sha256").update(engineSchemaVersion);
  for (const { sha256 } of migrations) recipe.update(sha256);
  const template = `xvc_template_${recipe.digest("hex").slice(0, 16)}`;
  if (await databaseExists(admin, template)) return template;
  return withStartLock(lockDirectory, async () => {
    if (await databaseExists(admin, template)) return template;
    const draft = `xvc_test_${process.pid}_${randomBytes(5).toString("hex")}`;
    await withClient(admin, testName, (client) => client.query(`create database ${draft} owner xvc_owner`));
    const urls = urlsFor(server, draft);
    await withClient(urls.admin, testName, (client) => ensureSchemas(client, draft));
    await migrate(urls.owner, migrations, () => prepareEngineSchema(urls));
    await withClient(admin, testName, (client) => client.query(`alter database ${draft} rename to ${template}`));
    return template;
  });
}

function noMigrationsYet(error: NodeJS.ErrnoException): readonly Migration[] {
  if (error.code === "ENOENT") return [];
  throw error;
}

async function databaseExists(admin: string, name: string): Promise<boolean> {
  const { rowCount } = await withClient(admin, testName, (client) => client.query("select 1 from pg_database where datname = $1", [name]));
  return rowCount === 1;
}

/** What killed runs left behind; templates of older migrations only when no other run may be using them. */
async function dropAbandoned(admin: string, template: string): Promise<void> {
  const alone = (await livingRuns()) === 1;
  const { rows } = await withClient(admin, testName, (client) =>
    client.query<{ name: string }>("select datname as name from pg_database where datname ~ '^xvc_(test|template)_'"),
  );
  for (const { name } of rows) {
    const pid = /^xvc_test_(\d+)_/.exec(name)?.[1];
    const abandoned = pid === undefined ? alone && name !== template : (await processMark(Number(pid))) === null;
    if (abandoned) await dropDatabase(admin, name);
  }
}

async function dropDatabase(admin: string, name: string): Promise<void> {
  await withClient(admin, testName, (client) => client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`));
}

function urlsFor({ urls }: RunningDatabase, name: string): TestUrls {
  const of = (url: string | null): string => withDatabase(url ?? "", name);
  return { admin: of(urls.admin), owner: of(urls.owner), engine: of(urls.engine), app: of(urls.app), verify: of(urls.verify) };
}
