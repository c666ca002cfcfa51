import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf, isTokenUse, type Price, priceAt } from "./price-table.ts";

const price = (fields: Partial<Price> = {}): Price => ({
  id: "p",
  version: 1,
  eventCount: 1,
  provider: "one",
  model: "m",
  fromMs: 0,
  currency: "USD",
  inputMicro: 3_000_000,
  outputMicro: 15_000_000,
  cachedMicro: 300_000,
  callMicro: 0,
  rateMicro: 900_000,
  rateAtMs: 0,
  source: "s",
  setBy: "x",
  setAtMs: 0,
  ...fields,
});

test.each([
  ["a million of input", { inputTokens: 1_000_000, outputTokens: 0 }, {}, 2_700_000],
  ["input from the cache", { inputTokens: 1_000_000, cachedTokens: 1_000_000, outputTokens: 0 }, {}, 270_000],
  [
    "no price of its own for the cache",
    { inputTokens: 1_000_000, cachedTokens: 1_000_000, outputTokens: 0 },
    { cachedMicro: null },
    2_700_000,
  ],
  ["more from the cache than there was", { inputTokens: 0, cachedTokens: 9, outputTokens: 0 }, {}, 0],
  ["one token, rounded up", { inputTokens: 1, outputTokens: 0 }, {}, 3],
  ["a call for itself", { inputTokens: 0, outputTokens: 0 }, { callMicro: 10 }, 9],
  ["a model of one's own", { inputTokens: 500, outputTokens: 500 }, { inputMicro: 0, outputMicro: 0, cachedMicro: null }, 0],
])("%s", (_name, use, fields, cost) => {
  expect(costOf(price(fields), use)).toBe(cost);
});

test("the latest price that had begun counts, for its own model alone", () => {
  const prices = [
    price({ id: "old" }),
    price({ id: "new", fromMs: 100 }),
    price({ id: "later", fromMs: 300 }),
    price({ id: "other", model: "n" }),
  ];
  const at = (atMs: number, model: string | null = "m") => priceAt(prices, { provider: "one", model, atMs })?.id;
  expect([at(99), at(100), at(299), at(300), at(0, "n"), at(0, "x"), at(0, null)]).toEqual([
    "old",
    "new",
    "new",
    "later",
    "other",
    undefined,
    undefined,
  ]);
});

test("parts never cost less than the whole, and more use never costs less", () => {
  const count = fc.integer({ min: 0, max: 1_000_000 });
  fc.assert(
    fc.property(count, count, count, (one, two, out) => {
      const cost = (inputTokens: number): number => costOf(price(), { inputTokens, outputTokens: out });
      expect(cost(one) + cost(two)).toBeGreaterThanOrEqual(cost(one + two));
      expect(cost(one + two)).toBeGreaterThanOrEqual(cost(one));
    }),
  );
  expect([isTokenUse({ inputTokens: 1, outputTokens: 0 }), isTokenUse({ inputTokens: -1, outputTokens: 0 })]).toEqual([true, false]);
});
