import { Client } from "pg";
import type { ClientConfig } from "pg";

/** One connection string per role. Never log one: each holds a password. */
export interface DatabaseUrls {
  /** The bootstrap superuser; null with an external database. */
  readonly admin: string | null;
  readonly owner: string;
  readonly engine: string;
  readonly app: string;
  /** Reads every organization, writes nothing; null where the administrator of an external database gave none. */
  readonly verify: string | null;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/**
 * A connection string that leaves nothing to `PG*` variables of our environment, which `pg` (ours and the durable
 * engine's) would otherwise read: `PGSSLMODE` would break the loopback login, `PGOPTIONS` change its meaning.
 */
export function embeddedUrl(endpoint: Endpoint, user: string, password: string): string {
  const url = new URL(`postgres://${endpoint.host}:${endpoint.port}/`);
  url.pathname = `/${encodeURIComponent(endpoint.database)}`;
  url.username = user;
  url.password = password;
  const settled = {
    sslmode: "disable",
    sslnegotiation: "postgres",
    client_encoding: "UTF8",
    replication: "false",
    options: "-cDateStyle=ISO", // something has to be there, or PGOPTIONS is
  };
  for (const [name, value] of Object.entries(settled)) url.searchParams.set(name, value);
  return url.href;
}

/** The same server, reached over its socket in this directory. */
export function withSocket(url: string, directory: string): string {
  const changed = new URL(url);
  changed.searchParams.set("host", directory);
  return changed.href;
}

/** The same server and settings, another role. */
export function withRole(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.searchParams.delete("user");
  changed.searchParams.delete("password");
  if (changed.hostname === "") {
    // A socket (`postgres:///db?host=/run/postgresql`): a URL without a host ignores a user name.
    changed.searchParams.set("user", user);
    changed.searchParams.set("password", password);
    return changed.href;
  }
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

/** The same server, role and settings, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

/** For messages and logs: no password, no parameters. */
export function urlForPeople(url: string): string {
  try {
    const { username, hostname, port, pathname } = new URL(url);
    return `postgres://${username}@${hostname}${port === "" ? "" : `:${port}`}${pathname}`;
  } catch {
    return "postgres://(unreadable address)";
  }
}

export interface ConnectOptions {
  readonly applicationName: string;
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
}

/** The part of a `pg` configuration that every connection of ours shares. */
export function clientConfig(url: string, options: ConnectOptions): ClientConfig {
  return {
    connectionString: url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    keepAlive: true,
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
  };
}

/** One connection for `work`, closed in any case. A connection lost in between rejects the query, not the process. */
export async function withClient<T>(url: string, options: ConnectOptions, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(clientConfig(url, options));
  client.on("error", () => undefined); // the query in flight gets the same error; without a listener Node would end
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
