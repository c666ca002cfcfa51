import { afterEach, describe, expect, test } from "vitest";
import type { Durable, JobBody, JobRun } from "../../src/engine/ports/durable.ts";
import { gate, nextId } from "./store-fixture.ts";

/** One durable engine with any number of workers, opened for one case. */
export interface DurableUnderTest {
  /** A new worker, not yet launched. */
  worker(): Promise<Durable>;
  /** Does what the store's commit does with jobs. */
  enqueue(runs: readonly JobRun[]): Promise<void>;
  /** Ends a worker's process without any notice, and lets enough time pass for its lease to be over. */
  kill(worker: Durable): Promise<void>;
  /** Lets time pass. */
  pass(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

const job = (fields: Partial<JobRun> = {}): JobRun => ({
  kind: "attempt",
  subjectId: nextId(),
  epoch: 1,
  organizationId: nextId(),
  projectId: nextId(),
  ...fields,
});

const nothing: JobBody = () => Promise.resolve();

/** What every `Durable` promises: at least once, known ids once, work of the dead handed on. */
export function durableConformance(name: string, open: () => Promise<DurableUnderTest>): void {
  describe(`${name} keeps the promises of a durable engine`, () => {
    let closing: (() => Promise<void>) | undefined;
    const opened = async (): Promise<DurableUnderTest> => {
      const under = await open();
      closing = () => under.close();
      return under;
    };
    afterEach(async () => {
      await closing?.();
      closing = undefined;
    });
    const until = async (under: DurableUnderTest, holds: () => boolean): Promise<void> => {
      for (let tries = 0; tries < 1_200 && !holds(); tries += 1) await under.pass(25);
      expect(holds()).toBe(true);
    };

    test("runs what was enqueued before and after its start, with exactly its run", async () => {
      const under = await opened();
      const worker = await under.worker();
      const [before, after] = [job({ kind: "analyse" }), job({ kind: "review", epoch: 3 })];
      const seen: JobRun[] = [];
      await under.enqueue([before]);
      await worker.launch(async (run) => {
        await Promise.resolve();
        seen.push(run);
      });
      await under.enqueue([after]);
      await until(under, () => seen.length >= 2);
      expect(seen.toSorted((left, right) => left.epoch - right.epoch)).toEqual([before, after]);
    });

    test("takes one id once: enqueueing it again starts nothing, another epoch does", async () => {
      const under = await opened();
      const worker = await under.worker();
      const first = job();
      const seen: number[] = [];
      await worker.launch(async (run) => {
        await Promise.resolve();
        seen.push(run.epoch);
      });
      await under.enqueue([first]);
      await until(under, () => seen.length >= 1);
      await under.enqueue([first]);
      await under.enqueue([{ ...first, epoch: 2 }]);
      await until(under, () => seen.includes(2));
      expect(seen).toEqual([1, 2]);
    });

    test("gives a step's JSON result to the body", async () => {
      const under = await opened();
      const worker = await under.worker();
      const results: unknown[] = [];
      await worker.launch(async (_, steps) => {
        results.push(await steps.step("first", () => Promise.resolve({ list: [1, null, "\u00e9"] })));
        results.push(await steps.step("second", () => Promise.resolve(7)));
      });
      await under.enqueue([job()]);
      await until(under, () => results.length >= 2);
      expect(results).toEqual([{ list: [1, null, "\u00e9"] }, 7]);
    });

    test("hands a step's failure to the body, and goes on with other jobs when a body fails", async () => {
      const under = await opened();
      const worker = await under.worker();
      const seen: string[] = [];
      await worker.launch(async (run, steps) => {
        if (run.kind === "plan") {
          await steps
            .step("outside", () => Promise.reject(new Error("broken")))
            .catch((error: unknown) => seen.push(error instanceof Error ? error.message : "?"));
          throw new Error("the body too");
        }
        seen.push(run.kind);
      });
      await under.enqueue([job({ kind: "plan" }), job({ kind: "review" })]);
      await until(under, () => seen.includes("review") && seen.includes("broken"));
      expect(seen).toHaveLength(2);
    });

    test("forgets a queued job that is cancelled", async () => {
      const under = await opened();
      const worker = await under.worker();
      const [cancelled, other] = [job(), job()];
      const seen: string[] = [];
      await under.enqueue([cancelled]);
      await worker.cancel(cancelled);
      await worker.launch(async (run) => {
        await Promise.resolve();
        seen.push(run.subjectId);
      });
      await under.enqueue([other]);
      await until(under, () => seen.includes(other.subjectId));
      expect(seen).toEqual([other.subjectId]);
    });

    test("asks a running step to stop when its job is cancelled", async () => {
      const under = await opened();
      const worker = await under.worker();
      const running = job();
      const inside = gate();
      let aborted = false;
      await worker.launch(async (_, steps) => {
        await steps.step("long", async (signal) => {
          await new Promise<void>((resolve) => {
            signal.addEventListener("abort", () => {
              aborted = true;
              resolve();
            });
            inside.open();
          });
        });
      });
      await under.enqueue([running]);
      await until(under, () => true);
      await inside.opened;
      await worker.cancel(running);
      await until(under, () => aborted);
      expect(aborted).toBe(true);
    });

    test("cancels what it does not know without complaint", async () => {
      const under = await opened();
      const worker = await under.worker();
      await worker.launch(nothing);
      await expect(worker.cancel(job())).resolves.toBeUndefined();
    });

    test("names every start of a process differently", async () => {
      const under = await opened();
      const workers = [await under.worker(), await under.worker(), await under.worker()];
      expect(new Set(workers.map((worker) => worker.executorId)).size).toBe(3);
      expect(workers.every((worker) => worker.executorId.length > 0)).toBe(true);
    });

    test("reports what a dead neighbour held until it is cancelled", async () => {
      const under = await opened();
      const [first, second] = [await under.worker(), await under.worker()];
      const held = job();
      const inside = gate();
      await first.launch(async () => {
        inside.open();
        await new Promise<void>(() => {});
      });
      await under.enqueue([held]);
      await until(under, () => true);
      await inside.opened;
      await second.launch(nothing);
      expect(await second.lostJobs()).toEqual([]);
      await under.kill(first);
      const reported: unknown[] = [];
      for (let tries = 0; tries < 400 && reported.length === 0; tries += 1) {
        reported.push(...(await second.lostJobs()));
        await under.pass(25);
      }
      expect(reported).toEqual([{ ...held, executorId: first.executorId }]);
      expect(await second.lostJobs()).toEqual(reported); // whoever was told may die before acting on it
      await second.cancel(held);
      await until(under, () => true);
      expect(await second.lostJobs()).toEqual([]);
    });

    test("reports a job whose body ended in an error, until it is cancelled", async () => {
      const under = await opened();
      const worker = await under.worker();
      const broken = job();
      let started = false;
      await worker.launch(async () => {
        await Promise.resolve();
        started = true;
        throw new Error("broken");
      });
      await under.enqueue([broken]);
      await until(under, () => started);
      const reported: unknown[] = [];
      for (let tries = 0; tries < 400 && reported.length === 0; tries += 1) {
        reported.push(...(await worker.lostJobs()));
        await under.pass(25);
      }
      expect(reported).toEqual([{ ...broken, executorId: worker.executorId }]);
      await worker.cancel(broken);
      expect(await worker.lostJobs()).toEqual([]);
    });

    test("takes no more jobs once it shuts down, and waits for the one it has", async () => {
      const under = await opened();
      const worker = await under.worker();
      const [running, late] = [job(), job()];
      const [inside, release] = [gate(), gate()];
      const seen: string[] = [];
      await worker.launch(async (run) => {
        inside.open();
        await release.opened;
        seen.push(run.subjectId);
      });
      await under.enqueue([running]);
      await until(under, () => true);
      await inside.opened;
      const stopped = worker.shutdown(10_000);
      await under.enqueue([late]);
      release.open();
      await stopped;
      expect(seen).toEqual([running.subjectId]);
    });
  });
}
