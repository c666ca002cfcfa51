import { makeReady } from "../execution/dispatch-task.ts";
import { type Task, taskKind } from "../execution/task.ts";
import type { Surroundings } from "../execution/unlock-dependents.ts";
import { type ToolAnswerSlice, settleToolAnswer } from "../gate/decide-tool-answer.ts";
import type { GivenAnswer } from "../oversight/authority.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep } from "../shared/transition.ts";

/** Takes an answer about calls of tools, and lets the task that waited for it go on: after a no as well, for the performer has to know. */
export function decideToolAnswer(
  slice: ToolAnswerSlice & { readonly task: Task; readonly around: Surroundings },
  answer: GivenAnswer,
  context: DecideContext,
): Decided {
  const { item, task, around } = slice;
  const step = beginStep(context);
  const problem = settleToolAnswer(step, slice, answer);
  if (problem !== null) return problem;
  if (task.state === "blocked" && task.blockedBy === "question") makeReady(step, step.draft.change(taskKind, task, {}), around);
  return step.draft.accept({ id: item.id, state: "answered", taskState: step.draft.current(taskKind, task).state });
}
