import { expect, test } from "vitest";
import { pollingPace } from "./polling-pace.ts";

function paceAt() {
  const set: number[] = [];
  let nowMs = 0;
  const pace = pollingPace({
    busyMs: 20,
    idleMs: 100,
    idleAfterMs: 10_000,
    monotonicMs: () => nowMs,
    set: (intervalMs) => set.push(intervalMs),
  });
  return {
    pace,
    set,
    passMs: (durationMs: number) => {
      nowMs += durationMs;
    },
  };
}

test("slows down once, after the queue has been empty for ten seconds", () => {
  const { pace, set, passMs } = paceAt();
  passMs(9_999);
  pace.look(false);
  expect(set).toEqual([]);
  passMs(1);
  pace.look(false);
  pace.look(false);
  expect(set).toEqual([100]);
});

test("speeds up with the first enqueue and with work seen elsewhere, and not again while fast", () => {
  const { pace, set, passMs } = paceAt();
  for (const wake of [() => pace.work(), () => pace.look(true)]) {
    passMs(10_000);
    pace.look(false);
    wake();
    pace.work();
  }
  expect(set).toEqual([100, 20, 100, 20]);
});

test("counts the ten seconds from the last work", () => {
  const { pace, set, passMs } = paceAt();
  passMs(9_000);
  pace.look(true);
  passMs(9_000);
  pace.look(false);
  expect(set).toEqual([]);
});
