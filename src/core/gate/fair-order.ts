/** Who goes next where many wait for the same provider: urgent work first, and whoever waits long enough before it. */

/** A call that waits for room. */
export interface Waiter {
  readonly attemptId: string;
  readonly projectId: string;
  /** 0 low, 1 normal, 2 high. */
  readonly urgency: number;
  /** What its call takes, estimated. */
  readonly tokens: number;
  readonly sinceMs: number;
  /** When it comes again by itself. */
  readonly dueAtMs: number;
}

/** When a project's call was last let through. */
export interface Served {
  readonly projectId: string;
  readonly atMs: number;
}

/** Waiting this long counts as one step of urgency, without end: so nothing waits for ever behind what is more urgent. */
export const agingMs = 30_000;

/**
 * What a call weighs, in milliseconds of waiting. Two that wait keep their order as time passes: were age counted in whole steps, each of
 * them could come back at just the moments at which the other is before it, for ever.
 */
const weight = (urgency: number, fromMs: number, nowMs: number): number => urgency * agingMs + Math.max(0, nowMs - fromMs);

/** Inside of a project: the aged urgency, then who came first. */
const inside =
  (nowMs: number) =>
  (left: Waiter, right: Waiter): number =>
    weight(right.urgency, right.sinceMs, nowMs) - weight(left.urgency, left.sinceMs, nowMs) ||
    left.sinceMs - right.sinceMs ||
    (left.attemptId < right.attemptId ? -1 : 1);

interface Lane {
  readonly projectId: string;
  readonly queue: readonly Waiter[];
  next: number;
  servedMs: number;
}

/**
 * All who wait, the next one first. Between projects the age counts from when the project was last served, so that one that floods the
 * provider ages no faster than one that asks once. `O(n·p)` for n waiters of p projects.
 */
export function fairOrder(waiting: readonly Waiter[], served: readonly Served[], nowMs: number): readonly Waiter[] {
  const groups = Map.groupBy(waiting, ({ projectId }) => projectId);
  const lanes = [...groups].map(([projectId, queue]): Lane => ({
    projectId,
    queue: queue.toSorted(inside(nowMs)),
    next: 0,
    servedMs: served.find((one) => one.projectId === projectId)?.atMs ?? Number.NEGATIVE_INFINITY,
  }));
  const order: Waiter[] = [];
  while (order.length < waiting.length) {
    const lane = lanes.filter(({ next, queue }) => next < queue.length).reduce((best, one) => (isBefore(one, best, nowMs) ? one : best));
    const waiter = lane.queue[lane.next];
    if (waiter === undefined) break;
    order.push(waiter);
    lane.next += 1;
    // Later rounds go on as if it were served now; the ones served first in this order are the ones served longest ago in the next.
    lane.servedMs = nowMs + order.length;
  }
  return order;
}

function isBefore(one: Lane, other: Lane, nowMs: number): boolean {
  const [left, right] = [one.queue[one.next], other.queue[other.next]];
  if (left === undefined || right === undefined) return right === undefined;
  const weightOf = ({ servedMs }: Lane, { urgency, sinceMs }: Waiter): number => weight(urgency, Math.max(sinceMs, servedMs), nowMs);
  const difference = weightOf(one, left) - weightOf(other, right);
  if (difference !== 0) return difference > 0;
  if (one.servedMs !== other.servedMs) return one.servedMs < other.servedMs;
  return left.sinceMs !== right.sinceMs ? left.sinceMs < right.sinceMs : one.projectId < other.projectId;
}
