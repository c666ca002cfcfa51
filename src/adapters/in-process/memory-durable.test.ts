import { expect, test } from "vitest";
import { durableConformance } from "../../../test/conformance/durable.ts";
import type { JobRun } from "../../engine/ports/durable.ts";
import { createMemoryEngine, type MemoryWorker, noDurableFaults } from "./memory-durable.ts";

durableConformance("the memory engine", () => {
  const engine = createMemoryEngine({ selfStarting: true });
  const workers = new Map<string, MemoryWorker>();
  return Promise.resolve({
    worker: () => {
      const worker = engine.worker(`worker-${String(workers.size + 1)}`);
      workers.set(worker.executorId, worker);
      return Promise.resolve(worker);
    },
    enqueue: (runs) => {
      engine.enqueue(runs);
      return Promise.resolve();
    },
    kill: (worker) => {
      workers.get(worker.executorId)?.kill();
      return Promise.resolve();
    },
    pass: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
});

const run: JobRun = { kind: "attempt", subjectId: "s", epoch: 1, organizationId: "o", projectId: "p" };

test("runs a body twice when told to", async () => {
  const engine = createMemoryEngine({ selfStarting: true, faults: { ...noDurableFaults, runTwice: () => true } });
  let bodies = 0;
  await engine.worker("w").launch(async () => {
    await Promise.resolve();
    bodies += 1;
  });
  engine.enqueue([run]);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  expect(bodies).toBe(2);
  expect(engine.jobs.get("attempt:s:1")).toMatchObject({ state: "done", starts: 2 });
});

test("runs a step again when its checkpoint is lost, and not otherwise", async () => {
  const stepsRun = async (lose: boolean): Promise<number> => {
    const engine = createMemoryEngine({
      selfStarting: true,
      faults: { ...noDurableFaults, runTwice: () => true, loseCheckpoint: () => lose },
    });
    let calls = 0;
    let second: Promise<void> = Promise.resolve();
    const ended = Promise.withResolvers<void>();
    let bodies = 0;
    await engine.worker("w").launch(async (_, steps) => {
      bodies += 1;
      const mine = bodies;
      if (mine === 2) await second;
      const body = steps.step("call", () => {
        calls += 1;
        return Promise.resolve(calls);
      });
      if (mine === 1) second = body.then(() => undefined);
      await body;
      if (mine === 2) ended.resolve();
    });
    engine.enqueue([run]);
    await ended.promise;
    return calls;
  };
  expect(await stepsRun(true)).toBe(2);
  expect(await stepsRun(false)).toBe(1);
});

test("keeps what a body threw", async () => {
  const engine = createMemoryEngine({ selfStarting: true });
  await engine.worker("w").launch(() => Promise.reject(new Error("broken")));
  engine.enqueue([run]);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  expect(engine.jobs.get("attempt:s:1")).toMatchObject({ state: "failed", error: new Error("broken") });
});

test("reports live work as lost when told to", async () => {
  const engine = createMemoryEngine({ selfStarting: true, faults: { ...noDurableFaults, adoptLive: () => true } });
  await engine.worker("first").launch(() => new Promise<void>(() => {}));
  engine.enqueue([run]);
  expect(await engine.worker("second").lostJobs()).toEqual([{ ...run, executorId: "first" }]);
});
