/**
 * What may be spent by whom, and what of it is spent or promised. One row for each scope and period; the row carries its own count,
 * so a look at the rows of a call's scopes says whether the call fits.
 */
import { type Entity, organizationKind } from "../shared/entity.ts";

/** What a budget counts. Money is millionths of the organization's currency; runs are attempts that were let begin, counted with their first call. */
export const measures = ["costMicro", "tokens", "runs", "wallMs"] as const;

export type Measure = (typeof measures)[number];

export type Amounts = { readonly [measure in Measure]: number };

/** Most of each measure; null: no limit. */
export type Caps = { readonly [measure in Measure]: number | null };

export const noAmounts: Amounts = { costMicro: 0, tokens: 0, runs: 0, wallMs: 0 };
export const noCaps: Caps = { costMicro: null, tokens: null, runs: null, wallMs: null };

export const budgetScopes = ["organization", "project", "request", "task", "persona", "provider", "model"] as const;

export type BudgetScope = (typeof budgetScopes)[number];

/** In all, each day of the organization's own zone, or a window that slides along, as subscriptions have them. */
export const budgetPeriods = ["total", "day", "window"] as const;

export type BudgetPeriod = (typeof budgetPeriods)[number];

/** Parts of the cap, 0 to 1: passing the first is recorded; past the second nothing new begins. The cap itself stops every call. */
export interface Thresholds {
  readonly warnAt: number;
  readonly holdAt: number | null;
}

export const defaultThresholds: Thresholds = { warnAt: 0.8, holdAt: null };

/** What was booked in one slot of a sliding window, or on one day. */
export interface Slot {
  readonly atMs: number;
  readonly amounts: Amounts;
}

export interface Budget extends Entity {
  readonly scope: BudgetScope;
  /** A project's, request's or task's id, a persona's key, a provider's name or `provider/model`. Empty: the organization, or each request. */
  readonly scopeId: string;
  readonly period: BudgetPeriod;
  /** in-force -> withdrawn -> in-force: a withdrawn one limits nothing and counts nothing. */
  readonly state: "in-force" | "withdrawn";
  /** Of a sliding window only. */
  readonly windowMs: number | null;
  /** Null, of one request only: as said for each request. */
  readonly caps: Caps | null;
  readonly thresholds: Thresholds;
  /** Of a period by day: the day that is counted. Otherwise 0 and null. */
  readonly windowStartMs: number;
  readonly windowEndMs: number | null;
  /** In the window that is counted. */
  readonly booked: Amounts;
  readonly reserved: Amounts;
  /** What calls used beyond what was reserved for them; part of `booked`. */
  readonly overrun: Amounts;
  /** The highest caps of this window; a cap that was lowered below what is spent stops, and undoes nothing. */
  readonly highCaps: Caps;
  readonly warnedAtMs: number | null;
  /** Of a sliding window: what still counts, oldest first. At most `maxSlots` and one. */
  readonly slots: readonly Slot[];
  /** What was booked on each of the last days, oldest first. At most `maxDays`. */
  readonly days: readonly Slot[];
  /** Null: nobody has said so, it is what every organization begins with. */
  readonly setBy: string | null;
  readonly setAtMs: number;
  readonly reason: string;
}

export const budgetKind = organizationKind<Budget>("budget");

/** A budget in force at once, per organization, beside those of single requests. */
export const maxBudgets = 1_000;
export const maxSlots = 24;
export const maxDays = 14;
export const dayMs = 86_400_000;

/** What an organization begins with: ten a day and two a request, in its own currency, until a person says otherwise. */
export const startCaps: { readonly organization: Caps; readonly request: Caps } = {
  organization: { ...noCaps, costMicro: 10_000_000 },
  request: { ...noCaps, costMicro: 2_000_000 },
};

/** A budget nobody has spent from yet. */
export const newBudget = (
  of: Pick<Budget, "id" | "scope" | "scopeId" | "period"> & Partial<Omit<Budget, "id" | "version" | "eventCount">>,
): Omit<Budget, "version" | "eventCount"> => ({
  state: "in-force",
  windowMs: null,
  caps: null,
  thresholds: defaultThresholds,
  windowStartMs: 0,
  windowEndMs: null,
  booked: noAmounts,
  reserved: noAmounts,
  overrun: noAmounts,
  highCaps: of.caps ?? noCaps,
  warnedAtMs: null,
  slots: [],
  days: [],
  setBy: null,
  setAtMs: 0,
  reason: "",
  ...of,
});

export const eachMeasure = (of: (measure: Measure) => number): Amounts => ({
  costMicro: of("costMicro"),
  tokens: of("tokens"),
  runs: of("runs"),
  wallMs: of("wallMs"),
});

export const eachCap = (of: (measure: Measure) => number | null): Caps => ({
  costMicro: of("costMicro"),
  tokens: of("tokens"),
  runs: of("runs"),
  wallMs: of("wallMs"),
});

export const plus = (left: Amounts, right: Amounts): Amounts => eachMeasure((measure) => left[measure] + right[measure]);
/** Never below nothing. */
export const minus = (left: Amounts, right: Amounts): Amounts => eachMeasure((measure) => Math.max(0, left[measure] - right[measure]));

/** The tighter of two caps, measure by measure. */
export const tighter = (left: Caps, right: Caps): Caps =>
  eachCap((measure) => {
    const [one, other] = [left[measure], right[measure]];
    return one === null ? other : other === null ? one : Math.min(one, other);
  });

/** What the scope is called where people read. */
export function budgetLabel({ scope, scopeId, period }: Pick<Budget, "scope" | "scopeId" | "period">): string {
  const what =
    scope === "organization" ? "the organization" : scope === "request" && scopeId === "" ? "each request" : `${scope} ${scopeId}`;
  return period === "day" ? `${what}, a day` : period === "window" ? `${what}, a window` : what;
}
