import type { Bench } from "../assignment/choose-performer.ts";
import type { Clock } from "../oversight/clock.ts";
import { type InboxItem, inboxItemKind } from "../oversight/inbox-item.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep } from "../shared/transition.ts";
import type { Attempt } from "./attempt.ts";
import { cancelAttempt, makeReady } from "./dispatch-task.ts";
import type { Task } from "./task.ts";

/** Takes back, in one project, what a removed person held. Sent again until nothing remains. */
export interface ReturnWork {
  readonly kind: "return-work";
  readonly personId: string;
  /** Counts the calls: each returns at most `maxReturned` tasks and as many items. */
  readonly round: number;
}

/** Tasks, and items, returned by one command. */
export const maxReturned = 50;

/** A claimed task with what is needed to offer it again. */
export interface HeldTask {
  readonly task: Task;
  readonly attempt: Attempt;
  readonly request: WorkRequest;
}

export interface ReturnedWorkSlice {
  /** Tasks the person claimed and has not handed in. */
  readonly held: readonly HeldTask[];
  /** Clocks that would end their attempts. */
  readonly clocks: readonly Clock[];
  /** Open items delegated to the person. */
  readonly items: readonly InboxItem[];
  /** Held or delegated beyond these. */
  readonly remaining: number;
  readonly bench: Bench;
}

/** Offers claimed tasks to others again and gives delegated items back to those who could answer them before. What was handed in stays handed in. */
export function decideReturnedWork(slice: ReturnedWorkSlice, command: ReturnWork, context: DecideContext): Decided {
  const step = beginStep(context);
  for (const { task, attempt, request } of slice.held) {
    cancelAttempt(step, attempt, { reason: "member removed", clocks: slice.clocks });
    makeReady(step, task, { request, bench: slice.bench, data: { reason: "member removed" } });
  }
  for (const item of slice.items) {
    step.draft.change(inboxItemKind, item, { state: "open", delegateId: null });
    step.draft.record(inboxItemKind, item, "decision.returned", { requestId: item.requestId, from: command.personId });
  }
  return step.draft.accept({ tasks: slice.held.length, items: slice.items.length, remaining: slice.remaining });
}
