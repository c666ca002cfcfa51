import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { type Amounts, type Budget, budgetKind, budgetLabel, type Caps, maxBudgets, newBudget, startCaps } from "../../core/gate/budget.ts";
import { mayRaise } from "../../core/gate/budget-limit.ts";
import { rolled, turnsAtMs } from "../../core/gate/budget-window.ts";
import { capsOf } from "../../core/gate/decide-reservation.ts";
import { forecastSpend, type SpendForecast } from "../../core/gate/spend-forecast.ts";
import { organizationKindOf, projectKindOf } from "../../core/oversight/person.ts";
import { requestKind, requestLabel, type WorkRequest } from "../../core/requests/request.ts";
import { type NamedPerformer, namedPerson, type People, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import { readEachRequest } from "./purse-slice.ts";

/** A budget with what is left of it. */
export interface BudgetView {
  /** Null: nobody has set it and nothing was spent from it; it is what every organization begins with. */
  readonly id: string | null;
  readonly scope: Budget["scope"];
  readonly scopeId: string;
  /** For people: a project's key, a request's label. */
  readonly label: string;
  readonly period: Budget["period"];
  readonly windowMs: number | null;
  /** Those that hold now. */
  readonly caps: Caps;
  /** Of a request: it follows what was said for each. */
  readonly follows: boolean;
  readonly thresholds: Budget["thresholds"];
  readonly booked: Amounts;
  readonly reserved: Amounts;
  /** What calls took beyond their reservation; part of what is booked. */
  readonly overrun: Amounts;
  /** By the measure that is nearest to its cap. */
  readonly level: "open" | "warned" | "holding" | "stopped" | "unlimited";
  readonly turnsAtMs: number | null;
  readonly forecast: SpendForecast | null;
  /** Attempts of projects the reader may enter that wait for it. */
  readonly waiting: number;
  readonly setBy: NamedPerformer | null;
  readonly setAtMs: number;
  readonly reason: string;
}

export interface BudgetListView {
  readonly schema: "xvc.budgets/1";
  readonly currency: string;
  readonly mayRaise: boolean;
  readonly items: readonly BudgetView[];
}

/** Single requests with a budget of their own, and attempts that wait, which are looked at. */
const bound = 1_000;

/** All that a view of one budget rests on. */
export interface Surroundings {
  readonly eachRequest: Budget | undefined;
  readonly requests: ReadonlyMap<string, WorkRequest>;
  readonly keys: ReadonlyMap<string, string>;
  readonly people: People;
  readonly waiting: readonly Attempt[];
  readonly nowMs: number;
}

/**
 * Every budget of the organization that the reader may see: those of projects and requests only where they may enter the project. Of
 * single requests those that have caps of their own or are near their end. The organization's first, then by scope.
 */
export async function budgetListView(
  reader: Reader,
  asked: { readonly viewerId: string; readonly organizationId: string; readonly nowMs: number },
): Promise<BudgetListView> {
  const [organization, rows, around] = await Promise.all([
    reader.get(organizationKindOf, asked.organizationId),
    reader.find(budgetKind, { where: { state: "in-force" }, limit: 10_000 }),
    readSurroundings(reader, asked.nowMs),
  ]);
  const requests = await requestsOf(reader, rows);
  const seen = { ...around, requests };
  const views = [...rows, ...missing(rows)].flatMap((row) => (isVisible(row, seen) ? [budgetView(row, seen)] : []));
  const roles = around.people.get(asked.viewerId)?.roles ?? [];
  return {
    schema: "xvc.budgets/1",
    currency: organization?.currency ?? "",
    mayRaise: mayRaise.some((role) => roles.includes(role)),
    items: views.filter(isWorthALine).toSorted(byScope).slice(0, maxBudgets),
  };
}

export async function readSurroundings(reader: Reader, nowMs: number): Promise<Omit<Surroundings, "requests">> {
  const [eachRequest, projects, people, paused] = await Promise.all([
    readEachRequest(reader),
    reader.find(projectKindOf, { limit: 10_000 }),
    readPeople(reader),
    reader.find(attemptKind, { where: { state: "paused" }, limit: bound }),
  ]);
  const keys = new Map(projects.map(({ id, key }) => [id as string, key]));
  return { eachRequest, keys, people, waiting: paused.filter(({ waitsFor }) => waitsFor !== undefined && waitsFor !== null), nowMs };
}

const requestsOf = async (reader: Reader, rows: readonly Budget[]): Promise<ReadonlyMap<string, WorkRequest>> => {
  const ids = rows.flatMap(({ scope, scopeId }) => (scope === "request" && scopeId !== "" ? [scopeId] : []));
  const found = ids.length === 0 ? [] : await reader.getMany(requestKind, ids);
  return new Map(found.map((request) => [request.id as string, request]));
};

/** What holds although no row says so yet. */
function missing(rows: readonly Budget[]): readonly Budget[] {
  const has = (scope: Budget["scope"], period: Budget["period"]): boolean =>
    rows.some((row) => row.scope === scope && row.scopeId === "" && row.period === period);
  const shown = (of: Parameters<typeof newBudget>[0]): Budget => ({ ...newBudget(of), version: 0, eventCount: 0 });
  return [
    ...(has("organization", "day")
      ? []
      : [shown({ id: "", scope: "organization", scopeId: "", period: "day", caps: startCaps.organization })]),
    ...(has("request", "total") ? [] : [shown({ id: "", scope: "request", scopeId: "", period: "total", caps: startCaps.request })]),
  ];
}

/** Tasks are told with their request, which the reader may enter; the store shows no row of another project. */
const isVisible = ({ scope, scopeId }: Budget, { requests, keys }: Surroundings): boolean =>
  (scope !== "project" || keys.has(scopeId)) && (scope !== "request" || scopeId === "" || requests.has(scopeId));

const isWorthALine = ({ scope, scopeId, follows, level, waiting }: BudgetView): boolean =>
  scope !== "request" || scopeId === "" || !follows || waiting > 0 || (level !== "open" && level !== "unlimited");

const order: readonly Budget["scope"][] = ["organization", "request", "project", "persona", "provider", "model", "task"];

/** What holds for each request comes before single ones: its id is empty. */
const byScope = (left: BudgetView, right: BudgetView): number =>
  order.indexOf(left.scope) - order.indexOf(right.scope) ||
  left.scopeId.localeCompare(right.scopeId) ||
  left.period.localeCompare(right.period);

/** One budget as it counts now. */
export function budgetView(row: Budget, around: Surroundings): BudgetView {
  const budget = rolled(row, around.nowMs, []);
  const request = budget.scope === "request" ? around.requests.get(budget.scopeId) : undefined;
  const caps = capsOf(budget, { eachRequest: around.eachRequest, requestBudgetMicro: request?.budgetMicro ?? null });
  const label = labelOf(budget, request, around.keys);
  return {
    id: row.version === 0 ? null : row.id,
    scope: budget.scope,
    scopeId: budget.scopeId,
    label,
    period: budget.period,
    windowMs: budget.windowMs,
    caps,
    follows: budget.caps === null,
    thresholds: budget.thresholds,
    booked: budget.booked,
    reserved: budget.reserved,
    overrun: budget.overrun,
    level: levelOf(budget, caps),
    turnsAtMs: turnsAtMs(budget),
    forecast: forecastSpend({ budget, caps }, around.nowMs),
    waiting: around.waiting.filter(({ waitsFor }) => waitsFor?.budgetId === row.id).length,
    setBy: budget.setBy === null ? null : namedPerson(around.people, budget.setBy),
    setAtMs: budget.setAtMs,
    reason: budget.reason,
  };
}

function labelOf(budget: Budget, request: WorkRequest | undefined, keys: ReadonlyMap<string, string>): string {
  if (request !== undefined) return `${requestLabel(keys.get(request.projectId) ?? "?", request.number)} ${request.title}`;
  const scopeId = budget.scope === "project" ? (keys.get(budget.scopeId) ?? budget.scopeId) : budget.scopeId;
  return budgetLabel({ ...budget, scopeId, period: "total" });
}

function levelOf({ booked, reserved, thresholds }: Budget, caps: Caps): BudgetView["level"] {
  const parts = (["costMicro", "tokens", "runs", "wallMs"] as const).flatMap((measure) => {
    const cap = caps[measure];
    return cap === null ? [] : [cap === 0 ? 1 : (booked[measure] + reserved[measure]) / cap];
  });
  if (parts.length === 0) return "unlimited";
  const most = Math.max(...parts);
  if (most >= 1) return "stopped";
  if (thresholds.holdAt !== null && most >= thresholds.holdAt) return "holding";
  return most >= thresholds.warnAt ? "warned" : "open";
}
