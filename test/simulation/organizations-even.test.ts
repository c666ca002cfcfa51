import { expect, test } from "vitest";
import { runShare } from "./run-seeds.ts";

test("organizations of even seeds come to rest in a sound world, whatever faults they met", async () => {
  const { complaints, moves } = await runShare({ part: 0, of: 2 });
  expect(complaints).toEqual([]);
  expect(moves).toBeGreaterThan(40);
});
