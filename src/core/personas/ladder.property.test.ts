import fc from "fast-check";
import { expect, test } from "vitest";
import { shareInterval } from "../shared/intervals.ts";
import {
  type Ladder,
  type LadderEvent,
  type Rung,
  ladderAfter,
  ladderBars,
  newLadder,
  riseOf,
  rungFor,
  rungs,
  shareFor,
} from "./ladder.ts";
import type { ExecutorKind } from "./persona.ts";
import { watchOf } from "./watch.ts";

const height = (rung: Rung): number => rungs.indexOf(rung);

const outcome = fc.record({
  attemptId: fc.uuid(),
  personaVersion: fc.constantFrom(1, 2),
  executor: fc.constantFrom("model" as const, "agent" as const),
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant("good") },
    { weight: 1, arbitrary: fc.constant("bad" as const) },
    { weight: 1, arbitrary: fc.constant("redirected" as const) },
  ),
  judged: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});
const said = { byId: "p", reason: "r" } as const;
const happening = fc.oneof(
  { weight: 12, arbitrary: outcome.map((one) => ({ kind: "outcome", one }) as const) },
  { weight: 2, arbitrary: fc.constantFrom(...rungs).map((to) => ({ kind: "consented", to, ...said }) as const) },
  { weight: 1, arbitrary: fc.constantFrom(...rungs).map((to) => ({ kind: "lowered", to, ...said }) as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "declined" as const, ...said }) },
);

/** Good work of one pair, and then a person who agrees. */
const goodRun = fc.constantFrom("review" as const, "sampled" as const).map((to) => [
  ...Array.from({ length: 22 }, (_none, at) => {
    const one = { attemptId: `a${at}`, personaVersion: 1, executor: "model", kind: "good", judged: true } as const;
    return { kind: "outcome", one } as const;
  }),
  { kind: "consented", to, ...said } as const,
]);

/** What happens one after the other, a moment apart. */
const story = fc
  .array(fc.oneof({ weight: 4, arbitrary: happening.map((one) => [one]) }, { weight: 1, arbitrary: goodRun }), { maxLength: 25 })
  .map((all) =>
    all.flat().map((one, at): LadderEvent => {
      const atMs = 10 + at;
      return one.kind === "outcome" ? { kind: "outcome", outcome: { ...one.one, atMs } } : { ...one, atMs };
    }),
  );

const walk = (
  events: readonly LadderEvent[],
): readonly { readonly before: Ladder; readonly event: LadderEvent; readonly after: Ladder }[] => {
  let ladder = newLadder(0);
  return events.map((event) => {
    const before = ladder;
    ladder = ladderAfter(before, event);
    return { before, event, after: ladder };
  });
};

/** What is wrong with one rise; empty: nothing. */
function riseProblems({ before, event, after }: ReturnType<typeof walk>[number]): readonly string[] {
  const rise = riseOf(before);
  const bar = ladderBars.rise[before.rung === "suggest" ? "suggest" : "review"];
  const judged = before.outcomes.filter(
    (one) =>
      one.judged && one.atMs > before.sinceMs && one.personaVersion === rise?.pair.personaVersion && one.executor === rise.pair.executor,
  );
  const good = judged.filter(({ kind }) => kind === "good").length;
  return [
    ...(event.kind === "consented" ? [] : [`${event.kind} raised it`]),
    ...(rise?.to === after.rung && height(after.rung) - height(before.rung) === 1 ? [] : ["not by the one rung that was proposed"]),
    ...(judged.length >= bar.n && shareInterval(good, judged.length).low >= bar.lower ? [] : [`only ${good} of ${judged.length}`]),
  ];
}

test("it rises by one rung, by consent alone, and only where the evidence carries it", () => {
  let rises = 0;
  fc.assert(
    fc.property(story, (events) => {
      const raised = walk(events).filter(({ before, after }) => height(after.rung) > height(before.rung));
      rises += raised.length;
      expect(raised.flatMap(riseProblems)).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(rises).toBeGreaterThan(20);
});

test("one result that is not good ends sampling at once, judged or not", () => {
  fc.assert(
    fc.property(story, (events) => {
      const bad = walk(events).filter(
        ({ before, event }) => before.rung === "sampled" && event.kind === "outcome" && event.outcome.kind !== "good",
      );
      expect(bad.map(({ after }) => after.rung)).toEqual(bad.map(() => "review"));
    }),
    { numRuns: 200 },
  );
});

test("the history says every move, and the events alone give the ladder again", () => {
  fc.assert(
    fc.property(story, (events) => {
      const steps = walk(events);
      const last = steps.at(-1)?.after ?? newLadder(0);
      expect(events.reduce((ladder, event) => ladderAfter(ladder, event), newLadder(0))).toEqual(last);
      expect(last.history.length).toBe(Math.min(100, steps.filter(({ before, after }) => before.rung !== after.rung).length));
      expect(last.outcomes.length).toBeLessThanOrEqual(ladderBars.window);
    }),
    { numRuns: 200 },
  );
});

test("the share never falls below its floor, and never for a version or executor that nobody consented to", () => {
  fc.assert(
    fc.property(
      story,
      fc.constantFrom(1, 2, 3),
      fc.constantFrom("model" as const, "agent" as const),
      (events, personaVersion, executor) => {
        const pair = { personaVersion, executor };
        const ladders = walk(events).map(({ after }) => after);
        const shares = ladders.map((ladder) => shareFor(ladder, pair));
        expect(shares.every((share) => share >= ladderBars.share.floor && share <= 1)).toBe(true);
        const others = ladders.filter(({ grantedTo }) => grantedTo?.personaVersion !== personaVersion || grantedTo.executor !== executor);
        expect(others.filter((ladder) => shareFor(ladder, pair) < 1 || rungFor(ladder, pair) === "sampled")).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});

const watched = fc.record({
  executor: fc.constantFrom<ExecutorKind>("rules", "human", "scripted", "model", "agent", "remote"),
  provisional: fc.boolean(),
  rung: fc.constantFrom(...rungs),
  share: fc.double({ min: 0.1, max: 1, noNaN: true }),
  classes: fc.subarray(["architecture", "security"]),
  planned: fc.constantFrom("checks" as const, "independent" as const, "person" as const),
  draw: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

test("nothing takes a review away: not a rung, not the lot, not who does it", () => {
  fc.assert(
    fc.property(watched, (one) => {
      const { by } = watchOf(one);
      const model = ["model", "agent", "remote"].includes(one.executor);
      const asksSomebody = model && (one.provisional || one.classes.length > 0 || one.rung !== "sampled");
      const least =
        one.planned === "person" || (model && one.rung === "suggest") ? 2 : one.planned === "independent" || asksSomebody ? 1 : 0;
      expect(["nobody", "reviewer", "person"].indexOf(by)).toBeGreaterThanOrEqual(least);
      expect(model || by === { checks: "nobody", independent: "reviewer", person: "person" }[one.planned]).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("the lot judges about the share it promises", () => {
  const draws = Array.from({ length: 10_000 }, (_none, at) => ((at * 7_919) % 10_000) / 10_000);
  const judged = draws.filter(
    (draw) =>
      watchOf({ executor: "model", provisional: false, rung: "sampled", share: 0.1, classes: [], planned: "checks", draw }).by !== "nobody",
  );
  expect(judged.length).toBe(1_000);
});
