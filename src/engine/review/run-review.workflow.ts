import { attemptKind, type CheckResult } from "../../core/execution/attempt.ts";
import { reviewKind } from "../../core/review/review.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JobRun } from "../ports/durable.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { readAttemptContext } from "../execution/attempt-context.ts";
import { type Workbench, attemptDeadlineMs } from "../execution/workbench.ts";

/** One independent review, then the command that reports its verdicts. Judging is free to repeat. */
export async function runReview(bench: Workbench, run: JobRun, signal: AbortSignal): Promise<void> {
  const nowMs = bench.clock.nowMs();
  const found = await bench.store.read(scopeOf(run), async (reader) => {
    const review = await reader.get(reviewKind, run.subjectId);
    if (review === undefined || review.state !== "open" || review.epoch !== run.epoch) return null;
    const submission = await reader.get(attemptKind, review.attemptId);
    return submission === undefined ? null : { review, submission, context: await readAttemptContext(reader, review.attemptId, nowMs) };
  });
  if (found === null) return;
  const limit = AbortSignal.any([signal, bench.clock.deadline(attemptDeadlineMs)]);
  bench.crash("review.before-judge");
  const verdicts: CheckResult[] = [];
  for (const name of reviewerNames(found)) {
    const reviewer = bench.reviewers[name];
    if (reviewer === undefined) verdicts.push({ criterionId: "review", kind: "reviewer", verdict: "fail", detail: `There is no reviewer "${name}" here.`, evidence: { missing: name } });
    else verdicts.push(...(await reviewer.review(found.context, found.submission, limit)));
  }
  bench.crash("review.after-judge");
  bench.crash("job.before-report");
  const { reviewer } = found.review;
  try {
    await bench.apply({ ...jobCaller(run, "worker"), key: `${jobCaller(run, "worker").key}:report`, actor: { kind: reviewer.kind, id: reviewer.id } }, { kind: "finish-review", reviewId: run.subjectId, epoch: run.epoch, verdicts });
  } catch (error) {
    if (!(error instanceof Failure && error.kind === "conflict")) throw error;
  }
  bench.crash("job.after-report");
}

/** In a rehearsal the scripted reviewer judges; otherwise those the criteria name, or the plain second look. */
function reviewerNames(found: { readonly review: { readonly executor: string }; readonly context: { readonly task: { readonly spec: { readonly acceptance: readonly { readonly check: { readonly kind: string; readonly reviewer?: unknown } }[] } } } }): readonly string[] {
  if (found.review.executor === "scripted") return ["scripted"];
  const named = found.context.task.spec.acceptance.flatMap(({ check }) => (check.kind === "reviewer" && typeof check.reviewer === "string" ? [check.reviewer] : []));
  return named.length > 0 ? named : ["second-look"];
}
