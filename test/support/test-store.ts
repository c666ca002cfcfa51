import type { DBOSClient } from "@dbos-inc/dbos-sdk";
import type { Pool } from "pg";
import { enqueueJobs } from "../../src/adapters/dbos/enqueue-jobs.ts";
import { openEngineClient } from "../../src/adapters/dbos/engine-client.ts";
import { parsePayload } from "../../src/adapters/dbos/job-queue.ts";
import { createPool } from "../../src/adapters/postgres/pool.ts";
import { type PostgresStore, postgresStore } from "../../src/adapters/postgres/postgres-store.ts";
import type { PostgresStoreOptions } from "../../src/adapters/postgres/postgres-store.ts";
import { keyVault } from "../../src/adapters/system/key-vault.ts";
import { personalCipher } from "../../src/adapters/system/personal-cipher.ts";
import type { JobRun } from "../../src/engine/ports/durable.ts";

/** The store as `main` wires it, on a test database. */
export interface TestStore {
  readonly store: PostgresStore;
  readonly pool: Pool;
  readonly engine: DBOSClient;
  enqueued(organizationId: string): Promise<readonly JobRun[]>;
  close(): Promise<void>;
}

export async function openTestStore(
  appUrl: string,
  options: Partial<Pick<PostgresStoreOptions, "crash" | "enqueue">> & { readonly maxConnections?: number } = {},
): Promise<TestStore> {
  const { maxConnections = 20, ...rest } = options;
  const onLost = (): void => {};
  const pool = createPool({ url: appUrl, applicationName: "xvc test store", maxConnections, pipeline: true, onLost });
  const engine = await openEngineClient(appUrl, () => {});
  const cipher = personalCipher(keyVault(new Uint8Array(32).fill(7)));
  const store = postgresStore({ pool, listenUrl: appUrl, enqueue: enqueueJobs(engine), cipher, onLost, ...rest });
  return {
    store,
    pool,
    engine,
    async enqueued(organizationId) {
      const workflows = await engine.listWorkflows({ status: ["ENQUEUED", "PENDING"], limit: 10_000, loadOutput: false });
      const runs = workflows.map((workflow) => parsePayload(workflow.input)).filter((run) => run !== undefined);
      return runs.filter((run) => run.organizationId === organizationId);
    },
    async close() {
      await store.close();
      await engine.destroy();
      await pool.end();
    },
  };
}
