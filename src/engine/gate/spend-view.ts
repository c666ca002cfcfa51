import { budgetKind, newBudget } from "../../core/gate/budget.ts";
import { type Reservation, reservationKind } from "../../core/gate/reservation.ts";
import { organizationKindOf } from "../../core/oversight/person.ts";
import { requestKind, type WorkRequest } from "../../core/requests/request.ts";
import { type NamedPerformer, namedPerson, type People } from "../oversight/people-view.ts";
import type { Reader, StoredEvent } from "../ports/store.ts";
import { type BudgetView, budgetView, readSurroundings } from "./budget-view.ts";

/** Calls of one attempt, or of one request, that are looked at. */
const bound = 10_000;

/** What a call counts for: what it used, or all that is reserved for it while it is on its way. */
export const countedOf = ({ used, reserved }: Reservation): Reservation["reserved"] => used ?? reserved;

/** Money that the purse holds against one attempt; null: it made no call that was reserved for. */
export async function spentBy(reader: Reader, attemptId: string): Promise<number | null> {
  const rows = await reader.find(reservationKind, { where: { attemptId }, limit: bound });
  return rows.length === 0 ? null : rows.reduce((sum, row) => sum + countedOf(row).costMicro, 0);
}

/** One kind of cost of a deliverable. */
export interface SpendPart {
  readonly kind: "model" | "tool";
  readonly persona: string | null;
  readonly provider: string;
  readonly model: string | null;
  readonly calls: number;
  readonly costMicro: number;
  readonly tokens: number;
  /** Calls of which nobody knows what they used; they count with all that was reserved. */
  readonly unknown: number;
  /** Calls on their way; they count with all that is reserved. */
  readonly open: number;
}

/** Time that people reported for their work on it. */
export interface PersonPart {
  readonly person: NamedPerformer;
  readonly reports: number;
  readonly reportedMs: number;
}

export interface RequestSpendView {
  readonly schema: "xvc.spend/1";
  readonly currency: string;
  readonly costMicro: number;
  readonly calls: number;
  /** There are more calls than are looked at; what is shown is the first of them. */
  readonly isCut: boolean;
  readonly budget: BudgetView;
  readonly parts: readonly SpendPart[];
  readonly people: readonly PersonPart[];
}

/** What a request has cost so far, with its parts: the dearest first. */
export async function requestSpendView(
  reader: Reader,
  asked: { readonly requestId: string; readonly organizationId: string; readonly nowMs: number },
): Promise<RequestSpendView> {
  const { requestId, nowMs } = asked;
  const [organization, rows, reports, budgets, request, around] = await Promise.all([
    reader.get(organizationKindOf, asked.organizationId),
    reader.find(reservationKind, { where: { requestId }, limit: bound }),
    reader.events({ requestId, kinds: ["human.time"], limit: bound }),
    reader.find(budgetKind, { where: { scope: "request", scopeId: requestId, period: "total" }, limit: 1 }),
    reader.get(requestKind, requestId),
    readSurroundings(reader, nowMs),
  ]);
  const budget = budgets[0] ?? {
    ...newBudget({ id: "", scope: "request", scopeId: requestId, period: "total" }),
    version: 0,
    eventCount: 0,
  };
  return {
    schema: "xvc.spend/1",
    currency: organization?.currency ?? "",
    costMicro: rows.reduce((sum, row) => sum + countedOf(row).costMicro, 0),
    calls: rows.length,
    isCut: rows.length === bound,
    budget: budgetView(budget, { ...around, requests: new Map(request === undefined ? [] : [[requestId, request]]) }),
    parts: partsOf(rows),
    people: peopleOf(reports, around.people),
  };
}

const partsOf = (rows: readonly Reservation[]): readonly SpendPart[] =>
  [...Map.groupBy(rows, ({ personaKey, provider, model }) => JSON.stringify([personaKey, provider, model])).values()]
    .flatMap((same): readonly SpendPart[] => {
      const [first] = same;
      if (first === undefined) return [];
      const { personaKey, provider, model } = first;
      return [
        {
          kind: model === null ? "tool" : "model",
          persona: personaKey,
          provider,
          model,
          calls: same.length,
          costMicro: same.reduce((sum, row) => sum + countedOf(row).costMicro, 0),
          tokens: same.reduce((sum, row) => sum + countedOf(row).tokens, 0),
          unknown: same.filter(({ basis }) => basis === "unknown" || basis === "expired").length,
          open: same.filter(({ state }) => state === "open").length,
        },
      ];
    })
    .toSorted((left, right) => right.costMicro - left.costMicro)
    .slice(0, maxParts);

const peopleOf = (reports: readonly StoredEvent[], people: People): readonly PersonPart[] =>
  [...Map.groupBy(reports, ({ actor }) => actor.id)]
    .map(([id, same]) => ({
      person: namedPerson(people, id),
      reports: same.length,
      reportedMs: same.reduce((sum, { data }) => sum + (typeof data["ms"] === "number" ? data["ms"] : 0), 0),
    }))
    .slice(0, maxParts);

/** Lines of each list. */
const maxParts = 200;

/** Money that the purse has booked for a request so far, also for attempts that still run. One row. */
export async function bookedFor(reader: Reader, request: Pick<WorkRequest, "id" | "rehearsal">): Promise<number> {
  if (request.rehearsal) return 0;
  const [budget] = await reader.find(budgetKind, { where: { scope: "request", scopeId: request.id, period: "total" }, limit: 1 });
  return budget?.booked.costMicro ?? 0;
}
