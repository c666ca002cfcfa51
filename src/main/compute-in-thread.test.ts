import { expect, test, vi } from "vitest";
import { threadComputing } from "./compute-in-thread.ts";

// Much is computed here; a machine that does much else is slow, and only a failure takes this long.
vi.setConfig({ testTimeout: 60_000 });

/** About a second of work. */
const long = {
  specification: {
    model: "simulation",
    arrivals: { kind: "exponential", meanSeconds: 1 },
    service: { kind: "erlang", meanSeconds: 0.5, stages: 100 },
    jobs: 1_000_000,
  },
  files: [],
};
const short = { specification: { model: "mm1", arrivalRatePerSecond: 8, serviceRatePerSecond: 10 }, files: [] };
const signal = new AbortController().signal;

test("a computation answers from its own thread, and is ended when it takes too long or is no longer wanted", async () => {
  expect(await threadComputing.compute("performance_modeling", short, { timeLimitMs: 20_000, signal })).toMatchObject({ kind: "done" });
  await expect(threadComputing.compute("performance_modeling", long, { timeLimitMs: 300, signal })).rejects.toMatchObject({
    code: "tool.out-of-bounds",
  });
  const end = new AbortController();
  const running = threadComputing.compute("performance_modeling", long, { timeLimitMs: 20_000, signal: end.signal });
  end.abort(new Error("no longer wanted"));
  await expect(running).rejects.toThrow("no longer wanted");
});
