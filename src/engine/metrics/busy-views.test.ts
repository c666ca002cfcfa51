import { describe } from "vitest";
import { createMemoryStore } from "../../adapters/in-process/memory-store.ts";
import { createVirtualClock } from "../../adapters/in-process/virtual-clock.ts";
import { busyViewCases } from "../../../test/support/busy-views.ts";

describe("views over the in-process store", () => {
  const clock = createVirtualClock(1_900_000_000_000);
  const store = createMemoryStore({ clock, enqueue: () => {} });
  busyViewCases(() => ({
    store,
    advance: async (durationMs) => clock.advance(durationMs),
    enqueued: async () => [],
    close: async () => {},
  }));
});
