import { expect, test } from "vitest";
import { createMemoryLocks } from "./memory-locks.ts";

const pending = Symbol("pending");
const stateOf = async (promise: Promise<unknown>): Promise<unknown> => {
  let state: unknown = pending;
  void promise.then(() => {
    state = "held";
  });
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  return state;
};

test("serves waiters in the order they came", async () => {
  const locks = createMemoryLocks();
  const order: number[] = [];
  await locks.acquire(1, "row", "own");
  const waiting = [2, 3, 4].map((owner) =>
    locks.acquire(owner, "row", "own").then(() => {
      order.push(owner);
      locks.release(owner);
    }),
  );
  locks.release(1);
  await Promise.all(waiting);
  expect(order).toEqual([2, 3, 4]);
});

test("does not let sharers overtake one who waits to change the row", async () => {
  const locks = createMemoryLocks();
  await locks.acquire(1, "row", "share");
  const writer = locks.acquire(2, "row", "own");
  const late = locks.acquire(3, "row", "share");
  expect(await stateOf(late)).toBe(pending);
  locks.release(1);
  await writer;
  expect(await stateOf(late)).toBe(pending);
  locks.release(2);
  expect(await stateOf(late)).toBe("held");
});

test("lets one who shares a row alone take it, past those who wait", async () => {
  const locks = createMemoryLocks();
  await locks.acquire(1, "row", "share");
  const other = locks.acquire(2, "row", "own");
  await locks.acquire(1, "row", "own");
  expect(await stateOf(other)).toBe(pending);
  locks.release(1);
  expect(await stateOf(other)).toBe("held");
});

test("refuses the second of two sharers who both want the row alone", async () => {
  const locks = createMemoryLocks();
  await locks.acquire(1, "row", "share");
  await locks.acquire(2, "row", "share");
  const first = locks.acquire(1, "row", "own");
  await expect(locks.acquire(2, "row", "own")).rejects.toMatchObject({ code: "store.serialization" });
  locks.release(2);
  expect(await stateOf(first)).toBe("held");
});

test("finds a circle of three", async () => {
  const locks = createMemoryLocks();
  for (const owner of [1, 2, 3]) await locks.acquire(owner, `row ${String(owner)}`, "own");
  void locks.acquire(1, "row 2", "own");
  void locks.acquire(2, "row 3", "own");
  await expect(locks.acquire(3, "row 1", "own")).rejects.toMatchObject({ code: "store.serialization" });
});

test("takes a free row without waiting and refuses one that is held or awaited", async () => {
  const locks = createMemoryLocks();
  expect(locks.tryAcquire(1, "row")).toBe(true);
  expect(locks.tryAcquire(1, "row")).toBe(true);
  expect(locks.tryAcquire(2, "row")).toBe(false);
  await locks.acquire(3, "shared", "share");
  expect(locks.tryAcquire(4, "shared")).toBe(false);
  locks.release(1);
  expect(locks.tryAcquire(2, "row")).toBe(true);
});

test("gives nothing to an owner that ended while it waited, and serves those behind it", async () => {
  const locks = createMemoryLocks();
  await locks.acquire(1, "row", "share");
  const gone = locks.acquire(2, "row", "own");
  const behind = locks.acquire(3, "row", "share");
  locks.release(2);
  await expect(gone).rejects.toMatchObject({ code: "store.unavailable" });
  expect(await stateOf(behind)).toBe("held");
  locks.release(1);
  locks.release(3);
  expect(locks.tryAcquire(4, "row")).toBe(true);
});
