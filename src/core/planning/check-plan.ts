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
export const planLimits = {
  tasks: 10_000,
  dependenciesPerTask: 500,
  criteriaPerTask: 100,
  keyLength: 100,
  estimateHours: 1_000_000,
} as const;

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
  if (tasks.length > planLimits.tasks)
    return [error("plan.too-large", null, `The plan has ${tasks.length} tasks; at most ${planLimits.tasks} are possible.`)];
  const keys = new Set(tasks.map((task) => task.task));
  const made = new Set(tasks.flatMap((task) => task.outputs));
  return [
    ...repeatedTasks(tasks),
    ...tasks.flatMap((task) => [
      ...taskProblems(task, keys),
      ...personaProblems(task, around),
      ...inputProblems(task, made, around),
      ...criterionProblems(task, around),
    ]),
    ...cycleProblems(tasks),
    ...(plan.deliverable ?? [])
      .filter((name) => !made.has(name))
      .map((name) => error("plan.deliverable-unmade", null, `No task makes the deliverable "${name}".`)),
    ...unusedOutputs(plan),
  ];
}

function repeatedTasks(tasks: readonly PlanTask[]): readonly PlanProblem[] {
  const seen = new Set<string>();
  return tasks.flatMap(({ task }) => {
    const again = seen.has(task);
    seen.add(task);
    return again ? [error("plan.duplicate-task", task, `Two tasks are called "${task}".`)] : [];
  });
}

function cycleProblems(tasks: readonly PlanTask[]): readonly PlanProblem[] {
  const order = orderTasks(tasks);
  if (order.kind === "ordered") return [];
  const [first = ""] = order.cycle;
  return [error("plan.cycle", first, `These tasks wait for each other: ${[...order.cycle.slice(0, 20), first].join(" -> ")}.`)];
}

interface TaskRule {
  readonly code: string;
  readonly broken: (task: PlanTask) => boolean;
  readonly message: (task: PlanTask) => string;
}

const repeats = (values: readonly string[]): boolean => new Set(values).size !== values.length;

/** An estimate rises from low over likely to high and stays below what any calendar can hold. */
const isEstimate = ({ lowHours, likelyHours, highHours }: PlanTask["estimate"]): boolean =>
  lowHours >= 0 && lowHours <= likelyHours && likelyHours <= highHours && highHours <= planLimits.estimateHours;

/** What one task's own words must keep to. */
const taskRules: readonly TaskRule[] = [
  {
    code: "plan.bad-key",
    broken: ({ task }) => task.trim() === "" || task.length > planLimits.keyLength,
    message: () => `A task's key has 1 to ${planLimits.keyLength} characters.`,
  },
  {
    code: "plan.too-many-dependencies",
    broken: (task) => task.dependencies.length > planLimits.dependenciesPerTask,
    message: ({ task }) => `"${task}" has more than ${planLimits.dependenciesPerTask} dependencies.`,
  },
  {
    code: "plan.repeated-dependency",
    broken: (task) => repeats(task.dependencies),
    message: ({ task }) => `"${task}" names a dependency twice.`,
  },
  {
    code: "plan.uncheckable",
    broken: (task) => task.acceptance.length === 0,
    message: ({ task }) => `"${task}" has no acceptance criterion; nobody could tell when it is done.`,
  },
  {
    code: "plan.too-many-criteria",
    broken: (task) => task.acceptance.length > planLimits.criteriaPerTask,
    message: ({ task }) => `"${task}" has more than ${planLimits.criteriaPerTask} criteria.`,
  },
  {
    code: "plan.repeated-criterion",
    broken: (task) => repeats(task.acceptance.map((criterion) => criterion.id)),
    message: ({ task }) => `Two criteria of "${task}" have the same id.`,
  },
  { code: "plan.repeated-output", broken: (task) => repeats(task.outputs), message: ({ task }) => `"${task}" names an output twice.` },
  {
    code: "plan.bad-estimate",
    broken: (task) => !isEstimate(task.estimate),
    message: ({ task }) => `The estimate of "${task}" must rise from low over likely to high.`,
  },
  {
    code: "plan.bad-cost",
    broken: ({ costMicro }) => !Number.isSafeInteger(costMicro) || costMicro < 0,
    message: ({ task }) => `The cost of "${task}" must be zero or more micro-units.`,
  },
  {
    code: "plan.bad-attempts",
    broken: ({ maxAttempts }) => !Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 20,
    message: ({ task }) => `"${task}" may be tried 1 to 20 times.`,
  },
];

const taskProblems = (task: PlanTask, keys: ReadonlySet<string>): readonly PlanProblem[] => [
  ...taskRules.filter((rule) => rule.broken(task)).map((rule) => error(rule.code, task.task, rule.message(task))),
  ...task.dependencies
    .filter((key) => !keys.has(key))
    .map((key) => error("plan.unknown-dependency", task.task, `"${task.task}" depends on "${key}", which is not in the plan.`)),
];

function personaProblems({ task, persona }: PlanTask, { personas }: PlanSurroundings): readonly PlanProblem[] {
  if (persona === "") return [error("plan.no-persona", task, `"${task}" names no persona.`)];
  if (personas === undefined || personas.has(persona)) return [];
  return [error("plan.unknown-persona", task, `"${task}" needs persona "${persona}", which the library does not have.`)];
}

function inputProblems(task: PlanTask, made: ReadonlySet<string>, { inputs }: PlanSurroundings): readonly PlanProblem[] {
  if (inputs === undefined) return [];
  return task.inputs
    .filter((input) => !made.has(input) && !inputs.has(input))
    .map((input) =>
      error("plan.unknown-input", task.task, `"${task.task}" needs "${input}", which no task makes and the request does not bring.`),
    );
}

const criterionProblems = (task: PlanTask, { sandbox }: PlanSurroundings): readonly PlanProblem[] =>
  task.acceptance.flatMap(({ id, check }) => {
    if ((check.kind === "output" || check.kind === "schema") && !task.outputs.includes(check.output)) {
      return [
        error(
          "plan.criterion-unmade",
          task.task,
          `Criterion ${id} of "${task.task}" looks at "${check.output}", which the task does not make.`,
        ),
      ];
    }
    if (check.kind !== "command" || sandbox?.ok !== false) return [];
    return [
      error(
        "plan.no-sandbox",
        task.task,
        `Criterion ${id} of "${task.task}" runs a command, and there is no sandbox here: ${sandbox.reason} Let a person judge it instead.`,
      ),
    ];
  });

function unusedOutputs(plan: PlanDocument): readonly PlanProblem[] {
  const used = new Set(plan.decomposition.flatMap((task) => task.inputs));
  const needed = new Set(plan.decomposition.flatMap((task) => task.dependencies));
  const delivered = new Set(plan.deliverable ?? []);
  return plan.decomposition.flatMap((task) => {
    if (!needed.has(task.task)) return [];
    return task.outputs
      .filter((output) => !used.has(output) && !delivered.has(output))
      .map(
        (output) =>
          ({
            severity: "warning",
            code: "plan.unused-output",
            task: task.task,
            message: `Nothing uses "${output}" of "${task.task}", and it is not delivered.`,
          }) as const,
      );
  });
}

const error = (code: string, task: string | null, message: string): PlanProblem => ({ severity: "error", code, task, message });
