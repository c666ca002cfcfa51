import { mayRaise } from "../gate/budget-limit.ts";
import { type BudgetWait, hasRoom, type WaitedFor, waitText } from "../gate/budget-wait.ts";
import type { Measure } from "../gate/budget.ts";
import { type InboxItem, inboxItemKind } from "../oversight/inbox-item.ts";
import { openItem, withdrawItem } from "../oversight/open-item.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { goOn } from "./hold-attempt.ts";
import { staleAttemptReport } from "./stale-report.ts";
import type { Task } from "./task.ts";

/** A worker stops an attempt because a budget has no room for its next call. */
export interface WaitForBudget {
  readonly kind: "wait-for-budget";
  readonly attemptId: string;
  readonly epoch: number;
  readonly budgetId: string;
  readonly measure: Measure;
  readonly needed: number;
}

/** A budget that an attempt waits for may have room again. */
export interface TryBudget {
  readonly kind: "try-budget";
  readonly attemptId: string;
}

export interface WaitSlice extends WaitedFor {
  readonly request: WorkRequest;
  readonly task: Task;
  readonly attempt: Attempt;
  readonly currency: string;
  /** What people were asked about this budget and this request, and have not answered. */
  readonly items: readonly InboxItem[];
  /** Other attempts of the request that wait for the same budget. */
  readonly others: number;
  /** The forecast of the budget, where there is one, for people. */
  readonly forecast: string;
}

/** Leaves an attempt where it is until the budget has room; those who may raise the cap are asked once for each request. It counts as no failed try. */
export function decideWait(slice: WaitSlice, command: WaitForBudget, context: DecideContext): Decided {
  const { attempt, task, budget } = slice;
  const stale = staleAttemptReport(attempt, command.epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This work belongs to somebody else now: ${stale}.`);
  if (attempt.state !== "running")
    return refuse("conflict", "attempt.not-running", `The attempt is ${attempt.state}; only running work waits for a budget.`);
  const step = beginStep(context);
  const { measure, needed } = command;
  const wait: BudgetWait = { budgetId: budget.id, measure, needed, sinceMs: context.nowMs };
  if (hasRoom(slice, wait, context.nowMs)) {
    goOn(step, attempt, "the budget has room again");
    return step.draft.accept({ id: attempt.id, state: attempt.state });
  }
  step.draft.change(attemptKind, attempt, { state: "paused", waitsFor: wait });
  step.draft.record(attemptKind, attempt, "run.held", { requestId: attempt.requestId, budgetId: budget.id, measure, needed });
  if (slice.items.length === 0)
    openItem(step, {
      kind: "escalation",
      requestId: attempt.requestId,
      subjectKind: "budget",
      subjectId: budget.id,
      title: `Raise the budget so that "${task.title}" can go on?`,
      detail: `${waitText(slice, wait, { task: task.title, currency: slice.currency })} ${slice.forecast}`.trim(),
      ruleId: "gate.budget-request",
      roles: mayRaise,
      choices: [
        { id: "raise", label: "Raise the cap to", needs: "text" },
        { id: "leave", label: "Leave it as it is", needs: "reason" },
      ],
      risk: "medium",
      evidence: { budgetId: budget.id, measure, needed, cap: slice.caps[measure], scope: budget.scope, scopeId: budget.scopeId },
    });
  return step.draft.accept({ id: attempt.id, state: "paused" });
}

/** Gives an attempt back to the queue once its call fits; what people were asked is taken back with the last that waited. */
export function decideTry(slice: WaitSlice, _command: TryBudget, context: DecideContext): Decided {
  const { attempt, request } = slice;
  const wait = attempt.waitsFor;
  if (attempt.state !== "paused" || wait === undefined || wait === null)
    return refuse("conflict", "attempt.not-held", "This attempt waits for no budget.");
  const step = beginStep(context);
  if (request.state === "paused" || !hasRoom(slice, wait, context.nowMs)) return step.draft.accept({ id: attempt.id, state: "paused" });
  const free = step.draft.change(attemptKind, attempt, { waitsFor: null });
  if (typeof attempt.pausedById !== "string") goOn(step, free, "the budget has room again");
  if (slice.others === 0) withdrawAsked(step, slice.items);
  return step.draft.accept({ id: attempt.id, state: "leased" });
}

function withdrawAsked({ draft }: Step, items: readonly InboxItem[]): void {
  for (const item of items) withdrawItem(draft, draft.current(inboxItemKind, item), "the budget has room again");
}
