/** Wall clock and pauses. Durations inside a process use `monotonicMs`; due times use the store's clock. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Resolves after `durationMs`, or at once when the signal aborts. */
  pause(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts after `durationMs`; holds no process open. */
  deadline(durationMs: number): AbortSignal;
}

/** Uniform numbers in [0, 1); seeded in rehearsal and simulation. */
export interface Rng {
  next(): number;
  /** Rare branches that only simulation takes; constant false in production. */
  chance(name: string): boolean;
}

/** New ids and secrets. Ids sort by time, so that index pages stay warm. */
export interface Ids {
  next(): string;
  /** 256 random bits in base64url, for one-time links and tokens. */
  secret(): string;
}
