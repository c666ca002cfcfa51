import type { Bench } from "../assignment/choose-performer.ts";
import { type Attempt, attemptKind } from "../execution/attempt.ts";
import type { Task } from "../execution/task.ts";
import { alwaysReviewOf } from "../oversight/always-review.ts";
import { rungFor, shareFor } from "../personas/ladder.ts";
import { needsProof } from "../personas/persona.ts";
import { type Watch, watchOf } from "../personas/watch.ts";
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
