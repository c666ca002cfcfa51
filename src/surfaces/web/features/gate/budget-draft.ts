/** What a person types about a budget before it is sent. */
import type { BudgetBody, BudgetDocument, CapsDocument } from "../../../../contract/budget-contract.ts";
import { capInput, type Measure, measures, readCap } from "./budget-data.ts";

type Scope = BudgetDocument["scope"];
type Period = BudgetDocument["period"];

export interface BudgetDraft {
  readonly scope: Scope;
  readonly scopeId: string;
  readonly period: Period;
  /** Hours of a window. */
  readonly hours: string;
  readonly caps: { readonly [measure in Measure]: string };
  /** Percentages; empty: none. */
  readonly warn: string;
  readonly hold: string;
  readonly reason: string;
}

const percent = (share: number | null): string => (share === null ? "" : String(Math.round(share * 100)));

const hourMs = 3_600_000;

/** A new budget, until somebody says more. */
const freshDraft: BudgetDraft = {
  scope: "project",
  scopeId: "",
  period: "day",
  hours: "5",
  caps: { costMicro: "", tokens: "", runs: "", wallMs: "" },
  warn: "80",
  hold: "",
  reason: "",
};

/** What a budget says now; null: a new one. The reason is asked for each time. */
export function draftOf(budget: BudgetDocument | null): BudgetDraft {
  if (budget === null) return freshDraft;
  const { scope, scopeId, period, windowMs, caps, thresholds } = budget;
  const said = (measure: Measure): string => capInput(measure, caps[measure]);
  return {
    ...freshDraft,
    scope,
    scopeId,
    period,
    ...(windowMs === null ? {} : { hours: String(windowMs / hourMs) }),
    caps: { costMicro: said("costMicro"), tokens: said("tokens"), runs: said("runs"), wallMs: said("wallMs") },
    warn: percent(thresholds.warnAt),
    hold: percent(thresholds.holdAt),
  };
}

/** Of one request, all of it counts. */
export const periodOf = ({ scope, period }: Pick<BudgetDraft, "scope" | "period">): Period => (scope === "request" ? "total" : period);

/** A percentage as a part; null: none is said. Undefined: it is none. */
export function readPart(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) && value > 0 && value <= 100 ? value / 100 : undefined;
}

function readCaps(caps: BudgetDraft["caps"]): CapsDocument | null {
  const [costMicro, tokens, runs, wallMs] = measures.map((measure) => readCap(measure, caps[measure]));
  if (costMicro === undefined || tokens === undefined || runs === undefined || wallMs === undefined) return null;
  return { costMicro, tokens, runs, wallMs };
}

/** What is sent; null: something is missing or is no number. */
export function bodyOf(draft: BudgetDraft, isNamed: boolean): BudgetBody | null {
  const caps = readCaps(draft.caps);
  const [warnAt, holdAt] = [readPart(draft.warn), readPart(draft.hold)];
  const period = periodOf(draft);
  const windowMs = period === "window" ? Math.round(Number(draft.hours) * hourMs) : null;
  const isSaid = draft.reason.trim() !== "" && isNamed && (windowMs === null || Number.isSafeInteger(windowMs));
  if (caps === null || warnAt === undefined || holdAt === undefined || !isSaid) return null;
  return {
    scope: draft.scope,
    scopeId: draft.scopeId,
    period,
    windowMs,
    caps,
    thresholds: { warnAt: warnAt ?? 1, holdAt },
    reason: draft.reason,
  };
}
