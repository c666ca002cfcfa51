import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { prepareHome, secret, writeSecretFile } from "./data-directory.ts";
import type { Environment } from "./data-directory.ts";
import { administratorSql, ensureSchemas, existingRoles, productRoles, roleStatements, schemasExist } from "./database-roles.ts";
import type { ProductPasswords } from "./database-roles.ts";
import { clientConfig, urlForPeople, withClient, withRole } from "./database-url.ts";
import type { DatabaseUrls } from "./database-url.ts";
import { requireSessionConnections } from "./session-connections.ts";
import { requireDurable, requireVersion } from "./server-settings.ts";

export interface ExternalOptions {
  readonly environment: Environment;
  /** Where the passwords of roles made by us are kept (0600). */
  readonly home: string;
  readonly durable: boolean;
  /** False: only look. */
  readonly mayCreateRoles: boolean;
}

/** What the environment gives; null: not given. */
type RoleUrls = { readonly [role in keyof ProductPasswords]: string | null };

/**
 * The roles' connection strings of the database behind `DATABASE_URL`. Where it is the owner of an empty database
 * and may create roles, makes them; otherwise they come from `XVC_DATABASE_{OWNER,ENGINE,APP,VERIFY}_URL`.
 *
 * @throws {Failure} `database.unreachable`, `database.version-unsupported`, `database.not-durable`,
 *   `database.pooled`, `database.roles-missing`, `database.role-too-powerful`
 */
export async function openExternalDatabase(options: ExternalOptions): Promise<DatabaseUrls> {
  const url = options.environment["DATABASE_URL"] ?? "";
  const connectProbe = async (): Promise<Client> => connectOrExplain(url);
  const probe = await connectProbe();
  try {
    await requireVersion(probe);
    if (options.durable) await requireDurable(probe);
    await requireSessionConnections(connectProbe);
    const urls = await roleUrls(options, url, probe);
    await withClient(urls.app, { applicationName: "xvc supervisor" }, requireModestRole);
    return urls;
  } finally {
    await probe.end().catch(() => undefined);
  }
}

async function connectOrExplain(url: string): Promise<Client> {
  try {
    const client = new Client(clientConfig(url, { applicationName: "xvc supervisor" }));
    client.on("error", () => undefined); // the next query reports it
    await client.connect();
    return client;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Failure(
      "unavailable",
      "database.unreachable",
      {
        message: `DATABASE_URL (${urlForPeople(url)}) cannot be reached: ${code ?? message}. Check host, port, user, password and TLS settings.`,
      },
      { cause },
    );
  }
}

async function roleUrls(options: ExternalOptions, url: string, client: Client): Promise<DatabaseUrls> {
  const given = givenUrls(options.environment, url);
  if (given.owner !== null && given.engine !== null && given.app !== null) {
    return { admin: null, owner: given.owner, engine: given.engine, app: given.app, verify: given.verify };
  }
  const file = join(options.home, `external-${await serverId(client)}.json`);
  const passwords = await madePasswords(client, file, options.mayCreateRoles);
  const made = {
    owner: withRole(url, "xvc_owner", passwords.owner),
    engine: withRole(url, "xvc_engine", passwords.engine),
    app: withRole(url, "xvc_app", passwords.app),
    verify: withRole(url, "xvc_verify", passwords.verify),
  };
  return {
    admin: null,
    owner: given.owner ?? made.owner,
    engine: given.engine ?? made.engine,
    app: given.app ?? made.app,
    verify: given.verify ?? made.verify,
  };
}

/** The passwords of the roles we made or make now. Roles somebody else made keep the passwords they have. */
async function madePasswords(client: Client, file: string, mayCreate: boolean): Promise<ProductPasswords> {
  const kept = await readKept(file);
  const present = await existingRoles(client);
  if (present.size === 0 && mayCreate) return createRoles(client, file, kept);
  if (present.size === 0) throw await rolesMissing(client, "they do not exist yet (xvc migrate makes them where it may)");
  if (kept === null) throw await rolesMissing(client, "they exist, with passwords this program does not have");
  if (mayCreate && !(await schemasExist(client))) await createSchemas(client);
  return kept;
}

function givenUrls(environment: Environment, url: string): RoleUrls {
  const read = (role: string): string | null => environment[`XVC_DATABASE_${role}_URL`] || null;
  const isOwner = new URL(url).username === "xvc_owner";
  return { owner: read("OWNER") ?? (isOwner ? url : null), engine: read("ENGINE"), app: read("APP"), verify: read("VERIFY") };
}

/** Roles belong to a server, not to a database: two databases of one server share one file. */
async function serverId(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>("select system_identifier::text as id from pg_control_system()");
  return createHash("sha256")
    .update(rows[0]?.id ?? "")
    .digest("hex")
    .slice(0, 16);
}

async function readKept(file: string): Promise<ProductPasswords | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as ProductPasswords); // written by us alone, mode 0600
}

/** Keeps the passwords first: a role whose password died with us could not be used by anybody. */
async function createRoles(client: Client, file: string, kept: ProductPasswords | null): Promise<ProductPasswords> {
  const passwords = kept ?? { owner: secret(), engine: secret(), app: secret(), verify: secret() };
  const { mayCreate, superuser } = await powersOf(client);
  if (!mayCreate) throw await rolesMissing(client, "they do not exist and this user may not create them");
  if (kept === null) {
    await prepareHome(dirname(file));
    await writeSecretFile(file, passwords);
  }
  await inTransaction(client, async () => {
    for (const statement of roleStatements({ passwords, mayBypassRowSecurity: superuser })) await client.query(statement);
    // Making a role does not make one a member of it, and only members may create a schema for it.
    if (!superuser) await client.query("grant xvc_owner, xvc_engine to current_user");
  });
  await createSchemas(client);
  return passwords;
}

async function createSchemas(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>("select current_database() as name");
  await ensureSchemas(client, rows[0]?.name ?? "");
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined); // the first error is the one to report
    throw error;
  }
}

async function powersOf(client: Client): Promise<{ readonly mayCreate: boolean; readonly superuser: boolean }> {
  const { rows } = await client.query<{ mayCreate: boolean; superuser: boolean }>(
    `select (rolcreaterole or rolsuper) and has_database_privilege(current_database(), 'create') as "mayCreate",
            rolsuper as superuser
       from pg_roles where rolname = current_user`,
  );
  return rows[0] ?? { mayCreate: false, superuser: false };
}

async function rolesMissing(client: Client, why: string): Promise<Failure> {
  const { rows } = await client.query<{ name: string }>("select current_database() as name");
  const sql = administratorSql(rows[0]?.name ?? "xvc");
  return new Failure("forbidden", "database.roles-missing", {
    why,
    sql,
    message:
      `The database roles ${productRoles.join(", ")} cannot be used: ${why}. Ask an administrator to run the SQL below ` +
      "(or to reset the passwords), then set XVC_DATABASE_OWNER_URL, XVC_DATABASE_ENGINE_URL, XVC_DATABASE_APP_URL and " +
      `XVC_DATABASE_VERIFY_URL.\n${sql}`,
  });
}

/** Processes work as a role that row security binds. @throws {Failure} `database.role-too-powerful` */
export async function requireModestRole(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; superuser: boolean; bypass: boolean; owns: boolean }>(
    `select rolname as name, rolsuper as superuser, rolbypassrls as bypass,
            exists (select from pg_namespace where nspname in ('xvc', 'xvc_system', 'dbos') and pg_has_role(r.oid, nspowner, 'member'))
         or exists (select from pg_class where relnamespace = to_regnamespace('xvc') and pg_has_role(r.oid, relowner, 'member')) as owns
       from pg_roles r where rolname = current_user`,
  );
  const [role] = rows;
  if (role !== undefined && !role.superuser && !role.bypass && !role.owns) return;
  throw new Failure("forbidden", "database.role-too-powerful", {
    role: role?.name ?? null,
    message: `The role ${role?.name ?? "of XVC_DATABASE_APP_URL"} is a superuser, bypasses row security or owns our tables, so one organization could see another's. Use xvc_app in XVC_DATABASE_APP_URL.`,
  });
}
