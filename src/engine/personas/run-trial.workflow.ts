import type { FinishTrial } from "../../core/feedback/decide-qualification.ts";
import type { CheckResult } from "../../core/execution/attempt.ts";
import { type Provider, providerKind } from "../../core/gate/provider.ts";
import { type Qualification, caseOfTrial, qualificationKind } from "../../core/personas/qualification.ts";
import { suiteKind } from "../../core/personas/suite.ts";
import { provenOnly } from "../../core/review/decide-gate.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { type Workbench, attemptDeadlineMs, runChecks } from "../execution/workbench.ts";
import type { JobRun } from "../ports/durable.ts";
import type { AttemptOutcome } from "../ports/executor.ts";
import type { Reader } from "../ports/store.ts";
import type { Command } from "../shared/commands.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { hasMovedOn } from "../shared/refusal.ts";
import { personaAt } from "./persona-rules.ts";
import { type TrialSubject, trialContext } from "./trial-context.ts";
import { haltOnTrial } from "./trial-ledger.ts";

/** One trial of a suite, then the command that reports it. Done again from its start when its worker dies; what it used stays booked. */
export async function runTrial(bench: Workbench, run: JobRun, signal: AbortSignal): Promise<void> {
  const found = await bench.store.read(scopeOf(run), (reader) => readTrial(reader, bench, run));
  if (found === null) return;
  if (typeof found === "string") return settle(bench, run, stopped(run, found));
  const limit = AbortSignal.any([signal, bench.clock.deadline(attemptDeadlineMs)]);
  bench.crash("attempt.before-execute");
  const outcome = await attempt(bench, found, { cancelled: signal, limit });
  bench.crash("attempt.after-execute");
  const report = await reportOf(bench, { run, subject: found, outcome }, limit);
  bench.crash("job.before-report");
  await settle(bench, run, report);
  bench.crash("job.after-report");
}

const stopped = (run: JobRun, reason: string): Command => ({
  kind: "stop-qualification",
  qualificationId: run.subjectId,
  epoch: run.epoch,
  reason,
});

async function settle(bench: Workbench, run: JobRun, command: Command): Promise<void> {
  const caller = jobCaller(run, "worker");
  try {
    await bench.apply({ ...caller, key: `${caller.key}:report` }, command);
  } catch (error) {
    if (!hasMovedOn(error)) throw error;
  }
}

async function wantedRun(reader: Reader, { subjectId, epoch }: JobRun): Promise<Qualification | null> {
  const row = await reader.get(qualificationKind, subjectId);
  return row?.state === "running" && row.epoch === epoch ? row : null;
}

/** What is on trial; a text: why the run cannot go on; null: this job is no longer wanted. */
async function readTrial(reader: Reader, bench: Workbench, run: JobRun): Promise<TrialSubject | string | null> {
  const row = await wantedRun(reader, run);
  if (row === null) return null;
  const [suite, provider, persona] = await Promise.all([
    reader.get(suiteKind, row.suiteId),
    row.providerId === null ? undefined : reader.get(providerKind, row.providerId),
    personaAt(reader, { key: row.personaKey, personaVersion: row.personaVersion }),
  ]);
  const sample = suite === undefined ? undefined : caseOfTrial(suite, row.trials.length + 1);
  if (sample === undefined) return "its suite is gone";
  if (provider?.state !== "active") return "its provider is paused or gone";
  if (persona === undefined) return `version ${row.personaVersion} of ${row.personaKey} is gone`;
  const projectId = asId<"project">(run.projectId);
  const subject = { run: row, sample, persona, provider, model: modelOf(row, provider), projectId, nowMs: bench.clock.nowMs() };
  const halt = await haltOnTrial(reader, subject);
  return halt === undefined ? subject : `halted: ${halt.reason}`;
}

const modelOf = ({ model }: Qualification, { name }: Provider): string => model?.slice(name.length + 1) ?? "";

async function attempt(
  bench: Workbench,
  subject: TrialSubject,
  { cancelled, limit }: { readonly cancelled: AbortSignal; readonly limit: AbortSignal },
): Promise<AttemptOutcome> {
  const failed = (code: string, message: string): AttemptOutcome => ({ kind: "failed", code, message, retryable: false, costMicro: 0 });
  const executor = bench.trials?.model(subject);
  if (executor === undefined) return failed("execution.no-executor", "Nothing here does trials.");
  try {
    return await executor.attempt(trialContext(subject), limit);
  } catch (error) {
    cancelled.throwIfAborted();
    if (limit.aborted) return failed("execution.timed-out", `It took longer than ${attemptDeadlineMs / 60_000} minutes.`);
    if (error instanceof Failure) return failed(error.code, error.message);
    throw error;
  }
}

/** Faults of the performer, which a trial is there to find; anything else says nothing about it, and the run stops. */
const itsOwn: ReadonlySet<string> = new Set(["model.answer-unusable", "model.blocked", "execution.loop", "execution.timed-out"]);

async function reportOf(
  bench: Workbench,
  { run, subject, outcome }: { readonly run: JobRun; readonly subject: TrialSubject; readonly outcome: AttemptOutcome },
  signal: AbortSignal,
): Promise<Command> {
  const base = { kind: "finish-trial", qualificationId: run.subjectId, epoch: run.epoch } as const;
  const trial = { caseId: subject.sample.id, interpretation: "", checks: [], passed: false } as const;
  switch (outcome.kind) {
    case "paused":
      return stopped(run, `its model did not answer: ${outcome.reason}`);
    case "asked":
      return {
        ...base,
        trial: { ...trial, costMicro: outcome.costMicro, reason: `It asked instead of doing the work: ${outcome.question}` },
      };
    case "failed":
      return itsOwn.has(outcome.code)
        ? { ...base, trial: { ...trial, costMicro: outcome.costMicro, reason: outcome.message } }
        : stopped(run, outcome.message);
    case "submitted":
      return { ...base, trial: { ...trial, ...(await judged(bench, subject, { outcome, signal })) } };
  }
}

type Judged = Pick<FinishTrial["trial"], "passed" | "reason" | "interpretation" | "checks" | "costMicro">;

async function judged(
  bench: Workbench,
  subject: TrialSubject,
  { outcome, signal }: { readonly outcome: Extract<AttemptOutcome, { readonly kind: "submitted" }>; readonly signal: AbortSignal },
): Promise<Judged> {
  const results = provenOnly(await runChecks(bench, { context: trialContext(subject), outputs: outcome.outputs, signal }));
  const wrong = results.filter(({ verdict }) => verdict !== "pass");
  return {
    passed: results.length > 0 && wrong.length === 0,
    reason: wrong
      .map(({ detail }) => detail)
      .join(" ")
      .slice(0, 1_000),
    interpretation: outcome.interpretation.slice(0, 2_000),
    checks: results.map(checkOf),
    costMicro: outcome.costMicro,
  };
}

const checkOf = ({ criterionId, verdict, detail }: CheckResult): Judged["checks"][number] => ({
  id: criterionId,
  verdict: verdict === "pass" ? "pass" : "fail",
  detail: detail.slice(0, 500),
});
