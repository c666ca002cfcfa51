import { migrateEngine } from "../../src/adapters/dbos/migrate-engine.ts";
import type { DatabaseUrls } from "../../src/adapters/postgres/database-url.ts";

/** Part of the template's name: raise it when the engine's tables change. */
export const engineSchemaVersion = "dbos 5.3.0 / 1";

/** Puts the durable engine's tables into the template, as `xvc_engine`. */
export async function prepareEngineSchema(urls: DatabaseUrls): Promise<void> {
  await migrateEngine(urls.engine);
}
