import { afterAll, beforeAll } from "vitest";
import type { Pool } from "pg";
import { reachStoreConformance } from "../../../test/conformance/reach-store.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { createPool } from "./pool.ts";
import { postgresReachStore } from "./reach-store.ts";

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await openTestDatabase();
  pool = createPool({ url: database.urls.app, applicationName: "xvc reach test", onLost: () => {} });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

reachStoreConformance(() => postgresReachStore(pool));
