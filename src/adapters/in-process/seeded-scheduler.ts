import type { Clock, Rng } from "../../engine/ports/clock.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** A simulated process: what it awaits goes through the scheduler, and once killed it never gets on. */
export interface SimulatedProcess {
  readonly name: string;
  /** Resolves when the scheduler picks it. Rejects with `ProcessKilled` once the process is dead. */
  readonly ready: () => Promise<void>;
  /** The shared virtual clock; pauses of a dead process never end. */
  readonly clock: Clock;
  readonly alive: () => boolean;
  kill(): void;
}

/** Unwinds a killed process: open transactions roll back on its way, as they do when a connection drops. */
export class ProcessKilled extends Error {
  override readonly name = "ProcessKilled";
}

interface Waiting {
  readonly process: string;
  readonly resume: () => void;
  readonly drop: (error: Error) => void;
}

export interface SeededScheduler {
  process(name: string): SimulatedProcess;
  /** Lets one of those who wait go on until it waits again. False: nobody waits. */
  step(): Promise<boolean>;
  readonly waiting: () => number;
}

export interface SchedulerOptions {
  readonly rng: Rng;
  readonly clock: VirtualClock;
  /** Resolves when everything that can run without the scheduler has run. */
  readonly settle: () => Promise<void>;
}

/** Picks who goes on, by seed: the same seed and the same program give the same interleaving. */
export function createSeededScheduler(options: SchedulerOptions): SeededScheduler {
  let queue: readonly Waiting[] = [];

  const process = (name: string): SimulatedProcess => {
    let alive = true;
    const killed = (): Error => new ProcessKilled(`The process ${name} was killed.`);
    const ready = (): Promise<void> => {
      if (!alive) return Promise.reject(killed());
      return new Promise((resume, drop) => {
        queue = [...queue, { process: name, resume, drop }];
      });
    };
    return {
      name,
      ready,
      alive: () => alive,
      clock: {
        nowMs: () => options.clock.nowMs(),
        monotonicMs: () => options.clock.monotonicMs(),
        deadline: (durationMs) => options.clock.deadline(durationMs),
        async pause(durationMs, signal) {
          await options.clock.pause(durationMs, signal);
          await ready();
        },
      },
      kill() {
        alive = false;
        const mine = queue.filter((waiting) => waiting.process === name);
        queue = queue.filter((waiting) => waiting.process !== name);
        for (const waiting of mine) waiting.drop(killed());
      },
    };
  };

  return {
    process,
    waiting: () => queue.length,
    async step() {
      if (queue.length === 0) await options.settle(); // somebody may be on their way to a place where they wait
      const chosen = queue[Math.floor(options.rng.next() * queue.length)];
      if (chosen === undefined) return false;
      queue = queue.filter((waiting) => waiting !== chosen);
      chosen.resume();
      await options.settle();
      return true;
    },
  };
}
