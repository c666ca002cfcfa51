import type { CheckResult } from "../../core/execution/attempt.ts";
import type { ExecutorKind } from "../../core/personas/persona.ts";
import type { Criterion } from "../../core/planning/plan-document.ts";
import type { Artifact } from "../../core/shared/content.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Engine } from "../engine.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContentStore, Digest } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext, Checker, Executor, Reviewer } from "../ports/executor.ts";
import type { ReachParts } from "../ports/messenger.ts";
import type { TrialBench } from "../personas/trial-bench.ts";
import type { Store } from "../ports/store.ts";
import type { Caller } from "../shared/caller.ts";
import type { Capabilities } from "../shared/command-handler.ts";
import type { Command } from "../shared/commands.ts";

/** Everything that jobs work with. */
export interface Workbench {
  readonly store: Store;
  readonly content: ContentStore;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly crash: CrashProbe;
  readonly capabilities: Capabilities;
  readonly apply: (caller: Caller, command: Command) => Promise<JsonObject>;
  /** The same, and reads on in the command's transaction. */
  readonly applyAndLook: Engine["applyAndLook"];
  readonly executors: { readonly [kind in ExecutorKind]?: Executor };
  /** Does the trials of a suite; absent: none are done here. */
  readonly trials?: TrialBench;
  readonly checkers: { readonly [kind: string]: Checker };
  /** By name; `scripted` judges in rehearsals. */
  readonly reviewers: { readonly [name: string]: Reviewer };
  readonly executorId: string;
  /** Absent: messages wait until a process that can send takes them. */
  readonly reach?: ReachParts;
}

/** Longest attempt, its checks included. */
export const attemptDeadlineMs = 10 * 60_000;

/** A submission on its way through the checks. */
export interface Checking {
  readonly context: AttemptContext;
  readonly outputs: readonly Artifact[];
  readonly signal: AbortSignal;
}

/** Runs every automatic criterion of a task on outputs. A check that breaks has failed, with its error as the detail. */
export async function runChecks(bench: Workbench, checking: Checking): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const criterion of checking.context.task.spec.acceptance) {
    const { kind } = criterion.check;
    if (kind === "reviewer") continue;
    if (kind === "person")
      results.push({ criterionId: criterion.id, kind, verdict: "waiting", detail: criterion.check.question, evidence: {} });
    else results.push(await runCheck(bench, checking, criterion));
  }
  return results;
}

async function runCheck(bench: Workbench, { context, outputs, signal }: Checking, criterion: Criterion): Promise<CheckResult> {
  const checker = bench.checkers[criterion.check.kind];
  if (checker === undefined) return broken(criterion, `There is no checker for "${criterion.check.kind}" here.`);
  try {
    return await checker.check(context, { outputs, criterion }, signal);
  } catch (error) {
    signal.throwIfAborted();
    return broken(criterion, `The check itself failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const broken = ({ id, check }: Criterion, detail: string): CheckResult => ({
  criterionId: id,
  kind: check.kind,
  verdict: "fail",
  detail,
  evidence: { broken: true },
});
