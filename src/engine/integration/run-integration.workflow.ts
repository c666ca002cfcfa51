import type { CheckResult } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JobRun } from "../ports/durable.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
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
  const checks = await verifyWhole(bench, found.plan, found.tasks, files);
  bench.crash("integration.after-assemble");
  bench.crash("job.before-report");
  const caller = jobCaller(run, "integration");
  try {
    await bench.apply({ ...caller, key: `${caller.key}:report` }, { kind: "finish-integration", requestId: run.subjectId, epoch: run.epoch, files, checks });
  } catch (error) {
    if (!(error instanceof Failure && error.kind === "conflict")) throw error;
  }
  bench.crash("job.after-report");
}

/** The named outputs, or those of the tasks nobody depends on; a name made twice keeps the later task's. */
function assemble(plan: Plan, tasks: readonly Task[]): readonly Artifact[] {
  const accepted = tasks.filter((task) => task.state === "passed" || task.state === "integrated").sort((left, right) => left.ordinal - right.ordinal);
  const chosen = plan.deliverable.length > 0 ? accepted.flatMap((task) => task.outputs.filter((output) => plan.deliverable.includes(output.name))) : accepted.filter((task) => task.dependents.length === 0).flatMap((task) => task.outputs);
  return [...new Map(chosen.map((output) => [output.name, output])).values()];
}

/** What must hold for the whole: every promised part is there, every byte is what was accepted, no task is open. */
async function verifyWhole(bench: Workbench, plan: Plan, tasks: readonly Task[], files: readonly Artifact[]): Promise<readonly CheckResult[]> {
  const missing = plan.deliverable.filter((name) => !files.some((file) => file.name === name));
  const open = tasks.filter((task) => !["passed", "integrated", "cancelled", "failed"].includes(task.state));
  const damaged: string[] = [];
  for (const file of files) {
    try {
      const path = await bench.content.locate(file.sha256);
      if (path === "") damaged.push(file.name);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      damaged.push(`${file.name}: ${error.message}`);
    }
  }
  return [
    whole("complete", files.length > 0 && missing.length === 0, missing.length === 0 ? `${files.length} parts are there.` : `Missing: ${missing.join(", ")}.`, { files: files.length, missing }),
    whole("intact", damaged.length === 0, damaged.length === 0 ? "Every part has the bytes that were accepted." : `Damaged: ${damaged.join("; ")}.`, { hashes: files.map((file) => file.sha256) }),
    whole("settled", open.length === 0, open.length === 0 ? "No task is open." : `Still open: ${open.map((task) => task.key).join(", ")}.`, { tasks: tasks.length }),
  ];
}

const whole = (criterionId: string, holds: boolean, detail: string, evidence: CheckResult["evidence"]): CheckResult => ({ criterionId, kind: "whole", verdict: holds ? "pass" : "fail", detail, evidence });
