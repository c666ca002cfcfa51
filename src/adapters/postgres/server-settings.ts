import type { Client } from "pg";
import { Failure } from "../../core/shared/failure.ts";

/** With one of these off a crash can lose or tear what was acknowledged. */
const durabilitySettings = ["fsync", "synchronous_commit", "full_page_writes"] as const;
export const oldestVersion = 15;

/** The durability settings that are off. Values such as `remote_apply` are stronger than `on`. */
export async function unsafeSettings(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select name from pg_settings where name = any($1) and setting = 'off' order by name",
    [durabilitySettings],
  );
  return rows.map((row) => row.name);
}

/** @throws {Failure} `database.not-durable` */
export async function requireDurable(client: Client): Promise<void> {
  const off = await unsafeSettings(client);
  if (off.length === 0) return;
  throw new Failure("invalid", "database.not-durable", {
    off,
    message: `The database runs with ${off.join(", ")} off: what was confirmed could be lost in a power cut. Turn ${off.length === 1 ? "it" : "them"} on in the server's configuration and restart it.`,
  });
}

/** The major version. @throws {Failure} `database.version-unsupported` */
export async function requireVersion(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version");
  const major = Math.floor((rows[0]?.version ?? 0) / 10_000);
  if (major >= oldestVersion) return major;
  throw new Failure("invalid", "database.version-unsupported", {
    found: major,
    oldest: oldestVersion,
    message: `The database is PostgreSQL ${major}; version ${oldestVersion} or newer is needed. Upgrade the server, or unset DATABASE_URL to use the embedded one.`,
  });
}
