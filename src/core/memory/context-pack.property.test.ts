import fc from "fast-check";
import { expect, test } from "vitest";
import { type Piece, packContext, pieceKinds, relevanceFloor, renderPack } from "./context-pack.ts";
import { areAlike, shinglesOf } from "./near-duplicates.ts";
import { estimateTokens } from "./shorten-text.ts";

const word = fc.constantFrom(
  "red",
  "green",
  "blue",
  "route",
  "pump",
  "valve",
  "licence",
  "tender",
  "audit",
  "margin",
  "Zürich",
  "測試",
  "👩‍🚀",
);
const paragraph = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(" "));
const text = fc.oneof(
  fc.constant(""),
  fc.array(paragraph, { minLength: 1, maxLength: 6 }).map((all) => all.join("\n\n")),
  fc.string({ maxLength: 600 }),
);

const pieces: fc.Arbitrary<readonly Piece[]> = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 6 }),
    kind: fc.constantFrom(...pieceKinds),
    title: fc.string({ maxLength: 20 }),
    text,
    pinned: fc.boolean(),
    relevance: fc.double({ min: 0, max: 1, noNaN: true }),
    reason: fc.constant("because"),
  }),
  { selector: (piece) => piece.id, maxLength: 14 },
);
const budget = fc.integer({ min: 0, max: 1_500 });

test("keeps within the budget, tells every pinned piece, and names every piece once with a reason", () => {
  fc.assert(
    fc.property(pieces, budget, (all, budgetTokens) => {
      const pack = packContext(all, budgetTokens);
      if (pack.kind === "refused") return;
      expect(estimateTokens(renderPack(pack))).toBeLessThanOrEqual(pack.tokens);
      expect(pack.tokens).toBeLessThanOrEqual(budgetTokens);
      const told = new Set(pack.pieces.map(({ id }) => id));
      expect(all.filter((piece) => piece.pinned && !told.has(piece.id))).toEqual([]);
      expect(pack.manifest.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      for (const row of pack.manifest) {
        expect(row.state === "left-out").toBe(!told.has(row.id));
        expect(row.why === null).toBe(row.state === "whole");
        expect(row.reason).not.toBe("");
      }
    }),
  );
});

test("gives the same pack whatever the order of the pieces", () => {
  const shuffled = pieces.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, budget, ([all, other], tokens) => {
      expect(packContext(other, tokens)).toEqual(packContext(all, tokens));
    }),
  );
});

test("refuses exactly the budgets below what it says it needs", () => {
  fc.assert(
    fc.property(pieces, (all) => {
      const refused = packContext(all, -1);
      if (refused.kind === "packed") throw new Error("nothing fits into less than nothing");
      expect(packContext(all, refused.neededTokens).kind).toBe("packed");
      expect(packContext(all, refused.neededTokens - 1).kind).toBe("refused");
    }),
  );
});

test("tells nothing twice, nothing that is beside the point, and leaves out for lack of room only what does not fit", () => {
  fc.assert(
    fc.property(pieces, budget, (all, budgetTokens) => {
      const pack = packContext(all, budgetTokens);
      if (pack.kind === "refused") return;
      // A shortened piece counts as it is told.
      const sets = new Map([...all, ...pack.pieces].map((piece) => [piece.id, shinglesOf(piece.text)]));
      const alike = (left: string, right: string): boolean => areAlike(sets.get(left) ?? new Set(), sets.get(right) ?? new Set());
      for (const [at, one] of pack.pieces.entries())
        for (const other of pack.pieces.slice(at + 1)) expect(alike(one.id, other.id) && !(one.pinned && other.pinned)).toBe(false);
      const noise = pack.manifest.filter((row) => row.state !== "left-out" && !row.pinned && row.relevance < relevanceFloor);
      const leftOut = pack.manifest.filter((row) => row.state === "left-out");
      const wronglyTwice = leftOut.filter((row) => row.duplicateOf !== null && !alike(row.id, row.duplicateOf));
      const hadRoom = leftOut.filter(
        (row) => row.duplicateOf === null && row.relevance >= relevanceFloor && row.tokens <= budgetTokens - pack.tokens,
      );
      expect({ noise, wronglyTwice, hadRoom }).toEqual({ noise: [], wronglyTwice: [], hadRoom: [] });
    }),
  );
});

test("shortens pinned pieces only when they must be, at a paragraph, and says how much is gone", () => {
  fc.assert(
    fc.property(pieces, budget, (all, budgetTokens) => {
      const pack = packContext(all, budgetTokens);
      if (pack.kind === "refused") return;
      const pinned = all.filter((piece) => piece.pinned);
      const whole = estimateTokens(renderPack({ pieces: pinned }));
      const given = new Map(all.map((piece) => [piece.id, piece.text]));
      for (const piece of pack.pieces) {
        const before = given.get(piece.id) ?? "";
        if (piece.text === before) continue;
        expect(whole + pinned.length).toBeGreaterThan(budgetTokens);
        const [, kept = "", left] = /^([\s\S]*)\n\n\[shortened: (\d+) characters left out\]$/u.exec(piece.text) ?? [];
        expect(before.startsWith(kept)).toBe(true);
        expect(Number(left)).toBe(before.length - kept.length);
      }
    }),
  );
});
