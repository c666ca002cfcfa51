import { expect, test } from "vitest";
import { nowMs, rows } from "../../../../../test/support/web-scenario.ts";
import { slipsOf } from "./home-slipping.tsx";

const dayMs = 86_400_000;
const [first, second] = rows;

test("what is late stands first, what waits long after it, and nothing twice", () => {
  if (first === undefined || second === undefined) throw new Error("the scenario has no requests");
  const late = { ...first, waitsFor: null, deadlineAtMs: nowMs - dayMs, stateSinceMs: nowMs - 3 * dayMs };
  const slow = { ...second, waitsFor: null, deadlineAtMs: nowMs + dayMs, stateSinceMs: nowMs - 2 * dayMs };
  const slips = slipsOf([late, slow], [late, slow], nowMs);
  expect(slips.map((slip) => [slip.row.label, slip.reason])).toEqual([
    [first.label, "1 d past its deadline"],
    [second.label, "awaits approval since 2 d"],
  ]);
  expect(slipsOf([slow], [{ ...slow, stateSinceMs: nowMs }], nowMs)).toEqual([]);
  expect(slipsOf([{ ...late, rehearsal: true }], [{ ...slow, rehearsal: true }], nowMs)).toEqual([]);
});
