import fc from "fast-check";
import { expect, test } from "vitest";
import { fuseRanks } from "./fuse-ranks.ts";

const ranked = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"), { maxLength: 10 });

test("one list stays as it is, and twice the same list is that list", () => {
  fc.assert(
    fc.property(ranked, (list) => {
      expect(fuseRanks([list])).toEqual(list);
      expect(fuseRanks([list, list])).toEqual(list);
      expect(fuseRanks([list, []])).toEqual(list);
    }),
  );
});

test("every member is there once, and who is nowhere worse and somewhere better comes first", () => {
  fc.assert(
    fc.property(ranked, ranked, (one, other) => {
      const fused = fuseRanks([one, other]);
      expect(fused.toSorted()).toEqual([...new Set([...one, ...other])].toSorted());
      const place = (list: readonly string[], member: string): number =>
        list.includes(member) ? list.indexOf(member) : Number.POSITIVE_INFINITY;
      const isBetter = (left: string, right: string): boolean =>
        place(one, left) < place(one, right) && place(other, left) < place(other, right);
      const wrong = fused.flatMap((left, at) => fused.slice(at + 1).filter((right) => isBetter(right, left)));
      expect(wrong).toEqual([]);
    }),
  );
});
