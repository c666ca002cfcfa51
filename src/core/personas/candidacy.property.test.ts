import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidacy, countedIn, isWorse, servingVersion, shareOf } from "./candidacy.ts";
import type { Persona } from "./persona.ts";

const count = fc.nat({ max: 60 }).chain((n) => fc.nat({ max: n }).map((good) => ({ n, good })));
const running = { state: "running", baseVersion: 1, candidateVersion: 2, share: 0.3 } as Candidacy;
const persona = { key: "a", personaVersion: 1, executors: ["model"] } as unknown as Persona;

test("a version is rolled back only when all that is known of it lies below all that is known of the old one, from ten results each on", () => {
  fc.assert(
    fc.property(count, count, (base, candidate) => {
      const apart = candidate.n > 0 && base.n > 0 && shareOf(candidate).high < shareOf(base).low;
      expect(isWorse({ base, candidate })).toBe(base.n >= 10 && candidate.n >= 10 && apart);
      expect(!apart || candidate.good / candidate.n < base.good / base.n).toBe(true);
    }),
  );
});

test("only what was to be judged counts, for the version that did it", () => {
  const of = { baseVersion: 1, candidateVersion: 2, base: { n: 1, good: 1 }, candidate: { n: 0, good: 0 } };
  const outcome = (personaVersion: number, judged: boolean) =>
    ({ personaVersion, judged, executor: "model", kind: "bad", attemptId: "a", atMs: 1 }) as const;
  expect(countedIn(of, outcome(2, true))).toEqual({ base: of.base, candidate: { n: 1, good: 0 } });
  expect(countedIn(of, outcome(1, true))).toEqual({ base: { n: 2, good: 1 }, candidate: of.candidate });
  expect(countedIn(of, outcome(2, false))).toEqual({ base: of.base, candidate: of.candidate });
  expect(countedIn(of, outcome(7, true))).toEqual({ base: of.base, candidate: of.candidate });
});

test("the lot gives the new version its share, and never work by rules or people", () => {
  const draws = Array.from({ length: 1_000 }, (_none, at) => at / 1_000);
  const given = (executor: "model" | "rules" | "human") =>
    draws.filter((draw) => servingVersion(persona, { executor, candidacy: running, draw: () => draw }).personaVersion === 2).length;
  expect([given("model"), given("rules"), given("human")]).toEqual([300, 0, 0]);
  expect(servingVersion({ ...persona, personaVersion: 3 }, { executor: "model", candidacy: running, draw: () => 0 }).personaVersion).toBe(
    3,
  );
});

test("a proof holds for its version, executor and model alone", () => {
  const proof = { executor: "model", personaVersion: 1, model: "house/small", suite: "s@1", qualificationId: "q", atMs: 1 } as const;
  const proven = { ...persona, qualifiedWith: [proof] };
  const serving = (of: Persona, candidacy?: Candidacy) => servingVersion(of, { executor: "model", candidacy, draw: () => 0 });
  expect(serving(proven)).toEqual({ personaVersion: 1, provisional: false, provenModels: ["house/small"] });
  expect(serving({ ...proven, personaVersion: 2 })).toMatchObject({ provisional: true, provenModels: [] });
  expect(serving(proven, running)).toMatchObject({ personaVersion: 2, provisional: true });
  expect(servingVersion(proven, { executor: "agent", candidacy: undefined, draw: () => 0 }).provisional).toBe(true);
});
