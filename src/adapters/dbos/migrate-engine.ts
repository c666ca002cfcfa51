import { DBOS } from "@dbos-inc/dbos-sdk";
import { Client } from "pg";
import { Failure } from "../../core/shared/failure.ts";

/**
 * Brings the engine's tables to the version of the installed engine, as their owner `xvc_engine`. Repeatable, and safe
 * when several processes do it at once. The app role gets its rights by default privileges, except on the engine's
 * record of its own migrations, which it may only read: a process that must not migrate checks it at launch.
 *
 * @throws {Failure} `database.engine-migration-failed`
 */
export async function migrateEngine(engineUrl: string): Promise<void> {
  const client = new Client({ connectionString: engineUrl, application_name: "xvc migrate engine" });
  client.on("error", () => undefined); // the statement in flight gets the same error; without a listener Node would end
  try {
    await client.connect();
    // The engine's runner has no lock of its own across its statements.
    await client.query("select pg_advisory_lock($1, $2)", [...engineMigrationLock]);
    await quietly(() => DBOS.migrate(engineUrl));
    await client.query("revoke insert, update, delete on dbos.dbos_migrations from xvc_app");
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      "bug",
      "database.engine-migration-failed",
      {
        message: `The tables of the durable engine could not be brought up to date: ${text}. Check that role xvc_engine owns schema dbos.`,
      },
      { cause },
    );
  } finally {
    await client.end().catch(() => undefined); // gives the lock back, also when it was lost
  }
}

/** "xvc", engine migration: beside the numbers of our own migrations and of the hand-over. */
const engineMigrationLock = [0x787663, 3] as const;

/** The engine's runner writes a line to stdout and takes no logger; stdout belongs to the command's data. */
async function quietly(run: () => Promise<void>): Promise<void> {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = () => true;
  try {
    await run();
  } finally {
    stdout.write = write;
  }
}
