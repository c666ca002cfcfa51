import type { Role } from "../oversight/person.ts";
import { type Refusal, refuse } from "../shared/transition.ts";
import { type Amounts, type Budget, budgetLabel, type Caps, type Measure, measures } from "./budget.ts";
import { turnsAtMs } from "./budget-window.ts";
import { amountText } from "./budget-text.ts";

/** Who may raise a cap. Lowering one stops work and can be undone, so it needs the same. */
export const mayRaise: readonly Role[] = ["administrator", "director"];

/** The limit that keeps a call from being made. */
export interface LimitProblem {
  readonly budget: Budget;
  readonly measure: Measure;
  readonly cap: number;
  readonly left: number;
  readonly needed: number;
  /** It would fit, but past this part of the cap nothing new begins. */
  readonly isHold: boolean;
}

/** Ways of looking at one budget with the caps that hold for the call. */
interface Limited {
  readonly budget: Budget;
  readonly caps: Caps;
}

/**
 * The first limit that a demand would break, in the order given; null: it fits everywhere. A demand that exactly fills a cap fits.
 * A measure of which the call needs nothing never holds it back.
 */
export function firstProblem(
  covering: readonly Limited[],
  { demand, isNew }: { readonly demand: Amounts; readonly isNew: boolean },
): LimitProblem | null {
  for (const { budget, caps } of covering) {
    for (const measure of measures) {
      const problem = problemOf({ budget, caps }, { measure, needed: demand[measure], isNew });
      if (problem !== null) return problem;
    }
  }
  return null;
}

function problemOf(
  { budget, caps }: Limited,
  { measure, needed, isNew }: { readonly measure: Measure; readonly needed: number; readonly isNew: boolean },
): LimitProblem | null {
  const cap = caps[measure];
  if (cap === null || needed === 0) return null;
  const taken = budget.booked[measure] + budget.reserved[measure];
  const left = Math.max(0, cap - taken);
  const { holdAt } = budget.thresholds;
  const isHold = isNew && holdAt !== null && taken >= cap * holdAt;
  return needed > left || isHold ? { budget, measure, cap, left, needed, isHold: needed <= left } : null;
}

/** Says which limit, how much is left, who may raise it, and when it turns by itself. */
export function budgetRefusal({ budget, measure, cap, left, needed, isHold }: LimitProblem, currency: string): Refusal {
  const text = (amount: number): string => amountText(measure, amount, currency);
  const turnMs = turnsAtMs(budget);
  const why = isHold ? "past a part of it nothing new begins, and that part is reached" : `the call may take ${text(needed)}`;
  const turn = turnMs === null ? "" : " or when its window turns";
  return refuse(
    "exhausted",
    "budget.exhausted",
    `The budget of ${budgetLabel(budget)} is ${text(cap)}, and ${text(left)} of it is left; ${why}. It goes on when an ${mayRaise.join(" or ")} raises the cap in Settings > Budgets${turn}.`,
    {
      budgetId: budget.id,
      scope: budget.scope,
      scopeId: budget.scopeId,
      period: budget.period,
      measure,
      cap,
      left,
      needed,
      mayRaise: [...mayRaise],
      turnsAtMs: turnMs,
    },
  );
}
