import fc from "fast-check";
import { expect, test } from "vitest";
import { changedParts, lineDiff } from "./line-diff.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", "", "d d"), { maxLength: 30 }).map((lines) => lines.join("\n"));

test("the steps of a difference rebuild both sides, and equal texts have none", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after);
      const side = (kind: "added" | "removed") =>
        lines
          .filter((line) => line.kind === "same" || line.kind === kind)
          .map((line) => line.text)
          .join("\n");
      expect([side("removed"), side("added")]).toEqual([before, after]);
      const changes = lines.filter((line) => line.kind !== "same").length;
      expect(changes === 0).toBe(before === after);
      expect(changedParts(lines).filter((line) => line !== null && line.kind !== "same")).toHaveLength(changes);
    }),
  );
});
