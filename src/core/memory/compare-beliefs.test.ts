import { expect, test } from "vitest";
import type { Decision } from "../oversight/decision.ts";
import { compareDecision, compareFact } from "./compare-beliefs.ts";
import type { Fact, FactPeriod } from "./fact.ts";

const fact = (...periods: readonly (readonly [fromMs: number, value: string | null])[]): Fact =>
  ({
    periods: periods.map(([fromMs, value], at) => ({ fromMs, toMs: periods[at + 1]?.[0] ?? null, value }) as FactPeriod),
  }) as unknown as Fact; // only periods are compared

test("a belief was held as it is, was other than is known now, or was not held yet", () => {
  const now = fact([10, "Vienna"], [20, "Graz"]);
  const at = (past: Fact | undefined, validMs: number, nowMs = 15) => compareFact({ past, now }, validMs, nowMs);
  expect(at(now, 12)).toMatchObject({ believed: { value: "Vienna" }, known: { value: "Vienna" }, change: "same", today: null });
  expect(at(fact([10, "Linz"]), 12)).toMatchObject({ believed: { value: "Linz" }, change: "corrected" });
  expect(at(undefined, 12)).toMatchObject({ believed: null, change: "learned" });
  expect(at(undefined, 5)).toMatchObject({ believed: null, known: null, change: "same", today: { value: "Vienna" } });
  expect(at(fact([1, "Linz"]), 5)).toMatchObject({ believed: { value: "Linz" }, known: null, change: "corrected" });
  expect(at(now, 12, 25)).toMatchObject({ change: "same", today: { value: "Graz" } });
  expect(at(now, 12, 5)).toMatchObject({ today: null });
});

const made = { state: "made", validFromMs: 10, validToMs: null, outcome: null, reviewAtMs: null } as unknown as Decision; // what is compared
const outcome = (atMs: number) => ({ atMs }) as Decision["outcome"];

test("a decision stood in force, proposed, for later, over, or not on record", () => {
  const stood = (past: Partial<Decision> | undefined) =>
    compareDecision({ past: past === undefined ? undefined : { ...made, ...past }, now: made }, 15).stood;
  expect(stood(undefined)).toBe("unrecorded");
  expect(stood({})).toBe("in-force");
  expect(stood({ state: "proposed", validFromMs: null })).toBe("proposed");
  expect(stood({ validFromMs: 20 })).toBe("later");
  expect(stood({ validToMs: 12 })).toBe("over");
});

test("what was recorded of a decision since is named once each", () => {
  const changes = (past: Partial<Decision>, now: Partial<Decision>) => {
    const found = compareDecision({ past: { ...made, ...past }, now: { ...made, ...now } }, 15);
    return found.changes;
  };
  expect(compareDecision({ past: undefined, now: made }, 15).changes).toEqual(["recorded"]);
  expect(changes({}, {})).toEqual([]);
  expect(changes({ state: "proposed" }, {})).toEqual(["made"]);
  expect(changes({}, { state: "superseded" })).toEqual(["superseded"]);
  expect(changes({}, { outcome: outcome(30) })).toEqual(["outcome"]);
  expect(changes({ outcome: outcome(30) }, { outcome: outcome(30) })).toEqual([]);
  expect(changes({ outcome: outcome(30) }, { outcome: outcome(40) })).toEqual(["outcome-corrected"]);
  expect(changes({ reviewAtMs: 50 }, { reviewAtMs: 60 })).toEqual(["review-moved"]);
});
