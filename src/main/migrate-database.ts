import { migrateEngine } from "../adapters/dbos/migrate-engine.ts";
import { startDatabase } from "../adapters/postgres/supervisor.ts";
import { findInstallation } from "./installation.ts";

/** Brings the database of this home, or the one of `DATABASE_URL`, up to date. Safe to repeat. */
export async function migrateDatabase(environment: NodeJS.ProcessEnv): Promise<void> {
  const installation = findInstallation(environment);
  const database = await startDatabase({
    environment,
    migrationsDirectory: installation.migrationsDirectory,
    afterMigrate: (urls) => migrateEngine(urls.engine),
  });
  await database.stop({ ifUnused: true });
}
