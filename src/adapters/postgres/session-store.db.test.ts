import { afterAll, beforeAll } from "vitest";
import type { Pool } from "pg";
import { sessionStoreConformance } from "../../../test/conformance/session-store.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { createPool } from "./pool.ts";
import { postgresSessions } from "./session-store.ts";

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await openTestDatabase();
  pool = createPool({ url: database.urls.app, applicationName: "xvc sessions test", onLost: () => {} });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

sessionStoreConformance(() => postgresSessions(pool));
