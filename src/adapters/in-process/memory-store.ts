import { Failure } from "../../core/shared/failure.ts";
import type { JobRun } from "../../engine/ports/durable.ts";
import type { Clock } from "../../engine/ports/clock.ts";
import type { Moment, Scope, Store } from "../../engine/ports/store.ts";
import { createMemoryLocks, type MemoryLocks } from "./memory-locks.ts";
import { createMemoryReader } from "./memory-reader.ts";
import type { MemoryView } from "./memory-view.ts";
import { createMemoryRecord, type MemoryRecord } from "./memory-record.ts";
import { keepVectorsIn } from "./memory-vectors.ts";
import { type OpenTransaction, openTransaction } from "./memory-transaction.ts";

/**
 * How a commit goes wrong. `serialization` and `abort`: not committed, and the caller is told so. `unknown-*`: the reply is lost,
 * and the caller cannot tell whether the commit happened.
 */
export type CommitFault = "none" | "serialization" | "abort" | "unknown-committed" | "unknown-aborted";

/** What several stores in one simulation share, as processes share a database. */
export interface MemoryDatabase {
  /** Everything committed, for dumps. Read only. */
  readonly record: MemoryRecord;
  readonly locks: MemoryLocks;
  readonly listeners: Set<() => void>;
}

export const createMemoryDatabase = (): MemoryDatabase => ({
  record: createMemoryRecord(),
  locks: createMemoryLocks(),
  listeners: new Set(),
});

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /** Receives the jobs of each commit, once. */
  readonly enqueue: (runs: readonly JobRun[]) => void;
  /** Absent: a database of its own. */
  readonly database?: MemoryDatabase;
  /** Asked at each commit; absent: commits never go wrong. */
  readonly fault?: () => CommitFault;
  /** Awaited before each statement, so a scheduler can run something else in between. */
  readonly ready?: () => Promise<void>;
}

export interface MemoryStore extends Store {
  /** Everything committed, for dumps. Read only. */
  readonly record: MemoryRecord;
}

const lostReply = (): Failure =>
  new Failure("unavailable", "store.commit-unknown", {
    message: "The store did not answer the commit. Send the same key again to learn the outcome.",
  });

function settle(open: OpenTransaction, fault: CommitFault): readonly JobRun[] {
  switch (fault) {
    case "serialization":
      throw new Failure("conflict", "store.serialization", { message: "Another transaction came in between. Decide again." });
    case "abort":
      throw new Failure("unavailable", "store.unavailable", {
        message: "The store ended the transaction before it was committed. Try again.",
      });
    case "unknown-aborted":
      throw lostReply();
    case "none":
    case "unknown-committed":
      return open.commit();
  }
}

/**
 * The store in memory: the same promises as Postgres, without surviving the process. Reads inside a transaction see what is committed
 * when they run; `read` stands on one snapshot; every version of every row is kept.
 */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const { record, locks, listeners } = options.database ?? createMemoryDatabase();
  const ready = options.ready ?? (() => Promise.resolve());
  const nowMs = (): number => {
    record.recordedAtMs = Math.max(record.recordedAtMs, options.clock.nowMs());
    return record.recordedAtMs;
  };

  const committed = (runs: readonly JobRun[]): void => {
    if (runs.length > 0) options.enqueue(runs);
    for (const notify of listeners) notify();
  };

  return {
    record,
    async transact(context, work) {
      const open = openTransaction({ record, locks, context, nowMs, ready });
      try {
        const result = await work(open.transaction);
        await ready();
        const fault = options.fault?.() ?? "none";
        const runs = settle(open, fault);
        open.end();
        committed(runs);
        await ready();
        if (fault === "unknown-committed") throw lostReply();
        return result;
      } finally {
        open.end();
      }
    },
    read: (scope, work, moment) => work(createMemoryReader(snapshotView(record, scope, moment), ready)),
    // Commits are made in one go and bear the time they were made at, so only the present millisecond can still grow.
    async moment(askedMs) {
      await ready();
      return { atMs: Math.min(Math.floor(askedMs), nowMs() - 1) };
    },
    async keepVectors(scope, of, made) {
      await ready();
      return keepVectorsIn(snapshotView(record, scope, undefined), of, made);
    },
    async nowMs() {
      await ready();
      return nowMs();
    },
    onEvents(notify) {
      const listener = (): void => notify();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function snapshotView(record: MemoryRecord, scope: Scope, moment: Moment | undefined): MemoryView {
  const sight = { commit: record.commits, atMs: moment?.atMs ?? null };
  const horizon = Math.min(record.transactions + 1, ...record.openWriters);
  return { record, scope, sight: () => sight, horizon: () => horizon, own: new Map() };
}
