import type { Bench } from "../assignment/choose-performer.ts";
import { type Attempt, attemptKind } from "../execution/attempt.ts";
import type { Task } from "../execution/task.ts";
import { alwaysReviewOf } from "../oversight/always-review.ts";
import { clockKind } from "../oversight/clock.ts";
import { type Outcome, rungFor, shareFor } from "../personas/ladder.ts";
import { needsProof } from "../personas/persona.ts";
import { type Watch, watchOf } from "../personas/watch.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Step } from "../shared/transition.ts";

/** Who judges a result, decided once for each attempt: what was drawn stays drawn. */
export function watchResult(
  { draft, context }: Step,
  { task, attempt, bench }: { readonly task: Task; readonly attempt: Attempt; readonly bench: Bench },
): Watch {
  const known = draft.current(attemptKind, attempt).watch;
  if (known !== undefined) return known;
  const pair = { personaVersion: attempt.personaVersion ?? 0, executor: attempt.executor };
  const ladder = bench.ladders?.find(({ personaKey, taskType }) => personaKey === attempt.performer.id && taskType === task.spec.task);
  const watch = watchOf({
    executor: attempt.executor,
    provisional: attempt.provisional === true,
    rung: rungFor(ladder, pair),
    share: shareFor(ladder, pair),
    classes: needsProof(attempt.executor) ? alwaysReviewOf([task.spec]) : [],
    planned: plannedReview(task),
    draw: context.draw?.() ?? 0,
  });
  draft.change(attemptKind, attempt, { watch });
  return watch;
}

/** A reviewer's criterion asks for a reviewer as the plan itself does. */
const plannedReview = ({ spec }: Task): "checks" | "independent" | "person" =>
  spec.review === "checks" && spec.acceptance.some(({ check }) => check.kind === "reviewer") ? "independent" : spec.review;

/**
 * Lets the ladder hear what became of a first try, as a row that is due at once: the ladder is one row for all tasks of a type, and
 * no task waits for another to count its result.
 */
export function tellLadder(
  { draft, context }: Step,
  { request, task, attempt }: { readonly request: WorkRequest; readonly task: Task; readonly attempt: Attempt },
  { kind, judged }: Pick<Outcome, "kind" | "judged">,
): void {
  if (request.rehearsal || attempt.performer.kind !== "persona" || !needsProof(attempt.executor)) return;
  const outcome: Outcome = {
    attemptId: attempt.id,
    personaVersion: attempt.personaVersion ?? 0,
    executor: attempt.executor,
    kind,
    judged,
    atMs: context.nowMs,
  };
  draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs: context.nowMs,
    subjectKind: "task",
    subjectId: task.id,
    command: {
      kind: "count-outcome",
      personaKey: attempt.performer.id,
      taskType: task.spec.task,
      outcome: outcome as unknown as JsonObject, // plain JSON by its type
    },
    actor: { kind: "system", id: "ladder" },
  });
}
