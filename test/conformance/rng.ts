import { describe, expect, test } from "vitest";
import type { Rng } from "../../src/engine/ports/clock.ts";

/** What every `Rng` promises. Bounds are six standard deviations wide, so a sound generator fails once in 500 million runs. */
export function rngConformance(name: string, open: () => Rng): void {
  describe(`${name} keeps the promises of a random generator`, () => {
    test("stays in [0, 1), evenly", () => {
      const rng = open();
      const buckets = Array.from({ length: 10 }, () => 0);
      for (let draw = 0; draw < 20_000; draw += 1) {
        const value = rng.next();
        expect(value >= 0 && value < 1).toBe(true);
        const bucket = Math.floor(value * 10);
        buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      }
      for (const count of buckets) expect(Math.abs(count - 2_000)).toBeLessThan(6 * Math.sqrt(20_000 * 0.1 * 0.9));
    });

    test("does not lean on the draw before", () => {
      const rng = open();
      const values = Array.from({ length: 10_000 }, () => rng.next() - 0.5);
      const products = values.slice(1).map((value, place) => value * (values[place] ?? 0));
      const mean = products.reduce((sum, value) => sum + value, 0) / products.length;
      expect(Math.abs(mean)).toBeLessThan((6 * (1 / 12)) / Math.sqrt(products.length));
    });

    test("never takes a rare branch that nobody switched on", () => {
      const rng = open();
      expect(Array.from({ length: 1_000 }, () => rng.chance("nobody-switched-this-on")).includes(true)).toBe(false);
    });
  });
}
