import type { CheckResult } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JobRun } from "../ports/durable.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { hasMovedOn } from "../shared/refusal.ts";
import type { Workbench } from "../execution/workbench.ts";

/** Most tasks of a plan; the same bound as `planLimits.tasks`. */
const maxTasks = 10_000;

/** Assembles the deliverable from accepted outputs, verifies it as a whole and reports it. */
export async function runIntegration(bench: Workbench, run: JobRun): Promise<void> {
  const found = await bench.store.read(scopeOf(run), async (reader) => {
    const request = await reader.get(requestKind, run.subjectId);
    if (request === undefined || request.epoch !== run.epoch || request.state !== "integrating" || request.planId === null) return null;
    const plan = await reader.get(planKind, request.planId);
    return plan === undefined ? null : { plan, tasks: await reader.find(taskKind, { where: { planId: plan.id }, limit: maxTasks }) };
  });
  if (found === null) return;
  bench.crash("integration.before-assemble");
  const files = assemble(found.plan, found.tasks);
  const checks = await verifyWhole(bench, { ...found, files });
  bench.crash("integration.after-assemble");
  bench.crash("job.before-report");
  const caller = jobCaller(run, "integration");
  try {
    await bench.apply(
      { ...caller, key: `${caller.key}:report` },
      { kind: "finish-integration", requestId: run.subjectId, epoch: run.epoch, files, checks },
    );
  } catch (error) {
    if (!hasMovedOn(error)) throw error;
  }
  bench.crash("job.after-report");
}

/** The named outputs, or those of the tasks nobody depends on; a name made twice keeps the later task's. */
function assemble(plan: Plan, tasks: readonly Task[]): readonly Artifact[] {
  const accepted = tasks
    .filter((task) => task.state === "passed" || task.state === "integrated")
    .sort((left, right) => left.ordinal - right.ordinal);
  const chosen =
    plan.deliverable.length > 0
      ? accepted.flatMap((task) => task.outputs.filter((output) => plan.deliverable.includes(output.name)))
      : accepted.filter((task) => task.dependents.length === 0).flatMap((task) => task.outputs);
  return [...new Map(chosen.map((output) => [output.name, output])).values()];
}

interface Whole {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  readonly files: readonly Artifact[];
}

/** What must hold for the whole: every promised part is there, every byte is what was accepted, no task is open. */
async function verifyWhole(bench: Workbench, { plan, tasks, files }: Whole): Promise<readonly CheckResult[]> {
  const missing = plan.deliverable.filter((name) => !files.some((file) => file.name === name));
  const open = tasks.filter((task) => !["passed", "integrated", "cancelled", "failed"].includes(task.state)).map((task) => task.key);
  const damaged = await damagedFiles(bench, files);
  const isComplete = files.length > 0 && missing.length === 0;
  return [
    whole("complete", {
      holds: isComplete,
      detail: isComplete
        ? `${files.length} ${files.length === 1 ? "part is" : "parts are"} there.`
        : `Missing: ${missing.join(", ") || "everything"}.`,
      evidence: { files: files.length, missing },
    }),
    whole("intact", {
      holds: damaged.length === 0,
      detail: damaged.length === 0 ? "Every part has the bytes that were accepted." : `Damaged: ${damaged.join("; ")}.`,
      evidence: { hashes: files.map((file) => file.sha256) },
    }),
    whole("settled", {
      holds: open.length === 0,
      detail: open.length === 0 ? "No task is open." : `Still open: ${open.join(", ")}.`,
      evidence: { tasks: tasks.length },
    }),
  ];
}

/** Parts larger than this are checked to be there; smaller ones are read and hashed again. */
const maxRereadBytes = 64 * 1024 * 1024;

async function damagedFiles(bench: Workbench, files: readonly Artifact[]): Promise<readonly string[]> {
  const damaged: string[] = [];
  for (const file of files) {
    try {
      if (file.bytes > maxRereadBytes) await bench.content.locate(file.sha256);
      else await bench.content.read(file.sha256);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      damaged.push(`${file.name}: ${error.message}`);
    }
  }
  return damaged;
}

const whole = (
  criterionId: string,
  found: { readonly holds: boolean; readonly detail: string; readonly evidence: CheckResult["evidence"] },
): CheckResult => ({
  criterionId,
  kind: "whole",
  verdict: found.holds ? "pass" : "fail",
  detail: found.detail,
  evidence: found.evidence,
});
