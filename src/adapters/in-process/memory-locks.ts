import { Failure } from "../../core/shared/failure.ts";

/** `share`: many at once; `own`: one alone. */
export type LockMode = "share" | "own";

/** Row and key locks of open transactions, first come first served, held until the transaction ends. */
export interface MemoryLocks {
  /** Resolves once `owner` holds `key`. @throws {Failure} `store.serialization` when waiting would close a circle */
  acquire(owner: number, key: string, mode: LockMode): Promise<void>;
  /** Takes the lock alone, only when nobody else holds or awaits it. */
  tryAcquire(owner: number, key: string): boolean;
  /** Lets go of everything, what it still waits for too: nobody is left to give that back. */
  release(owner: number): void;
}

interface Waiter {
  readonly owner: number;
  readonly mode: LockMode;
  readonly wake: () => void;
  readonly drop: (error: Failure) => void;
}

interface Held {
  mode: LockMode;
  readonly owners: Set<number>;
  waiters: readonly Waiter[];
}

interface LockState {
  readonly held: Map<string, Held>;
  readonly keysOf: Map<number, Set<string>>;
  /** The one key each waiting owner waits for. */
  readonly awaited: Map<number, string>;
}

const fits = (lock: Held, owner: number, mode: LockMode): boolean =>
  lock.owners.size === 0 || (lock.owners.size === 1 && lock.owners.has(owner)) || (mode === "share" && lock.mode === "share");

function grant(state: LockState, key: string, asked: { readonly owner: number; readonly mode: LockMode }): void {
  const lock = state.held.get(key) ?? { mode: asked.mode, owners: new Set<number>(), waiters: [] };
  lock.mode = lock.owners.has(asked.owner) && lock.mode === "own" ? "own" : asked.mode;
  lock.owners.add(asked.owner);
  state.held.set(key, lock);
  const keys = state.keysOf.get(asked.owner) ?? new Set<string>();
  keys.add(key);
  state.keysOf.set(asked.owner, keys);
}

/** Whether somebody who holds or is ahead for `key` waits, directly or through others, for `owner`. `O(open transactions)`. */
function closesCircle(state: LockState, owner: number, key: string): boolean {
  const upgrades = state.held.get(key)?.owners.has(owner) === true;
  const others = ahead(state, key, upgrades).filter((holder) => holder !== owner);
  // two who share the row and both want it alone wait for each other without any further key
  if (upgrades && others.some((holder) => state.awaited.get(holder) === key)) return true;
  const visited = new Set<string>([key]);
  const open = others.flatMap((holder) => state.awaited.get(holder) ?? []);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (visited.has(next)) continue;
    visited.add(next);
    const holders = ahead(state, next, false);
    if (holders.includes(owner)) return true;
    open.push(...holders.flatMap((holder) => state.awaited.get(holder) ?? []));
  }
  return false;
}

/** Who must let go before a newcomer gets the key. One who already shares it passes those who only wait. */
function ahead(state: LockState, key: string, upgrades: boolean): readonly number[] {
  const lock = state.held.get(key);
  if (lock === undefined) return [];
  return upgrades ? [...lock.owners] : [...lock.owners, ...lock.waiters.map((waiter) => waiter.owner)];
}

/** Ends an owner's wait; those behind it may be served by that. */
function withdraw(state: LockState, owner: number): void {
  const key = state.awaited.get(owner);
  const lock = key === undefined ? undefined : state.held.get(key);
  state.awaited.delete(owner);
  if (key === undefined || lock === undefined) return;
  const mine = lock.waiters.filter((waiter) => waiter.owner === owner);
  lock.waiters = lock.waiters.filter((waiter) => waiter.owner !== owner);
  for (const waiter of mine) waiter.drop(ended());
  serveNext(state, key, lock);
}

const ended = (): Failure =>
  new Failure("unavailable", "store.unavailable", { message: "The transaction ended while it waited for a row. Try again." });

function releaseKey(state: LockState, owner: number, key: string): void {
  const lock = state.held.get(key);
  if (lock === undefined) return;
  lock.owners.delete(owner);
  serveNext(state, key, lock);
}

function serveNext(state: LockState, key: string, lock: Held): void {
  for (let next = lock.waiters[0]; next !== undefined && fits(lock, next.owner, next.mode); next = lock.waiters[0]) {
    lock.waiters = lock.waiters.slice(1);
    state.awaited.delete(next.owner);
    grant(state, key, next);
    next.wake();
  }
  if (lock.owners.size === 0) state.held.delete(key);
}

/** Locks in this process' memory. A circle is found when it would close, so one of two ends at once instead of both hanging. */
export function createMemoryLocks(): MemoryLocks {
  const state: LockState = { held: new Map(), keysOf: new Map(), awaited: new Map() };
  const holds = (lock: Held, owner: number, mode: LockMode): boolean => lock.owners.has(owner) && (mode === "share" || lock.mode === "own");
  return {
    tryAcquire(owner, key) {
      const lock = state.held.get(key);
      if (lock !== undefined && !(holds(lock, owner, "own") || (fits(lock, owner, "own") && lock.waiters.length === 0))) return false;
      grant(state, key, { owner, mode: "own" });
      return true;
    },
    async acquire(owner, key, mode) {
      const lock = state.held.get(key);
      if (lock !== undefined && holds(lock, owner, mode)) return;
      const upgrades = lock?.owners.has(owner) === true;
      if (lock === undefined || (fits(lock, owner, mode) && (upgrades || lock.waiters.length === 0)))
        return grant(state, key, { owner, mode });
      if (closesCircle(state, owner, key)) {
        throw new Failure("conflict", "store.serialization", {
          message: "Two transactions waited for each other; this one gave way. Decide again.",
        });
      }
      state.awaited.set(owner, key);
      await new Promise<void>((wake, drop) => {
        const waiter = { owner, mode, wake, drop };
        // who already shares the row and wants it alone goes first: those behind could not be served before it anyway
        lock.waiters = upgrades ? [waiter, ...lock.waiters] : [...lock.waiters, waiter];
      });
    },
    release(owner) {
      withdraw(state, owner);
      for (const key of state.keysOf.get(owner) ?? []) releaseKey(state, owner, key);
      state.keysOf.delete(owner);
    },
  };
}
