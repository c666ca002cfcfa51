import fc from "fast-check";
import { expect, test } from "vitest";
import { type Waiter, agingMs, fairOrder } from "./fair-order.ts";
import { type ProviderPace, freshPace, letThrough, limitsOf, lineUp, paceAt, reported, turnOf } from "./provider-pace.ts";

interface Call extends Waiter {
  readonly bornMs: number;
}

/** Lets calls of some projects come to one provider, each again when it is told to, until all have gone. */
function play(calls: readonly Call[], limits: { readonly requestsPerMinute: number | null; readonly tokensPerMinute: number | null }) {
  let pace: ProviderPace = { ...freshPace("row", "p"), version: 1, eventCount: 0 };
  const due = calls.map((call) => ({ call, atMs: call.bornMs }));
  const gone: { readonly call: Call; readonly atMs: number }[] = [];
  for (let round = 0; round < 50_000 && due.length > 0; round += 1) {
    due.sort((left, right) => left.atMs - right.atMs);
    const next = due.shift();
    if (next === undefined) break;
    const { call, atMs } = next;
    const now = paceAt(pace, limits, atMs);
    const known = now.waiting.find(({ attemptId }) => attemptId === call.attemptId);
    const caller: Waiter = { ...call, sinceMs: known?.sinceMs ?? atMs, dueAtMs: atMs };
    const { waitMs } = turnOf(now, { said: limits, caller }, atMs);
    pace = waitMs === 0 ? letThrough(now, caller, atMs) : lineUp(now, { ...caller, dueAtMs: atMs + waitMs });
    if (waitMs === 0) gone.push({ call, atMs });
    else due.push({ call, atMs: atMs + waitMs });
  }
  return { gone, left: due.length };
}

const someCalls = (most: number) =>
  fc
    .array(
      fc.record({
        project: fc.integer({ min: 0, max: 4 }),
        urgency: fc.integer({ min: 0, max: 2 }),
        tokens: fc.integer({ min: 1, max: 400 }),
        bornMs: fc.integer({ min: 0, max: 60_000 }),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((all) =>
      all.map(({ project, urgency, tokens, bornMs }, at): Call => ({
        attemptId: `a${String(at).padStart(3, "0")}`,
        projectId: `p${String(project)}`,
        urgency,
        tokens,
        bornMs,
        sinceMs: bornMs,
        dueAtMs: bornMs,
      })),
    );

test("no window ever lets through more than its bucket and what a minute fills, and everybody gets through", () => {
  fc.assert(
    fc.property(someCalls(40), fc.integer({ min: 2, max: 30 }), fc.integer({ min: 400, max: 4_000 }), (calls, requests, tokens) => {
      const { gone, left } = play(calls, { requestsPerMinute: requests, tokensPerMinute: tokens });
      expect(left).toBe(0);
      for (const { atMs: fromMs } of gone) {
        const minute = gone.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + 60_000);
        expect(minute.length).toBeLessThanOrEqual(2 * requests);
        expect(minute.reduce((sum, { call }) => sum + call.tokens, 0)).toBeLessThanOrEqual(2 * tokens + 400);
      }
    }),
    { numRuns: 100 },
  );
});

test("two that wait keep their order as time passes, so that neither always comes when the other is before it", () => {
  const call = (at: number, urgency: number, tokens: number, bornMs: number): Call => ({
    attemptId: `a00${String(at)}`,
    projectId: "p0",
    urgency,
    tokens,
    bornMs,
    sinceMs: bornMs,
    dueAtMs: bornMs,
  });
  const calls = [call(0, 0, 286, 6_491), call(1, 1, 329, 6_492), call(2, 0, 286, 6_491), call(3, 0, 1, 0)];
  expect(play(calls, { requestsPerMinute: 2, tokensPerMinute: 410 }).left).toBe(0);
  const pair = [call(1, 1, 1, 6_492), call(2, 0, 1, 6_491)];
  const first = new Set<string | undefined>();
  for (let nowMs = 6_492; nowMs < 200_000; nowMs += 1) first.add(fairOrder(pair, [], nowMs)[0]?.attemptId);
  expect([...first]).toEqual(["a001"]);
});

test("no project starves: a call of the least urgent project gets through though another floods the provider with urgent ones", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 120 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 30_000 }),
      (flood, projects, bornMs) => {
        const requestsPerMinute = 12;
        const urgent = Array.from({ length: flood }, (_, at): Call => {
          const call = { projectId: `flood${String(at % projects)}`, urgency: 2, tokens: 1 };
          return { ...call, attemptId: `f${String(at).padStart(3, "0")}`, bornMs: 0, sinceMs: 0, dueAtMs: 0 };
        });
        const small: Call = { attemptId: "small", projectId: "small", urgency: 0, tokens: 1, bornMs, sinceMs: bornMs, dueAtMs: bornMs };
        const { gone } = play([...urgent, small], { requestsPerMinute, tokensPerMinute: null });
        const at = gone.find(({ call }) => call === small)?.atMs ?? Number.POSITIVE_INFINITY;
        // Three steps of age beat any urgency of projects that were served meanwhile; then at most each of them once more.
        const boundMs = 4 * agingMs + (projects + 2) * (60_000 / requestsPerMinute);
        expect(at - bornMs).toBeLessThanOrEqual(boundMs);
      },
    ),
    { numRuns: 40 },
  );
});

test("the order holds everybody once, the urgent first where all are new", () => {
  fc.assert(
    fc.property(someCalls(30), (calls) => {
      const order = fairOrder(calls, [], 0);
      expect(order.toSorted((left, right) => (left.attemptId < right.attemptId ? -1 : 1))).toEqual(calls);
      expect(order[0]?.urgency).toBe(Math.max(...calls.map(({ urgency }) => urgency)));
    }),
    { numRuns: 200 },
  );
});

test("a vendor tightens what a person said and never widens it; silence opens a longer break each time, an answer ends it", () => {
  const said = { requestsPerMinute: 10, tokensPerMinute: null };
  expect(limitsOf(said, { requestsPerMinute: 5, tokensPerMinute: 900 })).toEqual({ requestsPerMinute: 5, tokensPerMinute: 900 });
  expect(limitsOf(said, { requestsPerMinute: 50, tokensPerMinute: null })).toEqual(said);
  const silent = { tokensTaken: 5, tokensUsed: null, outcome: "unavailable", retryAfterMs: null, told: null, said } as const;
  let pace: ProviderPace = { ...freshPace("row", "p"), version: 1, eventCount: 0 };
  const blocks: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    pace = reported(paceAt(pace, said, 0), silent, 0);
    blocks.push(pace.blockedUntilMs);
  }
  expect(blocks).toEqual([0, 0, 10_000, 20_000, 40_000]);
  expect(reported(pace, { ...silent, outcome: "answered", tokensUsed: 5 }, 0)).toMatchObject({ failures: 0, blockedUntilMs: 0 });
  expect(reported(pace, { ...silent, outcome: "rate-limited", retryAfterMs: 90_000 }, 0).blockedUntilMs).toBe(90_000);
  const told = { requestsPerMinute: 5, tokensPerMinute: null, requestsLeft: 1, tokensLeft: null };
  expect(reported(paceAt(pace, said, 0), { ...silent, outcome: "answered", told }, 0).requests?.left).toBe(1);
});
