/**
 * What goes through to a provider now: one bucket of requests and one of tokens, filled by the minute, who waits for room, and what its
 * vendor told. One row for each provider that has limits or had trouble. docs/explanation/models.md
 */
import { type Entity, organizationKind } from "../shared/entity.ts";
import { type Served, type Waiter, agingMs, fairOrder } from "./fair-order.ts";
import type { ProviderWindows } from "./provider.ts";

/** What is left at an instant; below nothing after a call that was larger than the bucket. */
export interface Bucket {
  readonly left: number;
  readonly atMs: number;
}

/** What a vendor told with its last answer. Data, never believed to be more than a person said. */
export interface VendorWindow extends ProviderWindows {
  readonly requestsLeft: number | null;
  readonly tokensLeft: number | null;
}

export interface ProviderPace extends Entity {
  readonly providerId: string;
  /** Null: no limit is known. */
  readonly requests: Bucket | null;
  readonly tokens: Bucket | null;
  readonly told: ProviderWindows;
  /** Nothing is sent before. */
  readonly blockedUntilMs: number;
  /** Calls in a row that got no answer. */
  readonly failures: number;
  /** At most `maxWaiting`. */
  readonly waiting: readonly Waiter[];
  /** The last time of each project, at most `maxServed`. */
  readonly served: readonly Served[];
}

export const paceKind = organizationKind<ProviderPace>("provider_pace");

export const maxWaiting = 500;
const maxServed = 200;
const minuteMs = 60_000;
/** A waiter that did not come again by then is gone. */
const graceMs = 120_000;
const shortestWaitMs = 250;
const longestWaitMs = 3_600_000;
/** Calls without an answer in a row after which a provider is left alone, and for how long, doubled with each one more. */
const patience = 3;
const firstBreakMs = 10_000;
const longestBreakMs = 900_000;

export const freshPace = (id: string, providerId: string): Omit<ProviderPace, "version" | "eventCount"> => ({
  id,
  providerId,
  requests: null,
  tokens: null,
  told: { requestsPerMinute: null, tokensPerMinute: null },
  blockedUntilMs: 0,
  failures: 0,
  waiting: [],
  served: [],
});

type Paced = Omit<ProviderPace, "version" | "eventCount">;

const tighter = (left: number | null, right: number | null): number | null =>
  left === null ? right : right === null ? left : Math.min(left, right);

/** The limits that hold: what a person said, or what the vendor told where that is less. */
export const limitsOf = (said: ProviderWindows, told: ProviderWindows): ProviderWindows => ({
  requestsPerMinute: tighter(said.requestsPerMinute, told.requestsPerMinute),
  tokensPerMinute: tighter(said.tokensPerMinute, told.tokensPerMinute),
});

/** The bucket as it is at an instant: full at first, filled by the minute, never above its limit. Time never runs backwards. */
export function filled(bucket: Bucket | null, perMinute: number | null, nowMs: number): Bucket | null {
  if (perMinute === null) return null;
  if (bucket === null) return { left: perMinute, atMs: nowMs };
  const passedMs = Math.max(0, nowMs - bucket.atMs);
  return { left: Math.min(perMinute, bucket.left + (perMinute * passedMs) / minuteMs), atMs: Math.max(nowMs, bucket.atMs) };
}

/** The row as it counts at an instant; those who did not come back are forgotten. */
export function paceAt<Row extends Paced>(pace: Row, said: ProviderWindows, nowMs: number): Row {
  const limits = limitsOf(said, pace.told);
  return {
    ...pace,
    requests: filled(pace.requests, limits.requestsPerMinute, nowMs),
    tokens: filled(pace.tokens, limits.tokensPerMinute, nowMs),
    waiting: pace.waiting.filter(({ dueAtMs }) => dueAtMs + graceMs >= nowMs),
  };
}

/** How long a caller has to wait for its turn, 0 for not at all, and how many are before it. */
export interface Turn {
  readonly waitMs: number;
  readonly ahead: number;
}

/** @param pace as it is at the instant */
export function turnOf(pace: Paced, { said, caller }: { readonly said: ProviderWindows; readonly caller: Waiter }, nowMs: number): Turn {
  const limits = limitsOf(said, pace.told);
  const others = pace.waiting.filter(({ attemptId }) => attemptId !== caller.attemptId);
  const order = fairOrder([...others, caller], pace.served, nowMs);
  const ahead = order.slice(0, order.indexOf(caller));
  const needed = ahead.reduce(
    (sum, { tokens }) => sum + within(tokens, limits.tokensPerMinute),
    within(caller.tokens, limits.tokensPerMinute),
  );
  const waitMs = Math.max(
    pace.blockedUntilMs - nowMs,
    waitFor(pace.requests, ahead.length + 1, limits.requestsPerMinute),
    waitFor(pace.tokens, needed, limits.tokensPerMinute),
  );
  // Others age differently meanwhile: who has some before it looks again after each step.
  const mostMs = ahead.length > 0 ? Math.max(agingMs, pace.blockedUntilMs - nowMs) : longestWaitMs;
  return { waitMs: waitMs <= 0 ? 0 : Math.min(mostMs, Math.max(shortestWaitMs, Math.ceil(waitMs))), ahead: ahead.length };
}

/** What is larger than the whole bucket goes when the bucket is full. */
const within = (tokens: number, limit: number | null): number => (limit === null ? tokens : Math.min(tokens, limit));

const waitFor = (bucket: Bucket | null, needed: number, perMinute: number | null): number =>
  bucket === null || perMinute === null || bucket.left >= needed ? 0 : ((needed - bucket.left) / perMinute) * minuteMs;

/** Lets a call through: it is taken out of both buckets, and waits no more. */
export function letThrough<Row extends Paced>(pace: Row, caller: Waiter, nowMs: number): Row {
  const served = [...pace.served.filter(({ projectId }) => projectId !== caller.projectId), { projectId: caller.projectId, atMs: nowMs }];
  return {
    ...pace,
    requests: less(pace.requests, 1),
    tokens: less(pace.tokens, caller.tokens),
    waiting: pace.waiting.filter(({ attemptId }) => attemptId !== caller.attemptId),
    served: served.slice(-maxServed),
  };
}

const less = (bucket: Bucket | null, by: number): Bucket | null => (bucket === null ? null : { ...bucket, left: bucket.left - by });

/** Keeps a place for who waits. A list that is full keeps nobody new: they come again, and find room when others have gone. */
export function lineUp<Row extends Paced>(pace: Row, waiter: Waiter): Row {
  const others = pace.waiting.filter(({ attemptId }) => attemptId !== waiter.attemptId);
  return others.length >= maxWaiting ? pace : { ...pace, waiting: [...others, waiter] };
}

/** What a call came to, as far as the pace is concerned. */
export interface PaceReport {
  readonly tokensTaken: number;
  /** Null: nobody knows. */
  readonly tokensUsed: number | null;
  readonly outcome: "answered" | "rate-limited" | "unavailable" | "refused";
  readonly retryAfterMs: number | null;
  readonly told: VendorWindow | null;
}

/** Takes up what a call used and what its vendor told. @param before as it is at the instant */
export function reported<Row extends Paced>(before: Row, report: PaceReport & { readonly said: ProviderWindows }, nowMs: number): Row {
  const { told, outcome, tokensTaken, tokensUsed } = report;
  // A limit that the vendor told for the first time has a bucket from now on.
  const pace = paceAt(told === null ? before : { ...before, told: toldOf(before, told) }, report.said, nowMs);
  const failures = outcome === "answered" || outcome === "refused" ? 0 : pace.failures + 1;
  const tokens = tokensUsed === null ? pace.tokens : less(pace.tokens, tokensUsed - tokensTaken);
  return {
    ...pace,
    failures,
    requests: atMost(pace.requests, told?.requestsLeft ?? null),
    tokens: atMost(tokens, told?.tokensLeft ?? null),
    blockedUntilMs: Math.max(outcome === "answered" ? 0 : pace.blockedUntilMs, nowMs + breakMs(report, failures)),
  };
}

const toldOf = ({ told: before }: Paced, told: VendorWindow): ProviderWindows => ({
  requestsPerMinute: told.requestsPerMinute ?? before.requestsPerMinute,
  tokensPerMinute: told.tokensPerMinute ?? before.tokensPerMinute,
});

const atMost = (bucket: Bucket | null, left: number | null): Bucket | null =>
  bucket === null || left === null ? bucket : { ...bucket, left: Math.min(bucket.left, left) };

/** How long nothing is sent: as the vendor asks, or longer each time it does not answer. */
function breakMs({ outcome, retryAfterMs }: PaceReport, failures: number): number {
  if (outcome === "rate-limited") return Math.min(longestWaitMs, retryAfterMs ?? firstBreakMs);
  if (outcome !== "unavailable" || failures < patience) return 0;
  return Math.min(longestBreakMs, firstBreakMs * 2 ** Math.min(10, failures - patience));
}
