import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { type Budget, type BudgetScope, budgetKind } from "../../core/gate/budget.ts";
import type { PurseSlice, ReserveSlice } from "../../core/gate/decide-reservation.ts";
import type { SettleSlice } from "../../core/gate/decide-settlement.ts";
import { maxPrices, type Price, priceAt, priceKind } from "../../core/gate/price-table.ts";
import { type Reservation, reservationKind, type SpendSubject } from "../../core/gate/reservation.ts";
import { calendarKind } from "../../core/oversight/calendar.ts";
import { organizationKindOf, projectKindOf } from "../../core/oversight/person.ts";
import { requestKind } from "../../core/requests/request.ts";
import { dayMs } from "../../core/gate/budget.ts";
import { utcOnly } from "../ports/zone-time.ts";
import type { Reader, Transaction } from "../ports/store.ts";
import type { LoadContext } from "../shared/command-handler.ts";
import { lockOne, readOne } from "../shared/load-slice.ts";

/** Budgets that can cover one call: each scope has three periods at most. */
const maxCovering = 64;

/** Midnights of the organization's zone from the day before an instant to the day after the next. */
export async function midnightsAround(
  reader: Reader,
  { caller, capabilities, nowMs }: Pick<LoadContext, "caller" | "capabilities" | "nowMs">,
): Promise<readonly number[]> {
  const [calendar] = await reader.find(calendarKind, { where: { subjectId: caller.organizationId }, limit: 1 });
  const zones = capabilities.zones ?? utcOnly;
  const zone = calendar?.zone ?? "UTC";
  const firstMs = Math.floor(nowMs / dayMs) * dayMs;
  const known = [-1, 0, 1, 2].flatMap((days) => zones.instantOf(firstMs + days * dayMs, zone) ?? []);
  return known.toSorted((left, right) => left - right);
}

/** The ids under which the budgets of a call are kept. */
export function scopesOf(subject: SpendSubject, projectId: string | null): ReadonlyMap<BudgetScope, readonly string[]> {
  const { requestId, taskId, personaKey, provider, model } = subject;
  const list = (id: string | null): readonly string[] => (id === null ? [] : [id]);
  return new Map<BudgetScope, readonly string[]>([
    ["organization", [""]],
    ["project", list(projectId)],
    ["request", ["", ...list(requestId)]],
    ["task", list(taskId)],
    ["persona", list(personaKey)],
    ["provider", [provider]],
    ["model", list(model === null ? null : `${provider}/${model}`)],
  ]);
}

/**
 * Takes the organization's own day first, which every call counts in: so spenders come one after the other and wait for nobody else,
 * whatever they lock next. Held from here to the commit, some milliseconds.
 */
async function lockFirst(transaction: Transaction, organizationId: string): Promise<void> {
  const [day] = await transaction.find(budgetKind, { where: { scope: "organization", scopeId: "", period: "day" }, limit: 1 });
  if (day === undefined) await lockOne(transaction, organizationKindOf, organizationId);
  else await transaction.lock(budgetKind, [day.id]);
}

/**
 * The budgets that cover a call, locked: the organization's day, then all by id. To be asked for after every other row that the same
 * transaction locks, but for reservations.
 *
 * @throws {Failure} `request.not-found`: the request is not one of the caller's project
 */
export async function loadPurse(transaction: Transaction, subject: SpendSubject, context: LoadContext): Promise<PurseSlice> {
  const { organizationId, projectId } = context.caller;
  const scopes = scopesOf(subject, projectId);
  const [organization, midnightsMs, request] = await Promise.all([
    readOne(transaction, organizationKindOf, organizationId),
    midnightsAround(transaction, context),
    subject.requestId === null ? undefined : readOne(transaction, requestKind, subject.requestId),
  ]);
  await lockFirst(transaction, organizationId);
  const found = await transaction.find(budgetKind, {
    where: { state: "in-force", scopeId: [...new Set([...scopes.values()].flat())] },
    limit: maxCovering,
  });
  const locked = await transaction.lock(
    budgetKind,
    found.filter(({ scope, scopeId }) => scopes.get(scope)?.includes(scopeId) === true).map(({ id }) => id),
  );
  const budgets = locked.filter(({ state }) => state === "in-force");
  const isHolding = budgets.some(({ thresholds }) => thresholds.holdAt !== null);
  return {
    currency: organization.currency,
    projectId,
    budgets,
    eachRequest: budgets.find(({ scope, scopeId }) => scope === "request" && scopeId === ""),
    requestBudgetMicro: request?.budgetMicro ?? null,
    midnightsMs,
    isNew: isHolding && (await isFirst(transaction, subject.attemptId)),
  };
}

async function isFirst(transaction: Transaction, attemptId: string | null): Promise<boolean> {
  if (attemptId === null) return true;
  return (await transaction.find(reservationKind, { where: { attemptId }, limit: 1 })).length === 0;
}

/** The same for a call that stands alone: its attempt is kept from ending meanwhile. */
export async function loadReserve(transaction: Transaction, subject: SpendSubject, context: LoadContext): Promise<ReserveSlice> {
  const { projectId } = context.caller;
  const [project] = await Promise.all([
    projectId === null ? undefined : transaction.get(projectKindOf, projectId),
    subject.taskId === null ? undefined : readOne(transaction, taskKind, subject.taskId),
  ]);
  const [attempt] = subject.attemptId === null ? [] : await transaction.share(attemptKind, [subject.attemptId]);
  const attemptState = subject.attemptId === null ? null : (attempt?.state ?? "gone");
  const price = await readPrice(transaction, subject, context.nowMs);
  return { ...(await loadPurse(transaction, subject, context)), rehearsal: project?.mode === "rehearsal", attemptState, price };
}

/** What a model costs at an instant. */
async function readPrice(
  reader: Reader,
  { provider, model }: Pick<SpendSubject, "provider" | "model">,
  atMs: number,
): Promise<Price | undefined> {
  if (model === null) return undefined;
  return priceAt(await reader.find(priceKind, { where: { provider, model }, limit: maxPrices }), { provider, model, atMs });
}

/** A reservation with its budgets, locked in the same order as when it was made. */
export async function loadSettle(transaction: Transaction, reservationId: string, context: LoadContext): Promise<SettleSlice> {
  const known = await readOne(transaction, reservationKind, reservationId);
  await lockFirst(transaction, context.caller.organizationId);
  const budgets: readonly Budget[] = await transaction.lock(
    budgetKind,
    known.lines.map(({ budgetId }) => budgetId),
  );
  const reservation: Reservation = await lockOne(transaction, reservationKind, reservationId);
  const price = await readPrice(transaction, reservation, reservation.reservedAtMs);
  return { reservation, budgets, midnightsMs: await midnightsAround(transaction, context), price };
}

/** What was said for each request; undefined: nothing yet. */
export async function readEachRequest(reader: Reader): Promise<Budget | undefined> {
  return (await reader.find(budgetKind, { where: { scope: "request", scopeId: "", period: "total" }, limit: 1 }))[0];
}
