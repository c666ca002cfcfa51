import { storeConformance } from "../../../test/conformance/store.ts";
import type { JobRun } from "../../engine/ports/durable.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createVirtualClock } from "./virtual-clock.ts";

storeConformance("the memory store", () => {
  const clock = createVirtualClock(1_700_000_000_000);
  const jobs = new Map<string, JobRun>();
  const store = createMemoryStore({
    clock,
    enqueue: (runs) => {
      for (const run of runs) jobs.set(`${run.kind}:${run.subjectId}:${String(run.epoch)}`, run);
    },
  });
  return Promise.resolve({
    store,
    advance: async (durationMs: number) => {
      clock.advance(durationMs);
      await Promise.resolve();
    },
    enqueued: (organizationId) => Promise.resolve([...jobs.values()].filter((run) => run.organizationId === organizationId)),
    close: () => Promise.resolve(),
  });
});
