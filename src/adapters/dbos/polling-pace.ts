/** How often the queue is looked at, in every process: the interval is a row of the engine that all of them read. */
export interface PollingPace {
  /** There is work: called with every enqueue, and by whoever sees work waiting or running. */
  work(): void;
  /** Called now and then by a worker with what it sees; slows down once nothing was there for long enough. */
  look(busy: boolean): void;
}

export interface PaceOptions {
  readonly busyMs: number;
  readonly idleMs: number;
  /** Time without work after which polling slows down. */
  readonly idleAfterMs: number;
  readonly monotonicMs: () => number;
  /** Writes the interval; a failure costs pace, not correctness, and is the callee's to tell. */
  readonly set: (intervalMs: number) => void;
}

export function pollingPace({ busyMs, idleMs, idleAfterMs, monotonicMs, set }: PaceOptions): PollingPace {
  let slow = false;
  let lastWorkMs = monotonicMs();
  const work = (): void => {
    lastWorkMs = monotonicMs();
    if (!slow) return;
    slow = false;
    set(busyMs);
  };
  return {
    work,
    look(busy) {
      if (busy) work();
      else if (!slow && monotonicMs() - lastWorkMs >= idleAfterMs) {
        slow = true;
        set(idleMs);
      }
    },
  };
}
