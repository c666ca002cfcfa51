import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { withClient } from "./database-url.ts";

/** One file `NNNN-name.sql`. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly sql: string;
}

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

/** Two halves of one advisory lock number ("xvc", "migrate"), so that no other use of ours can meet it. */
const lockKeys = [0x787663, 1] as const;
const lockWaitMs = 120_000;

/**
 * The directory's migrations in order.
 *
 * @throws {Failure} `database.migration-name` for a stray name, a number used twice or left out
 */
export async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql"));
  names.sort();
  const migrations: Migration[] = [];
  for (const file of names) {
    const match = /^(\d{4})-([a-z0-9]+(?:-[a-z0-9]+)*)\.sql$/.exec(file);
    const number = Number(match?.[1]);
    if (match === null || number !== migrations.length + 1) {
      const expected = String(migrations.length + 1).padStart(4, "0");
      throw new Failure("bug", "database.migration-name", {
        file,
        message: `migrations/${file} does not fit: the next file must be named ${expected}-<lower-case-words>.sql, each number once and none left out.`,
      });
    }
    const sql = await readFile(join(directory, file), "utf8");
    migrations.push({ number, name: match[2] ?? "", sql, sha256: createHash("sha256").update(sql).digest("hex") });
  }
  return migrations;
}

/** What is left to do. @throws {Failure} `database.schema-newer`, `database.migration-changed` */
export function pendingMigrations(known: readonly Migration[], applied: readonly AppliedMigration[]): readonly Migration[] {
  const newest = applied.reduce((top, { number }) => Math.max(top, number), 0);
  if (newest > known.length) {
    throw new Failure("conflict", "database.schema-newer", {
      database: newest,
      program: known.length,
      message: `The database is at migration ${newest}, this program knows ${known.length}: a newer program has used it. Install that version or a later one; to stay on this one, restore the backup made before the upgrade.`,
    });
  }
  for (const { number, name, sha256 } of applied) {
    const file = known[number - 1];
    if (file === undefined || file.sha256 === sha256) continue;
    throw new Failure("conflict", "database.migration-changed", {
      number,
      appliedName: name,
      message: `Migration ${number} (${file.name}) is not the text that was applied as "${name}". A migration is never edited: restore the file and put the change into a new one.`,
    });
  }
  const done = new Set(applied.map(({ number }) => number));
  return known.filter(({ number }) => !done.has(number));
}

/**
 * Brings the database to the newest migration, each in a transaction of its own as `xvc_owner`, while nobody else
 * migrates; then runs `after` under the same lock. Returns what was applied by this call.
 *
 * @throws {Failure} as `pendingMigrations`; `database.migration-failed`, `database.migration-busy`
 */
export async function migrate(
  ownerUrl: string,
  migrations: readonly Migration[],
  after: () => Promise<void> = async () => undefined,
): Promise<readonly Migration[]> {
  return withClient(ownerUrl, { applicationName: "xvc migrate" }, async (client) => {
    await lock(client);
    await client.query(`create table if not exists xvc_system.migration (
      number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())`);
    await client.query("grant select on xvc_system.migration to xvc_app, xvc_verify, xvc_engine");
    const pending = pendingMigrations(migrations, await appliedMigrations(client));
    for (const migration of pending) await apply(client, migration);
    await after();
    return pending;
  }); // closing the connection gives the lock back, also when we die
}

/** What the database says it has, oldest first. Any of our roles may ask. */
export async function appliedMigrations(client: Client): Promise<readonly AppliedMigration[]> {
  const { rows: exists } = await client.query("select 1 where to_regclass('xvc_system.migration') is not null");
  if (exists.length === 0) return [];
  const { rows } = await client.query<AppliedMigration>("select number, name, sha256 from xvc_system.migration order by number");
  return rows;
}

async function lock(client: Client): Promise<void> {
  await client.query(`set lock_timeout = ${lockWaitMs}`);
  await client.query("set client_min_messages = warning");
  try {
    await client.query("select pg_advisory_lock($1, $2)", [...lockKeys]);
  } catch (cause) {
    if ((cause as { readonly code?: string }).code !== "55P03") throw cause;
    throw new Failure(
      "unavailable",
      "database.migration-busy",
      { message: `Another process has been migrating this database for over ${lockWaitMs / 1000} s. Wait for it, then start again.` },
      { cause },
    );
  }
}

async function apply(client: Client, migration: Migration): Promise<void> {
  try {
    await client.query("begin");
    const before = await transactionId(client);
    await client.query(migration.sql);
    if ((await transactionId(client)) !== before) throw new Error("the file ends the transaction it runs in");
    await client.query("insert into xvc_system.migration (number, name, sha256) values ($1, $2, $3)", [
      migration.number,
      migration.name,
      migration.sha256,
    ]);
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback").catch(() => undefined); // the first error is the one to report
    throw migrationFailed(migration, cause as Error & { readonly position?: string });
  }
  // A file may have changed the session; the next one and the lock must not inherit that.
  await client.query("reset role; reset search_path; reset row_security");
}

async function transactionId(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>("select pg_current_xact_id()::text as id");
  return rows[0]?.id ?? "";
}

function migrationFailed(migration: Migration, cause: Error & { readonly position?: string }): Failure {
  const line = migration.sql.slice(0, Number(cause.position ?? 0)).split("\n").length;
  const { number, name } = migration;
  return new Failure(
    "bug",
    "database.migration-failed",
    { number, name, line, message: `Migration ${number} (${name}) failed near line ${line}: ${cause.message}. Nothing of it was kept.` },
    { cause },
  );
}
