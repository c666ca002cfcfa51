import fc from "fast-check";
import { expect, test } from "vitest";
import type { Decided } from "../shared/transition.ts";
import { type Amounts, type Budget, budgetKind, dayMs, measures, newBudget, noAmounts, noCaps, plus } from "./budget.ts";
import { rolled } from "./budget-window.ts";
import { decideReservation } from "./decide-reservation.ts";
import { decideExpiry, decideSettlement } from "./decide-settlement.ts";
import { type Reservation, reservationKind } from "./reservation.ts";

/*
 * Laws of the purse over any sequence of reserving, settling, losing, correcting and waiting: what is taken is never over a cap but by
 * what calls took beyond their reservation, every count is the sum of its reservations, and settling again changes nothing.
 */

const beginMs = 20_000 * dayMs;
const caps = { ...noCaps, costMicro: 1_000, tokens: 2_000 };
const requests = ["r1", "r2"] as const;

class Purse {
  nowMs = beginMs;
  readonly budgets = new Map<string, Budget>();
  readonly reservations: Reservation[] = [];
  private ids = 0;

  constructor() {
    const rows = [
      newBudget({ id: "day", scope: "organization", scopeId: "", period: "day", caps }),
      newBudget({
        id: "window",
        scope: "provider",
        scopeId: "one",
        period: "window",
        windowMs: dayMs / 2,
        caps: { ...noCaps, tokens: 500 },
      }),
      ...requests.map((id) => newBudget({ id, scope: "request", scopeId: id, period: "total", caps: { ...noCaps, costMicro: 400 } })),
    ];
    for (const row of rows) this.budgets.set(row.id, { ...row, version: 1, eventCount: 0 });
  }

  context() {
    return { actor: { kind: "system", id: "w" } as const, nowMs: this.nowMs, newId: () => `n${String((this.ids += 1))}` };
  }

  /** Takes over what was accepted. */
  keep(decided: Decided): boolean {
    if (decided.kind === "refused") return false;
    for (const { kind, after } of decided.transition.changes) {
      if (kind.name === budgetKind.name) this.budgets.set(after.id, after as Budget);
      if (kind.name !== reservationKind.name) continue;
      const at = this.reservations.findIndex(({ id }) => id === after.id);
      if (at < 0) this.reservations.push(after as Reservation);
      else this.reservations[at] = after as Reservation;
    }
    return true;
  }

  covering(requestId: string): readonly Budget[] {
    return ["day", "window", requestId].flatMap((id) => this.budgets.get(id) ?? []);
  }

  reserve(requestId: string, demand: Amounts): boolean {
    const subject = { requestId, taskId: null, attemptId: null, personaKey: null, provider: "one", model: null };
    const slice = { currency: "EUR", projectId: null, eachRequest: undefined, requestBudgetMicro: null, midnightsMs: [], isNew: false };
    return this.keep(
      decideReservation(
        { ...slice, budgets: this.covering(requestId), rehearsal: false, attemptState: null },
        { kind: "reserve-spend", ...subject, demand },
        this.context(),
      ),
    );
  }

  end(
    reservation: Reservation,
    used: { readonly costMicro: number; readonly tokens: number; readonly wallMs: number } | "unknown" | "expire",
  ) {
    const slice = { reservation, budgets: this.covering(reservation.requestId ?? ""), midnightsMs: [] };
    return used === "expire"
      ? decideExpiry(slice, { kind: "expire-spend", reservationId: reservation.id }, this.context())
      : decideSettlement(slice, { kind: "settle-spend", reservationId: reservation.id, used }, this.context());
  }
}

const move = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("reserve" as const),
      request: fc.constantFrom(...requests),
      cost: fc.nat(300),
      tokens: fc.nat(300),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("settle" as const), at: fc.nat(20), cost: fc.nat(350), tokens: fc.nat(320) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("unknown" as const, "expire" as const), at: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(dayMs) }) },
);

test("whatever happens in whatever order, no cap is passed and every count is the sum of its reservations", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 50 }), (moves) => {
      const purse = new Purse();
      for (const one of moves) {
        if (one.kind === "wait") purse.nowMs += one.ms;
        else if (one.kind === "reserve")
          purse.reserve(one.request, { ...noAmounts, costMicro: one.cost, tokens: one.tokens, runs: 1, wallMs: 1_000 });
        else {
          const reservation = purse.reservations[one.at];
          if (reservation === undefined) continue;
          const used = one.kind === "settle" ? { costMicro: one.cost, tokens: one.tokens, wallMs: 0 } : one.kind;
          purse.keep(purse.end(reservation, used));
        }
        expect(broken(purse)).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

/** Budgets that took more than their cap, or count something else than the sum of their reservations. */
const broken = (purse: Purse): readonly Budget[] => [...purse.budgets.values()].filter((row) => isOver(row) || !isCounted(row, purse));

function isOver(row: Budget): boolean {
  const taken = plus(row.booked, row.reserved);
  return measures.some((measure) => taken[measure] - row.overrun[measure] > (row.caps?.[measure] ?? Infinity));
}

function isCounted(row: Budget, { reservations }: Purse): boolean {
  const mine = reservations.filter(({ lines }) =>
    lines.some(({ budgetId, windowStartMs }) => budgetId === row.id && (row.period !== "day" || windowStartMs === row.windowStartMs)),
  );
  const sum = (of: (one: Reservation) => Amounts | null): Amounts => mine.reduce((all, one) => plus(all, of(one) ?? noAmounts), noAmounts);
  const same = (left: Amounts, right: Amounts): boolean => measures.every((measure) => left[measure] === right[measure]);
  const isReserved = same(
    row.reserved,
    sum((one) => (one.state === "open" ? one.reserved : null)),
  );
  return (
    isReserved &&
    (row.period === "window" ||
      same(
        row.booked,
        sum((one) => one.used),
      ))
  );
}

test("settling again changes nothing, and unknown use books the whole reserve", () => {
  const amount = fc.nat(100);
  fc.assert(
    fc.property(amount, amount, fc.constantFrom("told" as const, "unknown" as const), (cost, tokens, how) => {
      const purse = new Purse();
      purse.reserve("r1", { ...noAmounts, costMicro: cost, tokens, runs: 1 });
      const [open] = purse.reservations;
      if (open === undefined) throw new Error("It fits.");
      purse.keep(purse.end(open, how === "unknown" ? "unknown" : { costMicro: cost, tokens, wallMs: 0 }));
      const [settled] = purse.reservations;
      expect(settled).toMatchObject({ state: "settled", used: open.reserved });
      if (settled === undefined) return;
      const again = purse.end(settled, { costMicro: cost + 1, tokens, wallMs: 9 });
      expect(again).toMatchObject({ kind: "accepted", transition: { changes: [], events: [] } });
    }),
  );
});

test("rolling a budget forward twice is rolling it once, and never makes what is taken more", () => {
  fc.assert(
    fc.property(fc.nat(3 * dayMs), fc.nat(3 * dayMs), fc.nat(100), (firstMs, thenMs, tokens) => {
      const purse = new Purse();
      purse.reserve("r1", { ...noAmounts, tokens, runs: 1 });
      const [open] = purse.reservations;
      if (open !== undefined) purse.keep(purse.end(open, { costMicro: 0, tokens, wallMs: 0 }));
      for (const row of purse.budgets.values()) {
        const once = rolled(rolled(row, beginMs + firstMs, []), beginMs + firstMs + thenMs, []);
        expect(rolled(once, beginMs + firstMs + thenMs, [])).toEqual(once);
        expect(once.booked.tokens).toBeLessThanOrEqual(row.booked.tokens);
      }
    }),
  );
});
