import { isActive } from "../oversight/authority.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { performerKey } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { attemptKind } from "./attempt.ts";
import type { ReassignSlice } from "./decide-human-work.ts";
import { cancelAttempt, makeReady } from "./dispatch-task.ts";
import { taskKind } from "./task.ts";
import { tellLadder } from "./tell-ladder.ts";

/** A person says that a task is understood wrongly, and how it is to be understood. */
export interface RedirectAttempt {
  readonly kind: "redirect-attempt";
  readonly taskId: string;
  /** What was read: another attempt may have begun since. */
  readonly attemptId: string;
  readonly direction: string;
}

/** Longest direction. */
export const maxDirection = 2_000;

/** Under which question the direction is told to the next attempt, and to every later one. */
export const directionQuestion = "How is this task to be understood?";

/** Ends the attempt and gives the task out again with the direction as its input. It is no failed try, and it counts against the ladder. */
export function decideRedirect(slice: ReassignSlice, command: RedirectAttempt, context: DecideContext): Decided {
  const { task, attempt, authority, person } = slice;
  if (!isActive(person)) return refuse("forbidden", "task.not-a-member", "Only an active member can redirect work.");
  const direction = command.direction.trim();
  const problem = redirectProblem(slice, { ...command, direction });
  if (problem !== null) return problem;
  if (attempt === undefined) return refuse("conflict", "attempt.replaced", "Nobody does this task now.");
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const step = beginStep(context);
  const { draft } = step;
  cancelAttempt(step, attempt, { reason: `redirected: ${direction.slice(0, 200)}`, clocks: slice.clocks });
  draft.change(attemptKind, attempt, {
    redirection: { understood: attempt.interpretation, direction, byId: context.actor.id, atMs: context.nowMs },
  });
  recordDecision(step, {
    requestId: asId(task.requestId),
    subjectKind: "task",
    subjectId: task.id,
    question: `Is "${task.title}" understood as it is meant?`,
    options: [{ id: "redirect", label: "No: it is to be understood in another way" }],
    choice: "redirect",
    rationale: direction,
    evidence: { attemptId: attempt.id, understood: attempt.interpretation },
    authority: authority.rule,
    soloWaiver: false,
    basis: authority.basis,
  });
  const told = draft.change(taskKind, task, { answers: [...task.answers, { question: directionQuestion, answer: direction }] });
  draft.record(taskKind, told, "task.redirected", {
    requestId: task.requestId,
    taskKey: task.key,
    attemptId: attempt.id,
    performer: performerKey(attempt.performer),
    understood: attempt.interpretation,
    direction,
    by: context.actor.id,
  });
  tellLadder(step, { request: slice.request, task, attempt }, { kind: "redirected", judged: true });
  makeReady(step, told, { ...slice, data: { reason: "redirected" } });
  return draft.accept({ id: task.id, state: draft.current(taskKind, task).state });
}

function redirectProblem({ task, attempt }: ReassignSlice, { attemptId, direction }: RedirectAttempt): Refusal | null {
  if (direction === "" || direction.length > maxDirection)
    return refuse("invalid", "task.direction-missing", `Say in at most ${maxDirection} characters how the task is to be understood.`);
  if (task.attemptId !== attemptId || attempt === undefined)
    return refuse("conflict", "attempt.replaced", "Another attempt of this task has taken over; look at what that one understood.");
  if (attempt.executor === "human")
    return refuse("conflict", "task.not-redirectable", "A person does this: write to them, or give the task to somebody else.");
  return task.state === "running" || task.state === "assigned"
    ? null
    : refuse("conflict", "task.not-redirectable", `The task is ${task.state}; what was handed in is judged in the inbox instead.`);
}
