import fc from "fast-check";
import { expect, test } from "vitest";
import { countInterval, shareInterval } from "./intervals.ts";

const observed = fc.integer({ min: 1, max: 100_000 }).chain((n) => fc.record({ n: fc.constant(n), hits: fc.integer({ min: 0, max: n }) }));

test("a share lies inside its interval, which lies inside 0 and 1", () => {
  fc.assert(
    fc.property(observed, ({ hits, n }) => {
      const { low, high } = shareInterval(hits, n);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low - 1e-9).toBeLessThanOrEqual(hits / n);
      expect(high + 1e-9).toBeGreaterThanOrEqual(hits / n);
    }),
  );
});

test("more observations of the same share say more about it", () => {
  fc.assert(
    fc.property(observed, ({ hits, n }) => {
      const once = shareInterval(hits, n);
      const often = shareInterval(hits * 4, n * 4);
      expect(often.high - often.low).toBeLessThanOrEqual(once.high - once.low + 1e-12);
    }),
  );
});

test("a count lies inside its interval, and a larger count has larger bounds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (count) => {
      const here = countInterval(count);
      const next = countInterval(count + 1);
      expect(here.low).toBeLessThanOrEqual(count);
      expect(here.high).toBeGreaterThanOrEqual(count);
      expect(next.low).toBeGreaterThanOrEqual(here.low);
      expect(next.high).toBeGreaterThan(here.high);
    }),
  );
});
