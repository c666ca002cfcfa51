import type { Ids } from "../../engine/ports/clock.ts";

export interface SequenceIdsOptions {
  /** Tells two sequences apart; 0 to 2^32 - 1. */
  readonly seed: number;
  /** First value of the time part; ids grow from here. */
  readonly startAtMs?: number;
}

/** Ids in the shape of UUID version 7 that count up by one, so a run with the same seed names everything the same. Never for secrets of real people. */
export function createSequenceIds(options: SequenceIdsOptions): Ids {
  const startAtMs = options.startAtMs ?? 1_700_000_000_000;
  const tail = (options.seed >>> 0).toString(16).padStart(12, "0");
  let issued = 0;
  let secrets = 0;
  return {
    next() {
      const time = (startAtMs + Math.floor(issued / 4_096)).toString(16).padStart(12, "0");
      const counter = (issued % 4_096).toString(16).padStart(3, "0");
      issued += 1;
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-8000-${tail}`;
    },
    secret() {
      secrets += 1;
      return `${tail}${secrets.toString(16).padStart(31, "0")}`;
    },
  };
}
