import { afterAll, beforeAll, describe } from "vitest";
import { busyViewCases } from "../../../test/support/busy-views.ts";
import { openTestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../../test/support/test-store.ts";

describe("views over Postgres", () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let opened: TestStore;
  beforeAll(async () => {
    database = await openTestDatabase();
    opened = await openTestStore(database.urls.app);
  });
  afterAll(async () => {
    await opened.close();
    await database.drop();
  });
  busyViewCases(() => ({
    store: opened.store,
    advance: (durationMs) => new Promise((resolve) => void setTimeout(resolve, durationMs)), // a real clock can only be waited for
    enqueued: (organizationId) => opened.enqueued(organizationId),
    close: async () => {},
  }));
});
