import { decideBudget, decideWithdrawal, type BudgetSlice, type SetBudget, type WithdrawBudget } from "../../core/gate/decide-budget.ts";
import { budgetKind } from "../../core/gate/budget.ts";
import { decideReservation, type ReserveSpend } from "../../core/gate/decide-reservation.ts";
import { decideExpiry, decideSettlement, type ExpireSpend, type SettleSpend } from "../../core/gate/decide-settlement.ts";
import { decidePrice, type PriceSlice, type SetPrice } from "../../core/gate/decide-price.ts";
import { priceKind } from "../../core/gate/price-table.ts";
import { organizationKindOf, projectKindOf } from "../../core/oversight/person.ts";
import { personaKind } from "../../core/personas/persona.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";
import { loadReserve, loadSettle, midnightsAround } from "./purse-slice.ts";

export const reserveSpendHandler = handler({
  load: (transaction, command: ReserveSpend, context) => loadReserve(transaction, command, context),
  decide: decideReservation,
});

export const settleSpendHandler = handler({
  load: (transaction, command: SettleSpend, context) => loadSettle(transaction, command.reservationId, context),
  decide: decideSettlement,
});

export const expireSpendHandler = handler({
  load: (transaction, command: ExpireSpend, context) => loadSettle(transaction, command.reservationId, context),
  decide: decideExpiry,
});

export const setBudgetHandler = handler<SetBudget, BudgetSlice>({
  async load(transaction, command, context) {
    // One after the other, so that a scope has one budget for each period.
    await lockOne(transaction, organizationKindOf, context.caller.organizationId);
    const { scope, scopeId, period } = command;
    const [known] = await transaction.find(budgetKind, { where: { scope, scopeId, period }, limit: 1 });
    const [budget] = known === undefined ? [] : await transaction.lock(budgetKind, [known.id]);
    return {
      person: await loadPerson(transaction, context),
      budget,
      scopeExists: await exists(transaction, command),
      count: known === undefined ? await transaction.count(budgetKind, { where: { state: "in-force", scope } }) : 0,
      midnightsMs: await midnightsAround(transaction, context),
    };
  },
  decide: decideBudget,
});

export const withdrawBudgetHandler = handler({
  load: async (transaction, command: WithdrawBudget, context) => ({
    person: await loadPerson(transaction, context),
    budget: await lockOne(transaction, budgetKind, command.budgetId),
  }),
  decide: decideWithdrawal,
});

/** Requests and tasks are looked for by whoever knows their project; models and providers have names that nobody keeps a list of. */
async function exists(transaction: Transaction, { scope, scopeId }: SetBudget): Promise<boolean> {
  if (scope === "project") return (await transaction.get(projectKindOf, scopeId)) !== undefined;
  if (scope === "persona") return (await transaction.find(personaKind, { where: { key: scopeId }, limit: 1 })).length > 0;
  return true;
}

export const setPriceHandler = handler<SetPrice, PriceSlice>({
  async load(transaction, command, context) {
    const organization = await lockOne(transaction, organizationKindOf, context.caller.organizationId);
    const { provider, model, fromMs } = command;
    const [known] = await transaction.find(priceKind, { where: { provider, model, fromMs }, limit: 1 });
    const [same] = known === undefined ? [] : await transaction.lock(priceKind, [known.id]);
    return {
      person: await loadPerson(transaction, context),
      currency: organization.currency,
      same,
      count: known === undefined ? await transaction.count(priceKind, {}) : 0,
    };
  },
  decide: decidePrice,
});
