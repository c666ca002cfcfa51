import fc from "fast-check";
import { expect, test } from "vitest";
import type { FactPeriod } from "./fact.ts";
import { isTiled, nextChangeMs, periodAt, putPeriod } from "./fact-periods.ts";

const source = { text: "seen", address: null };
const instant = fc.integer({ min: 0, max: 40 });

/** What people say, in the order they say it: a correction of a range, or a value from an instant on. */
const saying = fc.oneof(
  fc.record({
    kind: fc.constant("correct" as const),
    fromMs: instant,
    lengthMs: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
  }),
  fc.record({ kind: fc.constant("record" as const), fromMs: instant, lengthMs: fc.constant(null) }),
);
type Saying = typeof saying extends fc.Arbitrary<infer Said> ? Said : never;

/** Every instant by itself, the slow and obvious way; `undefined` before everything that is known. */
type Model = readonly (number | null | undefined)[];
const horizon = 70;

function sayInModel(model: Model, said: Saying, value: number): Model {
  const { fromMs } = said;
  const starts = model.flatMap((one, at) => (at === 0 ? (one === undefined ? [] : [at]) : one !== model[at - 1] ? [at] : []));
  const next = starts.find((at) => at > fromMs) ?? horizon;
  const toMs = said.kind === "record" ? next : said.lengthMs === null ? horizon : fromMs + said.lengthMs;
  const firstKnown = model.findIndex((one) => one !== undefined);
  return model.map((one, at) => {
    if (at >= fromMs && at < toMs) return value;
    const isBetween = at >= toMs && (firstKnown === -1 || at < firstKnown);
    return isBetween ? null : one;
  });
}

const say = (periods: readonly FactPeriod[], said: Saying, value: number): readonly FactPeriod[] => {
  const { fromMs } = said;
  const toMs = said.kind === "record" ? nextChangeMs(periods, fromMs) : said.lengthMs === null ? null : fromMs + said.lengthMs;
  return putPeriod(periods, { fromMs, toMs, value, source, byId: "p", recordedAtMs: value });
};

test("whatever is recorded and corrected, periods leave no gap, never overlap, and say what was said last for every instant", () => {
  fc.assert(
    fc.property(fc.array(saying, { minLength: 1, maxLength: 25 }), (sayings) => {
      let periods: readonly FactPeriod[] = [];
      let model: Model = Array.from({ length: horizon }, () => undefined);
      const known: { readonly periods: readonly FactPeriod[]; readonly model: Model }[] = [];
      for (const [at, said] of sayings.entries()) {
        periods = say(periods, said, at);
        model = sayInModel(model, said, at);
        known.push({ periods, model });
        expect(isTiled(periods)).toBe(true);
      }
      // As known after each saying, whatever was said later.
      for (const then of known) {
        const read = Array.from({ length: horizon }, (_, atMs) => periodAt(then.periods, atMs)?.value);
        expect(read).toEqual(then.model);
      }
    }),
  );
});

test("a correction splits what surrounds it and leaves the rest as it was", () => {
  const first = putPeriod([], { fromMs: 0, toMs: null, value: "ten", source, byId: "p", recordedAtMs: 1 });
  const corrected = putPeriod(first, { fromMs: 10, toMs: 20, value: "eleven", source, byId: "q", recordedAtMs: 2 });
  expect(corrected.map(({ fromMs, toMs, value, byId }) => [fromMs, toMs, value, byId])).toEqual([
    [0, 10, "ten", "p"],
    [10, 20, "eleven", "q"],
    [20, null, "ten", "p"],
  ]);
  expect(first).toHaveLength(1);
});

test("a value for a time that ends leaves what comes after unknown", () => {
  const once = putPeriod([], { fromMs: 5, toMs: 8, value: true, source, byId: "p", recordedAtMs: 1 });
  expect(once.map(({ fromMs, toMs, value }) => [fromMs, toMs, value])).toEqual([
    [5, 8, true],
    [8, null, null],
  ]);
  const earlier = putPeriod(once, { fromMs: 0, toMs: 2, value: false, source, byId: "p", recordedAtMs: 2 });
  expect([1, 3, 6, 9].map((atMs) => periodAt(earlier, atMs)?.value)).toEqual([false, null, true, null]);
  expect(periodAt(earlier, -1)).toBeUndefined();
});
