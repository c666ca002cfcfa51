import type { PlanDocument, PlanTask } from "./plan-document.ts";
import { orderTasks } from "./plan-graph.ts";

/** One thing wrong with a plan. `error` refuses it; `warning` is shown with it. */
export interface PlanProblem {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly task: string | null;
  readonly message: string;
}

/** Upper bounds of a plan; more is refused. */
export const planLimits = { tasks: 10_000, dependenciesPerTask: 500, criteriaPerTask: 100, keyLength: 100 } as const;

/** What a check may rely on beside the plan itself. Absent parts are not checked. */
export interface PlanSurroundings {
  readonly personas?: ReadonlySet<string>;
  readonly inputs?: ReadonlySet<string>;
  /** False: `command` checks cannot run here, with the reason. */
  readonly sandbox?: { readonly ok: boolean; readonly reason: string };
}

/**
 * Everything that makes a plan unsound: cycles, unknown references, tasks nobody can judge, outputs nobody makes.
 * Empty when it can be approved. `O(tasks + dependencies)`.
 */
export function checkPlan(plan: PlanDocument, around: PlanSurroundings = {}): readonly PlanProblem[] {
  return planProblems(plan, around).filter((problem) => problem.severity === "error");
}

/** Errors and warnings, in the plan's order. */
export function planProblems(plan: PlanDocument, around: PlanSurroundings = {}): readonly PlanProblem[] {
  const tasks = plan.decomposition;
  if (tasks.length === 0) return [error("plan.empty", null, "The plan has no task.")];
  if (tasks.length > planLimits.tasks) return [error("plan.too-large", null, `The plan has ${tasks.length} tasks; at most ${planLimits.tasks} are possible.`)];
  const keys = new Set<string>();
  const problems: PlanProblem[] = [];
  for (const task of tasks) {
    if (keys.has(task.task)) problems.push(error("plan.duplicate-task", task.task, `Two tasks are called "${task.task}".`));
    keys.add(task.task);
  }
  const made = new Set(tasks.flatMap((task) => task.outputs));
  for (const task of tasks) problems.push(...taskProblems(task, keys), ...needProblems(task, made, around));
  const order = orderTasks(tasks);
  if (order.kind === "cyclic") problems.push(error("plan.cycle", order.cycle[0] ?? null, `These tasks wait for each other: ${order.cycle.slice(0, 20).join(" -> ")} -> ${order.cycle[0] ?? ""}.`));
  for (const name of plan.deliverable ?? []) if (!made.has(name)) problems.push(error("plan.deliverable-unmade", null, `No task makes the deliverable "${name}".`));
  return [...problems, ...unusedOutputs(plan)];
}

function taskProblems(task: PlanTask, keys: ReadonlySet<string>): readonly PlanProblem[] {
  const problems: PlanProblem[] = [];
  const add = (code: string, message: string) => problems.push(error(code, task.task, message));
  if (task.task.trim() === "" || task.task.length > planLimits.keyLength) add("plan.bad-key", `A task's key has 1 to ${planLimits.keyLength} characters.`);
  if (task.dependencies.length > planLimits.dependenciesPerTask) add("plan.too-many-dependencies", `"${task.task}" has more than ${planLimits.dependenciesPerTask} dependencies.`);
  for (const key of task.dependencies) if (!keys.has(key)) add("plan.unknown-dependency", `"${task.task}" depends on "${key}", which is not in the plan.`);
  if (new Set(task.dependencies).size !== task.dependencies.length) add("plan.repeated-dependency", `"${task.task}" names a dependency twice.`);
  if (task.acceptance.length === 0) add("plan.uncheckable", `"${task.task}" has no acceptance criterion; nobody could tell when it is done.`);
  if (task.acceptance.length > planLimits.criteriaPerTask) add("plan.too-many-criteria", `"${task.task}" has more than ${planLimits.criteriaPerTask} criteria.`);
  if (new Set(task.acceptance.map((criterion) => criterion.id)).size !== task.acceptance.length) add("plan.repeated-criterion", `Two criteria of "${task.task}" have the same id.`);
  const { lowHours, likelyHours, highHours } = task.estimate;
  if (!(lowHours >= 0 && lowHours <= likelyHours && likelyHours <= highHours && Number.isFinite(highHours))) add("plan.bad-estimate", `The estimate of "${task.task}" must rise from low over likely to high.`);
  if (!Number.isSafeInteger(task.costMicro) || task.costMicro < 0) add("plan.bad-cost", `The cost of "${task.task}" must be zero or more micro-units.`);
  if (!Number.isInteger(task.maxAttempts) || task.maxAttempts < 1 || task.maxAttempts > 20) add("plan.bad-attempts", `"${task.task}" may be tried 1 to 20 times.`);
  return problems;
}

function needProblems(task: PlanTask, made: ReadonlySet<string>, around: PlanSurroundings): readonly PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (task.persona === "") problems.push(error("plan.no-persona", task.task, `"${task.task}" names no persona.`));
  else if (around.personas !== undefined && !around.personas.has(task.persona)) problems.push(error("plan.unknown-persona", task.task, `"${task.task}" needs persona "${task.persona}", which the library does not have.`));
  for (const input of task.inputs) {
    if (!made.has(input) && around.inputs !== undefined && !around.inputs.has(input)) problems.push(error("plan.unknown-input", task.task, `"${task.task}" needs "${input}", which no task makes and the request does not bring.`));
  }
  for (const criterion of task.acceptance) {
    const { check } = criterion;
    if ((check.kind === "output" || check.kind === "schema") && !task.outputs.includes(check.output)) {
      problems.push(error("plan.criterion-unmade", task.task, `Criterion ${criterion.id} of "${task.task}" looks at "${check.output}", which the task does not make.`));
    }
    if (check.kind === "command" && around.sandbox?.ok === false) {
      problems.push(error("plan.no-sandbox", task.task, `Criterion ${criterion.id} of "${task.task}" runs a command, and there is no sandbox here: ${around.sandbox.reason} Let a person judge it instead.`));
    }
  }
  return problems;
}

function unusedOutputs(plan: PlanDocument): readonly PlanProblem[] {
  const used = new Set(plan.decomposition.flatMap((task) => task.inputs));
  const needed = new Set(plan.decomposition.flatMap((task) => task.dependencies));
  const delivered = new Set(plan.deliverable ?? []);
  return plan.decomposition.flatMap((task) => {
    if (!needed.has(task.task)) return [];
    return task.outputs
      .filter((output) => !used.has(output) && !delivered.has(output))
      .map((output) => ({ severity: "warning", code: "plan.unused-output", task: task.task, message: `Nothing uses "${output}" of "${task.task}", and it is not delivered.` }) as const);
  });
}

const error = (code: string, task: string | null, message: string): PlanProblem => ({ severity: "error", code, task, message });
