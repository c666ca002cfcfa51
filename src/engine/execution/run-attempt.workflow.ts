import type { WaitForBudget } from "../../core/execution/wait-for-budget.ts";
import { measures } from "../../core/gate/budget.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { FinishAttempt } from "../../core/review/decide-submission.ts";
import type { JobRun } from "../ports/durable.ts";
import type { AttemptContext, AttemptOutcome } from "../ports/executor.ts";
import type { Caller } from "../shared/caller.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { hasMovedOn } from "../shared/refusal.ts";
import { contextOfStart, readAttemptContext } from "./attempt-context.ts";
import { type Workbench, attemptDeadlineMs, runChecks } from "./workbench.ts";

/**
 * One attempt and its automatic checks, then the command that reports its end. Safe to run twice: the start is
 * refused to a stale epoch, the work itself is free to repeat, and the report is keyed by job and epoch.
 */
export async function runAttempt(bench: Workbench, run: JobRun, signal: AbortSignal): Promise<void> {
  const caller = jobCaller(run, "worker");
  const context = await begin(bench, caller, run);
  if (context === null) return;
  const signals: Signals = { cancelled: signal, limit: AbortSignal.any([signal, bench.clock.deadline(attemptDeadlineMs)]) };
  bench.crash("attempt.before-execute");
  const outcome = await execute(bench, context, signals);
  bench.crash("attempt.after-execute");
  if (outcome.kind === "failed" && outcome.code === "halt.in-force") {
    await settle(bench, { ...caller, key: `${caller.key}:hold` }, { kind: "hold-attempt", attemptId: run.subjectId, epoch: run.epoch });
    return;
  }
  const wait = waitOf(run, outcome);
  if (wait !== null) {
    await settle(bench, { ...caller, key: `${caller.key}:wait` }, wait);
    return;
  }
  if (outcome.kind === "paused") {
    const { reason, restMs } = outcome;
    await settle(
      bench,
      { ...caller, key: `${caller.key}:pause` },
      { kind: "pause-attempt", attemptId: run.subjectId, epoch: run.epoch, reason, restMs },
    );
    return;
  }
  const end = await report(bench, run, { context, outcome, signal: signals.limit });
  bench.crash("job.before-report");
  const durationMs = outcome.durationMs ?? 0;
  const performer = context.attempt.performer;
  const by: Caller = { ...caller, key: `${caller.key}:report`, actor: { kind: performer.kind, id: performer.id } };
  if (context.request.rehearsal && durationMs > 0) {
    // The end is plain JSON by its type; it is sent by the rehearsal's clock when the declared time has passed.
    await settle(bench, by, {
      kind: "schedule-attempt-end",
      attemptId: run.subjectId,
      epoch: run.epoch,
      durationMs,
      end: end as unknown as JsonObject,
    });
  } else await settle(bench, by, end);
  bench.crash("job.after-report");
}

/** Cancelled: somebody ended the work. Limit: that, or the time is up. */
interface Signals {
  readonly cancelled: AbortSignal;
  readonly limit: AbortSignal;
}

/**
 * Begins under the epoch and reads what the attempt works with; two bodies of one epoch both may, since either may die. Null: the
 * work belongs to somebody else, has ended, is paused or is halted.
 */
async function begin(bench: Workbench, caller: Caller, run: JobRun): Promise<AttemptContext | null> {
  const nowMs = bench.clock.nowMs();
  try {
    const { answer, seen } = await bench.applyAndLook(
      { ...caller, key: `${caller.key}:start:${bench.executorId}` },
      { kind: "start-attempt", attemptId: run.subjectId, epoch: run.epoch, executorId: bench.executorId },
      (reader, done) => contextOfStart(reader, done, nowMs),
    );
    if (answer["state"] !== "running") return null;
    return seen ?? (await bench.store.read(scopeOf(run), (reader) => readAttemptContext(reader, run.subjectId, nowMs)));
  } catch (error) {
    if (hasMovedOn(error) || (error instanceof Failure && error.kind === "not-found")) return null;
    throw error;
  }
}

/** An end for want of budget is none: the attempt waits, and goes on from its stored turns. */
function waitOf({ subjectId, epoch }: JobRun, outcome: AttemptOutcome): WaitForBudget | null {
  if (outcome.kind !== "failed" || outcome.code !== "budget.exhausted") return null;
  const { budgetId, measure, needed } = outcome.details ?? {};
  const known = measures.find((one) => one === measure);
  if (typeof budgetId !== "string" || known === undefined || typeof needed !== "number") return null;
  return { kind: "wait-for-budget", attemptId: subjectId, epoch, budgetId, measure: known, needed };
}

/** Reports; a stale report is refused and recorded by the command log, which is the wanted end of it. */
async function settle(bench: Workbench, caller: Caller, command: Parameters<Workbench["apply"]>[1]): Promise<void> {
  try {
    await bench.apply(caller, command);
  } catch (error) {
    if (!hasMovedOn(error)) throw error;
  }
}

async function execute(bench: Workbench, context: AttemptContext, { cancelled, limit }: Signals): Promise<AttemptOutcome> {
  const { executor, outputs, notes } = context.attempt;
  if (executor === "human") return { kind: "submitted", outputs, interpretation: "", notes, costMicro: 0 };
  const one = bench.executors[executor];
  if (one === undefined) return failed("execution.no-executor", `No executor "${executor}" runs here.`, false);
  const serves = one.serves(context.task);
  if (!serves.ok) return failed("execution.not-served", serves.reason, false);
  try {
    return await one.attempt(context, limit);
  } catch (error) {
    cancelled.throwIfAborted();
    if (limit.aborted) return failed("execution.timed-out", `The attempt took longer than ${attemptDeadlineMs / 60_000} minutes.`, true);
    if (error instanceof Failure)
      return { ...failed(error.code, error.message, error.kind !== "invalid" && error.kind !== "not-found"), ...detailsOf(error) };
    throw error;
  }
}

/** What a refusal for want of budget says about it; of other failures the message is enough. */
const detailsOf = ({ code, details }: Failure): { readonly details?: JsonObject } =>
  code === "budget.exhausted" && details !== null && typeof details === "object" && !Array.isArray(details)
    ? { details: details as JsonObject } // neither null nor a list, so an object
    : {};

const failed = (code: string, message: string, retryable: boolean): AttemptOutcome => ({
  kind: "failed",
  code,
  message,
  retryable,
  costMicro: 0,
});

type Ended = Exclude<AttemptOutcome, { readonly kind: "paused" }>;

async function report(
  bench: Workbench,
  run: JobRun,
  done: { readonly context: AttemptContext; readonly outcome: Ended; readonly signal: AbortSignal },
): Promise<FinishAttempt> {
  const { context, outcome, signal } = done;
  const base = { kind: "finish-attempt", attemptId: run.subjectId, epoch: run.epoch, costMicro: outcome.costMicro } as const;
  if (outcome.kind === "asked") return { ...base, outcome: { kind: "asked", question: outcome.question } };
  if (outcome.kind === "failed") {
    const kind = outcome.code === "execution.timed-out" ? "timed-out" : "failed";
    return { ...base, outcome: { kind, code: outcome.code, message: outcome.message, retryable: outcome.retryable } };
  }
  bench.crash("attempt.before-check");
  const checks = await runChecks(bench, { context, outputs: outcome.outputs, signal });
  bench.crash("attempt.after-check");
  const pointAnswers =
    context.attempt.executor === "human" ? context.attempt.pointAnswers : (outcome.pointAnswers ?? answeredByRedoing(context));
  return {
    ...base,
    outcome: {
      kind: "submitted",
      outputs: outcome.outputs,
      checks,
      interpretation: outcome.interpretation,
      notes: outcome.notes,
      pointAnswers,
    },
  };
}

/** What is done again as a whole has every point of the last review as an input. */
const answeredByRedoing = ({ attempt }: AttemptContext): { readonly [id: string]: Json } =>
  Object.fromEntries(attempt.reworkPoints.map((point) => [point.id, "done again with this point as input"]));
