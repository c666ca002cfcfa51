import fc from "fast-check";
import { expect, test } from "vitest";
import { type Audience, audienceText, readAudience, withoutAmount } from "./audience.ts";
import type { PersonId } from "../shared/ids.ts";

const texts = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 });
const people = texts as fc.Arbitrary<PersonId[]>; // any text stands for an id here

const audiences: fc.Arbitrary<Audience> = fc.record(
  {
    kind: fc.constantFrom("approval", "question", "mention"),
    subjectKind: fc.string(),
    subjectId: fc.string(),
    ruleId: fc.string({ unit: "grapheme" }),
    risk: fc.constantFrom("low", "medium", "high"),
    roles: fc.subarray(["administrator", "director", "lead"]),
    excludedPersonIds: people,
    delegateId: fc.option(fc.uuid() as fc.Arbitrary<string> as fc.Arbitrary<PersonId>), // as above
    personIds: people,
    divisions: texts,
    amountMicro: fc.maxSafeNat(),
    effectKind: fc.string(),
    alwaysReview: texts,
  },
  { requiredKeys: ["kind", "subjectKind", "subjectId", "ruleId", "risk", "roles", "excludedPersonIds", "delegateId"] },
);

test("an audience is read as it was written", () => {
  fc.assert(
    fc.property(audiences, (audience) => {
      expect(readAudience(audienceText(audience), { subjectId: audience.subjectId, withAmount: true })).toEqual(audience);
    }),
  );
});

test("without the amount, audiences that differ in nothing else are the same", () => {
  fc.assert(
    fc.property(audiences, fc.maxSafeNat(), (audience, amountMicro) => {
      const { amountMicro: _left, ...rest } = audience;
      expect(withoutAmount(audienceText({ ...rest, amountMicro }))).toBe(withoutAmount(audienceText(audience)));
      expect(readAudience(audienceText(audience), { subjectId: audience.subjectId, withAmount: false })).toEqual(rest);
    }),
  );
});
