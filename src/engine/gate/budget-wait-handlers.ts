import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { decideTry, decideWait, type TryBudget, type WaitForBudget, type WaitSlice } from "../../core/execution/wait-for-budget.ts";
import { budgetKind } from "../../core/gate/budget.ts";
import type { BudgetAnswerSlice } from "../../core/gate/decide-budget-answer.ts";
import { capsOf } from "../../core/gate/decide-reservation.ts";
import { forecastText } from "../../core/gate/spend-forecast.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { organizationKindOf } from "../../core/oversight/person.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { lockOne, readOne, shareRequest } from "../shared/load-slice.ts";
import {
  expireSpendHandler,
  reserveSpendHandler,
  setBudgetHandler,
  setPriceHandler,
  settleSpendHandler,
  withdrawBudgetHandler,
} from "./purse-handlers.ts";
import { midnightsAround, readEachRequest } from "./purse-slice.ts";

/** Attempts of one request that wait, and items about one budget, looked at. */
const bound = 1_000;

/** Budgets come after requests, tasks and attempts and before items, as everywhere. */
async function loadWait(
  transaction: Transaction,
  { attemptId, budgetId }: { readonly attemptId: string; readonly budgetId: string | null },
  context: LoadContext,
): Promise<WaitSlice> {
  const known = await readOne(transaction, attemptKind, attemptId);
  const request = await shareRequest(transaction, known.requestId);
  const task = await lockOne(transaction, taskKind, known.taskId);
  const attempt = await lockOne(transaction, attemptKind, attemptId);
  const budget = await lockOne(transaction, budgetKind, budgetId ?? attempt.waitsFor?.budgetId ?? "");
  const open = { subjectId: budget.id, requestId: request.id, state: ["open", "delegated"] };
  const asked = await transaction.find(inboxItemKind, { where: open, limit: bound });
  const paused: readonly Attempt[] = await transaction.find(attemptKind, {
    where: { requestId: request.id, state: "paused" },
    limit: bound,
  });
  const [organization, midnightsMs, eachRequest] = await Promise.all([
    readOne(transaction, organizationKindOf, context.caller.organizationId),
    midnightsAround(transaction, context),
    readEachRequest(transaction),
  ]);
  const caps = capsOf(budget, { eachRequest, requestBudgetMicro: request.budgetMicro });
  return {
    request,
    task,
    attempt,
    budget,
    caps,
    midnightsMs,
    currency: organization.currency,
    items: await transaction.lock(
      inboxItemKind,
      asked.map(({ id }) => id),
    ),
    others: paused.filter(({ id, waitsFor }) => id !== attempt.id && waitsFor?.budgetId === budget.id).length,
    forecast: forecastText({ budget, caps }, { nowMs: context.nowMs, currency: organization.currency }),
  };
}

const waitForBudgetHandler = handler({
  load: (transaction, command: WaitForBudget, context) => loadWait(transaction, command, context),
  decide: decideWait,
});

const tryBudgetHandler = handler({
  load: (transaction, command: TryBudget, context) => loadWait(transaction, { attemptId: command.attemptId, budgetId: null }, context),
  decide: decideTry,
});

/** What an answer about a budget changes. Locked before the item. */
export async function loadAskedBudget(
  transaction: Transaction,
  context: LoadContext,
  item: InboxItem,
): Promise<Pick<BudgetAnswerSlice, "budget" | "caps" | "currency">> {
  const [organization, request, eachRequest] = await Promise.all([
    readOne(transaction, organizationKindOf, context.caller.organizationId),
    item.requestId === null ? undefined : readOne(transaction, requestKind, item.requestId),
    readEachRequest(transaction),
  ]);
  const budget = await lockOne(transaction, budgetKind, item.subjectId);
  return {
    budget,
    caps: capsOf(budget, { eachRequest, requestBudgetMicro: request?.budgetMicro ?? null }),
    currency: organization.currency,
  };
}

/** Of every command about money, by its kind. */
export const moneyHandlers = {
  "set-budget": setBudgetHandler,
  "withdraw-budget": withdrawBudgetHandler,
  "set-price": setPriceHandler,
  "reserve-spend": reserveSpendHandler,
  "settle-spend": settleSpendHandler,
  "expire-spend": expireSpendHandler,
  "wait-for-budget": waitForBudgetHandler,
  "try-budget": tryBudgetHandler,
} as const;
