import type { Clock } from "../../engine/ports/clock.ts";

/** A clock that moves only when told to. Pauses wake in the order of their due times, then of their start. */
export interface VirtualClock extends Clock {
  /** Moves on and wakes what came due on the way. */
  advance(durationMs: number): void;
  /** Moves the wall clock alone, forward or back, as an administrator or a bad time server would; pauses keep their length. */
  jump(durationMs: number): void;
  /** When the next pause ends, in wall time; undefined: nothing waits. */
  nextWakeMs(): number | undefined;
}

interface Sleeper {
  readonly dueMonotonicMs: number;
  readonly wake: () => void;
}

/** The reason that the runtime's own deadlines carry. */
const timedOut = (): DOMException => new DOMException("The operation was aborted due to timeout", "TimeoutError");

export function createVirtualClock(startAtMs: number): VirtualClock {
  let monotonicMs = 0;
  let wallOffsetMs = startAtMs;
  let sleepers: readonly Sleeper[] = [];

  const pause = async (durationMs: number, signal?: AbortSignal): Promise<void> => {
    if (durationMs <= 0 || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const sleeper: Sleeper = { dueMonotonicMs: monotonicMs + durationMs, wake: finish };
      sleepers = [...sleepers, sleeper].toSorted((left, right) => left.dueMonotonicMs - right.dueMonotonicMs);
      signal?.addEventListener("abort", finish, { once: true });
    });
  };

  return {
    nowMs: () => monotonicMs + wallOffsetMs,
    monotonicMs: () => monotonicMs,
    pause,
    deadline(durationMs) {
      const over = new AbortController();
      if (durationMs <= 0) over.abort(timedOut());
      else void pause(durationMs).then(() => over.abort(timedOut()));
      return over.signal;
    },
    advance(durationMs) {
      const untilMs = monotonicMs + Math.max(0, durationMs);
      for (const sleeper of sleepers.filter((candidate) => candidate.dueMonotonicMs <= untilMs)) {
        monotonicMs = Math.max(monotonicMs, sleeper.dueMonotonicMs);
        sleeper.wake();
      }
      monotonicMs = untilMs;
    },
    jump(durationMs) {
      wallOffsetMs += durationMs;
    },
    nextWakeMs() {
      const [first] = sleepers;
      return first === undefined ? undefined : first.dueMonotonicMs + wallOffsetMs;
    },
  };
}
