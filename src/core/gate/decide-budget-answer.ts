import { type Authority, type GivenAnswer, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem } from "../oversight/open-item.ts";
import { recordAnswer } from "../oversight/record-decision.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import { type Budget, budgetKind, budgetLabel, type Caps, eachCap, type Measure, measures } from "./budget.ts";
import { amountText } from "./budget-text.ts";
import { readAmount } from "./budget-wait.ts";

export interface BudgetAnswerSlice {
  readonly item: InboxItem;
  readonly budget: Budget;
  /** Those that hold for the work that was asked about. */
  readonly caps: Caps;
  readonly currency: string;
  readonly authority: Authority;
}

/** Raises the cap that work waits for, or leaves it as it is; what waits goes on by itself once there is room. */
export function decideBudgetAnswer(slice: BudgetAnswerSlice, answer: GivenAnswer, context: DecideContext): Decided {
  const { item, budget, authority } = slice;
  const problem = answerProblem(item, answer);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const step = beginStep(context);
  if (answer.choice === "raise") {
    const measure = measureOf(item);
    const cap = slice.caps[measure];
    const raised = readAmount(measure, answer.value);
    if (raised === null || cap === null || raised <= cap)
      return refuse(
        "invalid",
        "budget.not-raised",
        `The cap of ${budgetLabel(budget)} is ${cap === null ? "without a limit" : amountText(measure, cap, slice.currency)}; say a higher one, such as ${example(measure)}.`,
      );
    raise(step, slice, { [measure]: raised }, reasonOf(answer));
  }
  closeItem(step, item, { ...answer, soloWaiver: authority.soloWaiver });
  recordAnswer(step, item, { ...answer, authority });
  return step.draft.accept({ id: item.id, state: "answered", budgetId: budget.id });
}

const example = (measure: Measure): string => (measure === "costMicro" ? "25.00" : "100000");

const reasonOf = ({ reason }: GivenAnswer): string => (reason.trim() === "" ? "raised from the inbox" : reason);

const measureOf = ({ evidence }: InboxItem): Measure => measures.find((one) => one === evidence["measure"]) ?? "costMicro";

function raise(
  { draft, context }: ReturnType<typeof beginStep>,
  { budget, caps }: BudgetAnswerSlice,
  ...[higher, reason]: readonly [higher: Partial<Caps>, reason: string]
): void {
  const to: Caps = { ...caps, ...higher };
  draft.change(budgetKind, budget, {
    caps: to,
    highCaps: eachCap((measure) => (to[measure] === null ? null : Math.max(to[measure], budget.highCaps[measure] ?? 0))),
    warnedAtMs: null,
    setBy: context.actor.id,
    setAtMs: context.nowMs,
    reason,
  });
  const { scope, scopeId, period } = budget;
  draft.record(budgetKind, budget, "budget.set", {
    scope,
    scopeId,
    period,
    from: { ...caps },
    to: { ...to },
    thresholds: { ...budget.thresholds },
    reason,
    by: context.actor.id,
  });
}
