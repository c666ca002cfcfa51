import fc from "fast-check";
import { expect, test } from "vitest";
import { asId } from "../shared/ids.ts";
import type { Delegation } from "./delegation.ts";
import type { Person, Role } from "./person.ts";
import {
  type Absences,
  type StandInMatter,
  delegationCovers,
  isAway,
  maxSubstitutes,
  representativeOf,
  standInFor,
} from "./representation.ts";

const names = ["a", "b", "c", "d", "e", "f"] as const;
const name = fc.constantFrom(...names);
const nowMs = 100;

const away = fc.record({
  fromMs: fc.integer({ min: 0, max: 200 }),
  length: fc.integer({ min: 1, max: 200 }),
  substituteId: fc.option(name, { freq: 5 }),
});
const absences: fc.Arbitrary<Absences> = fc.dictionary(name, fc.array(away, { maxLength: 3 })).map(
  (byPerson) =>
    new Map(
      Object.entries(byPerson).map(([personId, spans]) => [
        personId,
        {
          absences: spans.map(({ fromMs, length, substituteId }, index) => ({
            id: String(index),
            fromMs,
            toMs: fromMs + length,
            reason: "",
            substituteId: substituteId === null ? null : asId<"person">(substituteId),
          })),
        },
      ]),
    ),
);

test("a representative is somebody else who is here, and circles end", () => {
  fc.assert(
    fc.property(absences, name, (one, personId) => {
      const representative = representativeOf(personId, one, nowMs);
      const isSound = representative === null || (isAway(personId, one, nowMs) && !isAway(representative, one, nowMs));
      expect(isSound && representative !== personId).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

const absentFor = (pairs: readonly (readonly [string, string | null])[]): Absences =>
  new Map(
    pairs.map(([personId, substituteId]) => [
      personId,
      {
        absences: [
          { id: "x", fromMs: 0, toMs: 200, reason: "", substituteId: substituteId === null ? null : asId<"person">(substituteId) },
        ],
      },
    ]),
  );

test("follows the chain, and leaves a circle, an open end and too long a chain to the ladder", () => {
  expect(
    representativeOf(
      "a",
      absentFor([
        ["a", "b"],
        ["b", "c"],
      ]),
      nowMs,
    ),
  ).toBe("c");
  expect(
    representativeOf(
      "a",
      absentFor([
        ["a", "b"],
        ["b", "a"],
      ]),
      nowMs,
    ),
  ).toBeNull();
  expect(
    representativeOf(
      "a",
      absentFor([
        ["a", "b"],
        ["b", null],
      ]),
      nowMs,
    ),
  ).toBeNull();
  expect(representativeOf("a", absentFor([["a", "b"]]), 200)).toBeNull();
  const long = Array.from({ length: maxSubstitutes + 2 }, (_, index) => [`p${index}`, `p${index + 1}`] as const);
  expect(representativeOf("p0", absentFor(long), nowMs)).toBeNull();
  expect(representativeOf("p2", absentFor(long), nowMs)).toBe(`p${maxSubstitutes + 2}`);
});

const person = (id: string, roles: readonly Role[], state: Person["state"] = "active"): Person => ({
  id,
  version: 1,
  eventCount: 0,
  name: id,
  email: null,
  roles,
  state,
});
const members = [person("lead", ["lead"]), person("hand", ["contributor"]), person("third", ["contributor"])];
const matter: StandInMatter = { risk: "medium", roles: ["lead"], excludedPersonIds: [], delegateId: null, projectId: "p", amountMicro: 50 };
const delegation = (fields: Partial<Delegation> = {}): Delegation => ({
  id: "d",
  version: 1,
  eventCount: 0,
  state: "granted",
  fromId: asId("lead"),
  toId: asId("hand"),
  validFromMs: 50,
  validToMs: 150,
  maxRisk: "medium",
  maxAmountMicro: null,
  projectId: null,
  reason: "",
  ...fields,
});

test("a delegation holds within its dates, risk, amount and project only", () => {
  const covers = (fields: Partial<Delegation>, about: Partial<StandInMatter> = {}, atMs = nowMs) =>
    delegationCovers(delegation(fields), { ...matter, ...about }, atMs);
  expect(covers({})).toBe(true);
  expect(covers({ state: "revoked" })).toBe(false);
  expect(covers({}, {}, 49)).toBe(false);
  expect(covers({}, {}, 150)).toBe(false);
  expect(covers({ maxRisk: "low" })).toBe(false);
  expect(covers({ projectId: asId("p") })).toBe(true);
  expect(covers({ projectId: asId("other") })).toBe(false);
  expect(covers({ maxAmountMicro: 50 })).toBe(true);
  expect(covers({ maxAmountMicro: 49 })).toBe(false);
  expect(covers({ maxAmountMicro: 49 }, { amountMicro: null })).toBe(false);
});

test("lends the other person's own roles, never what they hold by delegation, and says by what right", () => {
  const stand = (
    actorId: string,
    delegations: readonly Delegation[],
    more: { readonly absences?: Absences; readonly matter?: Partial<StandInMatter> } = {},
  ) =>
    standInFor(actorId, { members, delegations, absences: more.absences ?? new Map() }, { matter: { ...matter, ...more.matter }, nowMs })
      ?.rule;
  expect(stand("hand", [delegation()])).toBe("delegated-by:lead");
  expect(stand("third", [delegation(), delegation({ id: "e", fromId: asId("hand"), toId: asId("third") })])).toBeUndefined();
  expect(stand("hand", [delegation()], { matter: { excludedPersonIds: [asId("lead")] } })).toBeUndefined();
  expect(stand("hand", [delegation()], { matter: { personIds: [asId("third")] } })).toBeUndefined();
  expect(stand("hand", [], { absences: absentFor([["lead", "hand"]]) })).toBe("substitute-of:lead");
  expect(stand("third", [], { absences: absentFor([["hand", "third"]]), matter: { delegateId: asId("hand") } })).toBe("substitute-of:hand");
  expect(stand("third", [], { absences: absentFor([["hand", "third"]]) })).toBeUndefined();
  expect(
    standInFor(
      "hand",
      { members: [person("lead", ["lead"], "removed")], delegations: [delegation()], absences: new Map() },
      { matter, nowMs },
    ),
  ).toBeUndefined();
});
