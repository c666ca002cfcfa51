import type { DatabaseUrls } from "../../src/adapters/postgres/database-url.ts";

/** Part of the template's name: raise it when the engine's tables change. */
export const engineSchemaVersion = "none";

/** Puts the durable engine's tables into the template, as `xvc_engine`. */
export async function prepareEngineSchema(_urls: DatabaseUrls): Promise<void> {}
