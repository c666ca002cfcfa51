import { expect, test } from "vitest";
import { done, openBench, understood } from "../../../test/support/model-bench.ts";
import { budgetKind, noCaps } from "../../core/gate/budget.ts";
import { reservationKind } from "../../core/gate/reservation.ts";

/** Lowers the budget to what is spent while a call is on its way, the given one. */
async function stopIn(call: number) {
  const bench = await openBench();
  const founder = { kind: "person", id: bench.world.people[0] ?? "" } as const;
  const scopeId = bench.world.scope.projectIds[0] ?? "";
  const budget = { kind: "set-budget", scope: "project", scopeId, period: "total", windowMs: null, thresholds: null } as const;
  await bench.world.tell(founder, { ...budget, caps: { ...noCaps, tokens: 10_000_000 }, reason: "Room for all of it" });
  const ofProject = async () => (await bench.world.rows(budgetKind)).find(({ scope }) => scope === "project");
  let cap = 0;
  bench.door = (_tool, raw) => ({ kind: "done", result: { raw }, label: { integrity: "system", readers: [] }, costMicro: 0 });
  bench.says = async () => {
    const number = bench.asked.length;
    if (number === call) {
      cap = Math.max(1, (await ofProject())?.booked.tokens ?? 0);
      await bench.world.tell(founder, { ...budget, caps: { ...noCaps, tokens: cap }, reason: "Stop" });
    }
    return number === 1 ? understood : number < 8 ? ["look", `{"n":${String(number)}}`] : done;
  };
  const outcome = await bench.run().catch((error: unknown) => error);
  return { outcome, asked: bench.asked.length, cap, spent: await ofProject(), reservations: await bench.world.rows(reservationKind) };
}

test.each([1, 2, 3, 5, 7])(
  "a budget that is stopped in call %i stops the work at its next call, over by at most that one call",
  async (call) => {
    const { outcome, asked, cap, spent, reservations } = await stopIn(call);
    expect(outcome).toMatchObject({ code: "budget.exhausted" });
    expect(asked).toBe(call);
    expect(reservations.every(({ state }) => state === "settled")).toBe(true);
    const last = reservations.at(-1);
    expect(spent?.reserved.tokens).toBe(0);
    expect((spent?.booked.tokens ?? 0) - cap).toBeLessThanOrEqual(last?.reserved.tokens ?? 0);
  },
);
