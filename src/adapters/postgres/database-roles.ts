import { escapeIdentifier } from "pg";
import type { Client } from "pg";
import type { RolePasswords } from "./data-directory.ts";

/**
 * Who may do what. Superusers and owners bypass row security, so no process works as one.
 *
 *   xvc_owner   owns schema xvc and xvc_system, runs our migrations
 *   xvc_engine  owns schema dbos, runs the durable engine's migrations
 *   xvc_app     what every process uses: rows by grant, no BYPASSRLS, owns nothing
 *   xvc_verify  the world checker: reads all organizations, writes nothing
 */
export const productRoles = ["xvc_owner", "xvc_engine", "xvc_app", "xvc_verify"] as const;
export type ProductRole = (typeof productRoles)[number];

export type ProductPasswords = Pick<RolePasswords, "owner" | "engine" | "app" | "verify">;

export interface RoleCreation {
  /** Empty strings make roles that cannot log in until an administrator gives them passwords. */
  readonly passwords: ProductPasswords;
  /** BYPASSRLS can be given by a superuser only (PostgreSQL 15). Without it the world checker sees no rows. */
  readonly mayBypassRowSecurity: boolean;
}

/** Creates the roles, in this order and with no other rights. They are shared by all databases of the server. */
export function roleStatements({ passwords, mayBypassRowSecurity }: RoleCreation): readonly string[] {
  const plain = "login nosuperuser nocreatedb nocreaterole noreplication";
  // Naming BYPASSRLS at all, even NOBYPASSRLS, is refused to those who may not give it; the default is without.
  const verify = mayBypassRowSecurity ? `${plain} bypassrls` : plain;
  return [
    `create role xvc_owner ${withoutSuperuserWords(plain, mayBypassRowSecurity)} password '${hex(passwords.owner)}'`,
    `create role xvc_engine ${withoutSuperuserWords(plain, mayBypassRowSecurity)} password '${hex(passwords.engine)}'`,
    `create role xvc_app ${withoutSuperuserWords(plain, mayBypassRowSecurity)} password '${hex(passwords.app)}'`,
    `create role xvc_verify ${withoutSuperuserWords(verify, mayBypassRowSecurity)} password '${hex(passwords.verify)}'`,
    "alter role xvc_owner set search_path = xvc, public",
    "alter role xvc_engine set search_path = dbos, public",
    "alter role xvc_app set search_path = xvc, public",
    "alter role xvc_verify set search_path = xvc, public",
    "alter role xvc_verify set default_transaction_read_only = on",
  ];
}

/** `NOREPLICATION` and `NOSUPERUSER` are superuser words too; both are the default. */
function withoutSuperuserWords(words: string, superuser: boolean): string {
  return superuser ? words : words.replace(/ (nosuperuser|noreplication)/g, "");
}

function hex(password: string): string {
  if (!/^[0-9a-f]*$/.test(password)) throw new TypeError("a generated password is hexadecimal");
  return password;
}

/** The schemas of one database and what the roles may do in them. Repeatable. */
export function schemaStatements(database: string): readonly string[] {
  const name = escapeIdentifier(database);
  return [
    `grant connect on database ${name} to xvc_owner, xvc_engine, xvc_app, xvc_verify`,
    // For trusted extensions; and the engine's migration says "create schema if not exists", which asks for the
    // right to create before it looks whether there is anything to do.
    `grant create on database ${name} to xvc_owner, xvc_engine`,
    // The engine's first migration says CREATE SCHEMA IF NOT EXISTS, which wants the right even when the schema is there.
    `grant create on database ${name} to xvc_engine`,
    "create schema if not exists xvc authorization xvc_owner",
    "create schema if not exists xvc_system authorization xvc_owner",
    "create schema if not exists dbos authorization xvc_engine",
    "grant usage on schema xvc, xvc_system to xvc_app, xvc_verify, xvc_engine",
    "grant usage on schema dbos to xvc_app, xvc_verify",
    // Rights in xvc are given table by table in the migrations; the engine's tables are all alike.
    "alter default privileges for role xvc_engine in schema dbos grant select, insert, update, delete on tables to xvc_app",
    "alter default privileges for role xvc_engine in schema dbos grant select on tables to xvc_verify",
    "alter default privileges for role xvc_owner in schema xvc grant select on tables to xvc_verify",
  ];
}

/** What an administrator runs where we may not create roles. The passwords are placeholders for theirs. */
export function administratorSql(database: string): string {
  const roles = roleStatements({ passwords: { owner: "", engine: "", app: "", verify: "" }, mayBypassRowSecurity: true });
  const passworded = roles.map((statement) => statement.replace("password ''", "password '<choose one>'"));
  return [...passworded, ...schemaStatements(database)].map((statement) => `${statement};`).join("\n");
}

/** Which of the four exist on this server. */
export async function existingRoles(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>("select rolname::text as name from pg_roles where rolname = any($1)", [
    productRoles,
  ]);
  return new Set(rows.map((row) => row.name));
}

/** Creates what is missing on the embedded server, as its bootstrap superuser. Repeatable at any point. */
export async function ensureEmbeddedRoles(client: Client, passwords: ProductPasswords): Promise<void> {
  const present = await existingRoles(client);
  const statements = roleStatements({ passwords, mayBypassRowSecurity: true });
  for (const statement of statements) {
    const created = /^create role (\w+)/.exec(statement)?.[1];
    if (created !== undefined && present.has(created)) continue;
    if (created === undefined && present.size === productRoles.length) continue;
    await client.query(statement);
  }
}

/** Creates the product's database on the embedded server; nobody but our roles may connect to it. True if it was made. */
export async function ensureEmbeddedDatabase(client: Client, database: string): Promise<boolean> {
  const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [database]);
  if (rowCount === 1) return false;
  const name = escapeIdentifier(database);
  await client.query(`create database ${name} owner xvc_owner`);
  await client.query(`revoke all on database ${name} from public`);
  return true;
}

/** Runs the schema statements in one transaction, as superuser or as a member of the owning roles. */
export async function ensureSchemas(client: Client, database: string): Promise<void> {
  await client.query("begin");
  try {
    for (const statement of schemaStatements(database)) await client.query(statement);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined); // the first error is the one to report
    throw error;
  }
}

/** True when the schemas and the rights to them are there, so that a later start writes nothing. */
export async function schemasExist(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ complete: boolean }>(
    `select count(*) = 3 and bool_and(has_database_privilege('xvc_engine', current_database(), 'create')) as complete
       from pg_namespace where nspname in ('xvc', 'xvc_system', 'dbos')`,
  );
  return rows[0]?.complete ?? false;
}
