import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/engine/ports/clock.ts";

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets time pass: turns a virtual clock, waits for a real one. */
  readonly pass: (durationMs: number) => Promise<void>;
}

/** What every `Clock` promises. */
export function clockConformance(name: string, open: () => ClockUnderTest): void {
  describe(`${name} keeps the promises of a clock`, () => {
    test("tells epoch milliseconds that move with time", async () => {
      const { clock, pass } = open();
      const before = { wall: clock.nowMs(), monotonic: clock.monotonicMs() };
      await pass(20);
      expect(clock.nowMs() - before.wall).toBeGreaterThanOrEqual(15);
      expect(clock.monotonicMs() - before.monotonic).toBeGreaterThanOrEqual(19);
      expect(Number.isSafeInteger(clock.nowMs())).toBe(true);
    });

    test("ends a pause after its time and not before", async () => {
      const { clock, pass } = open();
      const startMs = clock.monotonicMs();
      let endedAfterMs: number | undefined;
      const pause = clock.pause(30).then(() => {
        endedAfterMs = clock.monotonicMs() - startMs;
      });
      expect(endedAfterMs).toBeUndefined();
      await pass(40);
      await pause;
      expect(endedAfterMs).toBeGreaterThanOrEqual(30);
    });

    test("ends a pause at once when its signal aborts, before or during it, without failing", async () => {
      const { clock } = open();
      const stop = new AbortController();
      const during = clock.pause(3_600_000, stop.signal);
      stop.abort();
      await during;
      await clock.pause(3_600_000, stop.signal);
      expect(stop.signal.aborted).toBe(true);
    });

    test.each([0, -5])("does not wait for %s milliseconds", async (durationMs) => {
      const { clock } = open();
      const startMs = clock.monotonicMs();
      await clock.pause(durationMs);
      expect(clock.monotonicMs() - startMs).toBeLessThan(1_000);
    });

    test("aborts a deadline when its time is over and not before", async () => {
      const { clock, pass } = open();
      const [near, far] = [clock.deadline(20), clock.deadline(3_600_000)];
      expect([near.aborted, far.aborted]).toEqual([false, false]);
      await pass(60);
      expect([near.aborted, far.aborted]).toEqual([true, false]);
      expect(near.reason).toMatchObject({ name: "TimeoutError" });
    });

    test("ends pauses in the order of their due times", async () => {
      const { clock, pass } = open();
      const order: number[] = [];
      const pauses = [40, 10, 25].map((durationMs) => clock.pause(durationMs).then(() => order.push(durationMs)));
      await pass(60);
      await Promise.all(pauses);
      expect(order).toEqual([10, 25, 40]);
    });
  });
}
