import { type Attempt, attemptKind, type CheckResult } from "../../core/execution/attempt.ts";
import { reviewKind } from "../../core/review/review.ts";
import type { JobRun } from "../ports/durable.ts";
import type { AttemptContext, Reviewer } from "../ports/executor.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { hasMovedOn } from "../shared/refusal.ts";
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
    if (reviewer === undefined)
      verdicts.push({
        criterionId: "review",
        kind: "reviewer",
        verdict: "fail",
        detail: `There is no reviewer "${name}" here.`,
        evidence: { missing: name },
      });
    else verdicts.push(...(await judge(reviewer, found, { limit, cancelled: signal })));
  }
  bench.crash("review.after-judge");
  bench.crash("job.before-report");
  const { reviewer } = found.review;
  try {
    await bench.apply(
      { ...jobCaller(run, "worker"), key: `${jobCaller(run, "worker").key}:report`, actor: { kind: reviewer.kind, id: reviewer.id } },
      { kind: "finish-review", reviewId: run.subjectId, epoch: run.epoch, verdicts },
    );
  } catch (error) {
    if (!hasMovedOn(error)) throw error;
  }
  bench.crash("job.after-report");
}

/** A reviewer that cannot run says nothing about the work: a person judges its criteria instead. */
async function judge(
  reviewer: Reviewer,
  found: { readonly context: AttemptContext; readonly submission: Attempt },
  { limit, cancelled }: { readonly limit: AbortSignal; readonly cancelled: AbortSignal },
): Promise<readonly CheckResult[]> {
  try {
    return await reviewer.review(found.context, found.submission, limit);
  } catch (error) {
    cancelled.throwIfAborted();
    const reason = error instanceof Error ? error.message.slice(0, 500) : String(error);
    const criteria = found.context.task.spec.acceptance
      .filter((criterion) => criterion.check.kind === "reviewer")
      .map((criterion) => criterion.id);
    return (criteria.length > 0 ? criteria : ["review"]).map((criterionId) => ({
      criterionId,
      kind: "reviewer",
      verdict: "waiting",
      detail: `The reviewer "${reviewer.name}" could not run (${reason}); a person judges instead.`,
      evidence: { reviewer: reviewer.name },
    }));
  }
}

/** In a rehearsal the scripted reviewer judges; otherwise those the criteria name, or the plain second look. */
function reviewerNames(found: {
  readonly review: { readonly executor: string };
  readonly context: {
    readonly task: {
      readonly spec: { readonly acceptance: readonly { readonly check: { readonly kind: string; readonly reviewer?: unknown } }[] };
    };
  };
}): readonly string[] {
  if (found.review.executor === "scripted") return ["scripted"];
  const named = found.context.task.spec.acceptance.flatMap(({ check }) =>
    check.kind === "reviewer" && typeof check.reviewer === "string" ? [check.reviewer] : [],
  );
  return named.length > 0 ? named : ["second-look"];
}
