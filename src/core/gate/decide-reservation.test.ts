import { describe, expect, test } from "vitest";
import type { Decided, Transition } from "../shared/transition.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Amounts, type Budget, budgetKind, newBudget, noAmounts, noCaps } from "./budget.ts";
import { decideReservation, type ReserveSlice } from "./decide-reservation.ts";
import { decideExpiry, decideSettlement } from "./decide-settlement.ts";
import { type Reservation, reservationKind } from "./reservation.ts";

const hourMs = 3_600_000;
const nowMs = 1_800_000_000_000;

const context = (atMs = nowMs): DecideContext => {
  let next = 0;
  return { actor: { kind: "system", id: "worker" }, nowMs: atMs, newId: () => `new-${String((next += 1))}` };
};

const slice = (fields: Partial<ReserveSlice> = {}): ReserveSlice => ({
  currency: "EUR",
  projectId: "p",
  budgets: [],
  eachRequest: undefined,
  requestBudgetMicro: null,
  midnightsMs: [],
  isNew: false,
  rehearsal: false,
  attemptState: "running",
  ...fields,
});

const subject = { requestId: "r", taskId: "t", attemptId: "a", personaKey: "k", provider: "one", model: "m" };
const demand = (fields: Partial<Amounts>): Amounts => ({ ...noAmounts, runs: 1, ...fields });

const reserve = (of: ReserveSlice, wanted: Partial<Amounts>, atMs = nowMs): Decided =>
  decideReservation(of, { kind: "reserve-spend", ...subject, demand: demand(wanted) }, context(atMs));

const accepted = (decided: Decided): Transition => {
  if (decided.kind === "refused") throw new Error(`${decided.code}: ${JSON.stringify(decided.details)}`);
  return decided.transition;
};

const rowsOf = <Row>(decided: Decided, kind: { readonly name: string }): readonly Row[] =>
  accepted(decided)
    .changes.filter((change) => change.kind.name === kind.name)
    .map(({ after }) => after as unknown as Row);

const day = (fields: Partial<Budget> = {}): Budget => ({
  ...newBudget({ id: "day", scope: "organization", scopeId: "", period: "day", caps: { ...noCaps, costMicro: 10_000_000 } }),
  windowStartMs: nowMs - hourMs,
  windowEndMs: nowMs + hourMs,
  ...fields,
  version: 1,
  eventCount: 0,
});

describe("reserving", () => {
  test("an organization begins with ten a day and two a request", () => {
    const rows = rowsOf<Budget>(reserve(slice(), { costMicro: 2_000_000 }), budgetKind);
    expect(
      rows.map(({ scope, scopeId, period, reserved, highCaps }) => [scope, scopeId, period, reserved.costMicro, highCaps.costMicro]),
    ).toEqual([
      ["organization", "", "day", 2_000_000, 10_000_000],
      ["request", "r", "total", 2_000_000, 2_000_000],
    ]);
    expect(reserve(slice(), { costMicro: 2_000_001 })).toMatchObject({
      kind: "refused",
      failure: "exhausted",
      code: "budget.exhausted",
      details: { scope: "request", cap: 2_000_000, left: 2_000_000, needed: 2_000_001, mayRaise: ["administrator", "director"] },
    });
  });

  test.each([
    ["fills the cap", {}, 4_000_000, null],
    ["one more than the cap", {}, 4_000_001, "budget.exhausted"],
    ["needs nothing of what is used up", { booked: demand({ costMicro: 10_000_000 }) }, 0, null],
    ["new, past the part that holds", { thresholds: { warnAt: 0.5, holdAt: 0.6 } }, 1, "budget.exhausted"],
    ["new, before the part that holds", { thresholds: { warnAt: 0.5, holdAt: 0.61 } }, 1, null],
  ])("%s", (_name, fields, costMicro, code) => {
    const of = slice({
      budgets: [day({ booked: demand({ costMicro: 5_000_000 }), reserved: demand({ costMicro: 1_000_000 }), ...fields })],
      isNew: true,
    });
    const decided = decideReservation(of, { kind: "reserve-spend", ...subject, requestId: null, demand: demand({ costMicro }) }, context());
    expect(decided.kind === "refused" ? decided.code : null).toBe(code);
  });

  test("what goes on already is not held by a part of the cap", () => {
    const budgets = [day({ booked: demand({ costMicro: 9_000_000 }), thresholds: { warnAt: 0.8, holdAt: 0.5 } })];
    expect(reserve(slice({ budgets, isNew: false }), { costMicro: 1_000_000 }).kind).toBe("accepted");
    expect(reserve(slice({ budgets, isNew: true }), { costMicro: 1 })).toMatchObject({ details: { left: 1_000_000, needed: 1 } });
  });

  test("passing the part that warns is said once in a window", () => {
    const first = accepted(reserve(slice({ budgets: [day({ booked: demand({ costMicro: 7_000_000 }) })] }), { costMicro: 1_000_000 }));
    expect(first.events.filter(({ kind, subjectId }) => kind === "budget.warned" && subjectId === "day")).toHaveLength(1);
    const second = reserve(slice({ budgets: [day({ booked: demand({ costMicro: 8_000_000 }), warnedAtMs: nowMs - 1 })] }), {
      costMicro: 1,
    });
    expect(accepted(second).events.filter(({ subjectId }) => subjectId === "day")).toEqual([]);
  });

  test("a new day begins with nothing, also of what is still on its way from the last", () => {
    const budgets = [day({ reserved: demand({ costMicro: 10_000_000 }) })];
    const [row] = rowsOf<Budget>(reserve(slice({ budgets }), { costMicro: 1 }, nowMs + 2 * hourMs), budgetKind);
    expect(row?.reserved.costMicro).toBe(1);
    expect(row?.windowStartMs).toBeGreaterThan(nowMs - hourMs);
  });

  test("what a request was filed with tightens its cap and never widens it", () => {
    expect(reserve(slice({ requestBudgetMicro: 500_000 }), { costMicro: 500_001 })).toMatchObject({ details: { cap: 500_000 } });
    expect(reserve(slice({ requestBudgetMicro: 50_000_000 }), { costMicro: 2_000_001 })).toMatchObject({ details: { cap: 2_000_000 } });
  });

  test("only work that goes on in real time spends", () => {
    expect(reserve(slice({ attemptState: "cancelled" }), {})).toMatchObject({ code: "attempt.not-running" });
    expect(reserve(slice({ rehearsal: true }), {})).toMatchObject({ code: "budget.rehearsal" });
    expect(reserve(slice(), { costMicro: -1 })).toMatchObject({ code: "budget.demand-invalid" });
    expect(reserve(slice(), { tokens: 0.5 })).toMatchObject({ code: "budget.demand-invalid" });
  });
});

describe("settling", () => {
  const made = (): { readonly reservation: Reservation; readonly budgets: readonly Budget[] } => {
    const decided = reserve(slice(), { costMicro: 1_000_000, tokens: 100, wallMs: 1_000 });
    const [reservation] = rowsOf<Reservation>(decided, reservationKind);
    if (reservation === undefined) throw new Error("nothing was reserved");
    return { reservation, budgets: rowsOf<Budget>(decided, budgetKind) };
  };
  const told = { costMicro: 400_000, tokens: 50, wallMs: 900 };
  const settled = (of: ReturnType<typeof made>, used: typeof told | "unknown", atMs = nowMs + 1_000) =>
    decideSettlement({ ...of, midnightsMs: [] }, { kind: "settle-spend", reservationId: of.reservation.id, used }, context(atMs));

  test("books what was used and gives the rest back", () => {
    for (const { booked, reserved, days } of rowsOf<Budget>(settled(made(), told), budgetKind)) {
      expect([booked, reserved, days.map(({ amounts }) => amounts.costMicro)]).toEqual([{ ...told, runs: 1 }, noAmounts, [400_000]]);
    }
  });

  test("a call is priced by what its model cost when it began; without that price all of it is booked", () => {
    const price = {
      id: "p",
      version: 1,
      eventCount: 1,
      provider: "one",
      model: "m",
      fromMs: 0,
      currency: "EUR",
      inputMicro: 1_000_000,
      outputMicro: 2_000_000,
      cachedMicro: null,
      callMicro: 0,
      rateMicro: 1_000_000,
      rateAtMs: 0,
      source: "s",
      setBy: "x",
      setAtMs: 0,
    };
    const usage = { inputTokens: 100, outputTokens: 50 };
    const priced = (of: ReserveSlice, use = usage) =>
      decideReservation(of, { kind: "reserve-spend", ...subject, demand: { ...demand({}), costMicro: null, usage: use } }, context());
    expect(rowsOf<Reservation>(priced(slice({ price })), reservationKind)).toMatchObject([{ reserved: { costMicro: 200 } }]);
    expect(priced(slice())).toMatchObject({ code: "budget.no-price" });
    expect(priced(slice({ price }), { inputTokens: -1, outputTokens: 0 })).toMatchObject({ code: "budget.no-price" });
    const none = decideReservation(
      slice({ price }),
      { kind: "reserve-spend", ...subject, model: null, demand: { ...demand({}), costMicro: null } },
      context(),
    );
    expect(none).toMatchObject({ code: "budget.no-price" });
    const of = { ...made(), midnightsMs: [] };
    const used = { costMicro: null, tokens: 150, wallMs: 9, usage };
    const settle = (with_: object) =>
      rowsOf<Reservation>(
        decideSettlement({ ...of, ...with_ }, { kind: "settle-spend", reservationId: "x", used }, context()),
        reservationKind,
      );
    expect([settle({ price }), settle({})].map(([row]) => row?.used?.costMicro)).toEqual([200, 1_000_000]);
    const wrong = { costMicro: -1, tokens: 0, wallMs: 0 };
    expect(decideSettlement(of, { kind: "settle-spend", reservationId: "x", used: wrong }, context())).toMatchObject({
      code: "budget.demand-invalid",
    });
    const strange = { ...of, budgets: [day({ id: "none of its own" })] };
    expect(
      rowsOf<Budget>(decideSettlement(strange, { kind: "settle-spend", reservationId: "x", used: "unknown" }, context()), budgetKind),
    ).toEqual([]);
    const expired = decideExpiry(
      { ...of, reservation: { ...of.reservation, state: "settled" } },
      { kind: "expire-spend", reservationId: "x" },
      context(),
    );
    expect(accepted(expired).changes).toEqual([]);
  });

  test("unknown books all that was reserved", () => {
    for (const { booked } of rowsOf<Budget>(settled(made(), "unknown"), budgetKind)) expect(booked.costMicro).toBe(1_000_000);
  });

  test("settled before, nothing changes", () => {
    const of = made();
    const once = settled(of, told);
    const again = {
      reservation: rowsOf<Reservation>(once, reservationKind)[0] ?? of.reservation,
      budgets: rowsOf<Budget>(once, budgetKind),
    };
    expect(accepted(settled(again, { ...told, costMicro: 9 })).changes).toEqual([]);
    expect(accepted(settled(again, "unknown")).answer).toMatchObject({ used: { costMicro: 400_000 } });
  });

  test("what nobody came back for is booked after its time, and corrected by whoever comes late", () => {
    const of = made();
    const expire = (atMs: number) =>
      decideExpiry({ ...of, midnightsMs: [] }, { kind: "expire-spend", reservationId: of.reservation.id }, context(atMs));
    expect(expire(of.reservation.expiresAtMs - 1)).toMatchObject({ code: "budget.not-expired" });
    const done = expire(of.reservation.expiresAtMs);
    const late = {
      reservation: rowsOf<Reservation>(done, reservationKind)[0] ?? of.reservation,
      budgets: rowsOf<Budget>(done, budgetKind),
    };
    expect(late.budgets.map(({ booked }) => booked.costMicro)).toEqual([1_000_000, 1_000_000]);
    for (const { booked, reserved, overrun } of rowsOf<Budget>(settled(late, { ...told, costMicro: 1_500_000 }), budgetKind))
      expect([booked.costMicro, reserved, overrun.costMicro]).toEqual([1_500_000, noAmounts, 500_000]);
  });

  test("a call that took more than it had reserved is booked whole, and the excess is shown", () => {
    for (const { booked, overrun } of rowsOf<Budget>(settled(made(), { ...told, costMicro: 1_200_000 }), budgetKind))
      expect([booked.costMicro, overrun.costMicro]).toEqual([1_200_000, 200_000]);
  });

  test("a call from yesterday is booked on yesterday", () => {
    const of = made();
    const tomorrowMs = nowMs + 86_400_000;
    const [budgetOfDay, ofRequest] = rowsOf<Budget>(settled(of, told, tomorrowMs), budgetKind);
    expect(budgetOfDay?.booked).toEqual(noAmounts);
    expect(budgetOfDay?.days[0]?.atMs).toBe(of.reservation.dayStartMs);
    expect(ofRequest?.booked.costMicro).toBe(400_000);
  });
});
