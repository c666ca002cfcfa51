import { storeConformance } from "../../../test/conformance/store.ts";
import { openTestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore } from "../../../test/support/test-store.ts";

storeConformance("the postgres store", async () => {
  const database = await openTestDatabase();
  const opened = await openTestStore(database.urls.app);
  return {
    store: opened.store,
    advance: (durationMs) => new Promise((resolve) => void setTimeout(resolve, durationMs)), // a real clock can only be waited for
    enqueued: (organizationId) => opened.enqueued(organizationId),
    close: async () => {
      await opened.close();
      await database.drop();
    },
  };
});
