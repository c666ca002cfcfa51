import { performance } from "node:perf_hooks";
import type { Clock } from "../../engine/ports/clock.ts";

/** Longest time that a timer of the runtime can hold; longer pauses are made of several. */
const longestTimerMs = 2_147_483_647;

async function wait(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, durationMs);
    signal?.addEventListener("abort", finish, { once: true });
  });
}

/** This machine's clock and timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  deadline: (durationMs) => AbortSignal.timeout(Math.min(Math.max(0, Math.ceil(durationMs)), longestTimerMs)),
  monotonicMs: () => performance.now(),
  async pause(durationMs, signal) {
    const endMs = performance.now() + durationMs;
    // a timer may fire a little early; at most one round per 24 days and one for the rest
    for (let leftMs = durationMs; leftMs > 0 && signal?.aborted !== true; leftMs = endMs - performance.now()) {
      await wait(Math.min(Math.ceil(leftMs), longestTimerMs), signal);
    }
  },
};
