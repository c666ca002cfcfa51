import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startDatabase } from "../../src/adapters/postgres/supervisor.ts";
import { prepareEngineSchema } from "./engine-schema.ts";
import { startPlainServer } from "./plain-server.ts";
import type { TestDatabase } from "./test-database.ts";

const migrationsDirectory = fileURLToPath(new URL("../../migrations", import.meta.url));

/**
 * The migrated product database on a server of its own, for suites that must hold on the oldest PostgreSQL as well:
 * `describe.each(availableServers())("on $name", ({ bin }) => …)`. About 3 s; `openTestDatabase` is the fast one.
 */
export async function openOnServer(bin: string | null): Promise<TestDatabase> {
  const server = await startPlainServer(bin, ["fsync=off"]);
  const home = await mkdtemp(join(tmpdir(), "xvc-second-"));
  const environment = { XVC_HOME: home, DATABASE_URL: server.superuserUrl };
  const { urls } = await startDatabase({ environment, migrationsDirectory, afterMigrate: prepareEngineSchema, fsync: "off" });
  return {
    urls: { ...urls, admin: server.superuserUrl, verify: urls.verify ?? "" },
    drop: async () => {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
