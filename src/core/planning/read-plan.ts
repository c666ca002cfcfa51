import type { ExecutorKind } from "../personas/persona.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import type { Check, Criterion, Estimate, PlanDocument, PlanTask } from "./plan-document.ts";
import type { PlanProblem } from "./check-plan.ts";

/** A plan as far as it could be read; with problems it must not be used. */
export interface ReadPlan {
  readonly document: PlanDocument;
  readonly problems: readonly PlanProblem[];
}

/** What a plan without details means. A stated estimate always wins. */
const unstatedEstimate: Estimate = { lowHours: 1, likelyHours: 4, highHours: 16 };

/**
 * Reads a plan as people and programs write it: only `decomposition` with `task`, `persona` and `dependencies` is
 * needed (the vision's form); the rest gets stated defaults. Wrong types are problems, never guesses.
 */
export function readPlan(raw: Json, origin: string, currency: string): ReadPlan {
  const problems: PlanProblem[] = [];
  const source = isObject(raw) ? raw : {};
  if (!isObject(raw)) problems.push(problem(null, "A plan is a JSON object with a decomposition."));
  const rows = source["decomposition"];
  if (!Array.isArray(rows)) problems.push(problem(null, "The plan has no `decomposition` list."));
  const decomposition = (Array.isArray(rows) ? (rows as readonly Json[]) : []).flatMap((row, index) => {
    if (!isObject(row)) {
      problems.push(problem(null, `Entry ${index + 1} of the decomposition is no object.`));
      return [];
    }
    return [readTask(row, { origin, index, problems })];
  });
  const deliverable = texts(source["deliverable"]);
  return {
    document: {
      schema: "xvc.plan/1",
      request: text(source["request"]) ?? "",
      version: typeof source["version"] === "number" ? source["version"] : 1,
      decomposition,
      estimated_timeline: text(source["estimated_timeline"]) ?? "",
      resource_requirements: isObject(source["resource_requirements"]) ? source["resource_requirements"] : {},
      currency: text(source["currency"]) ?? currency,
      ...(deliverable.length > 0 ? { deliverable } : {}),
    },
    problems,
  };
}

interface Reading {
  readonly origin: string;
  readonly index: number;
  readonly problems: PlanProblem[];
}

function readTask(row: JsonObject, reading: Reading): PlanTask {
  const task = text(row["task"]) ?? "";
  if (task === "") reading.problems.push(problem(null, `Entry ${reading.index + 1} of the decomposition has no \`task\` name.`));
  for (const field of ["dependencies", "skills", "tools", "inputs", "outputs"]) {
    const value = row[field];
    if (value !== undefined && !(Array.isArray(value) && value.every((item) => typeof item === "string"))) reading.problems.push(problem(task, `\`${field}\` of "${task}" is no list of texts.`));
  }
  const outputs = texts(row["outputs"]).length > 0 ? texts(row["outputs"]) : [`${task}.md`];
  const acceptance = readAcceptance(row["acceptance"], task, reading.problems);
  const executor = text(row["executor"]);
  return {
    task,
    title: text(row["title"]) ?? task.replaceAll("_", " "),
    persona: text(row["persona"]) ?? "",
    dependencies: texts(row["dependencies"]),
    skills: texts(row["skills"]),
    tools: texts(row["tools"]),
    inputs: texts(row["inputs"]),
    outputs,
    estimate: readEstimate(row["estimate"], task, reading.problems),
    costMicro: typeof row["costMicro"] === "number" ? row["costMicro"] : 0,
    acceptance: acceptance ?? outputs.map((output, index) => ({ id: `a${index + 1}`, statement: `${output} is there.`, check: { kind: "output", output } })),
    risk: oneOf(row["risk"], ["low", "medium", "high"]) ?? "medium",
    origin: text(row["origin"]) ?? reading.origin,
    review: oneOf(row["review"], ["checks", "independent", "person"]) ?? (acceptance === null ? "independent" : "checks"),
    ...(executor !== undefined && isExecutor(executor) ? { executor } : {}),
    ...(isObject(row["outputSchema"]) ? { outputSchema: row["outputSchema"] } : {}),
    maxAttempts: typeof row["maxAttempts"] === "number" ? row["maxAttempts"] : 3,
    ...(text(row["division"]) === undefined ? {} : { division: text(row["division"]) ?? "" }),
  };
}

function readEstimate(value: Json | undefined, task: string, problems: PlanProblem[]): Estimate {
  if (value === undefined) return unstatedEstimate;
  if (isObject(value)) {
    const { lowHours, likelyHours, highHours } = value;
    if (typeof lowHours === "number" && typeof likelyHours === "number" && typeof highHours === "number") return { lowHours, likelyHours, highHours };
  }
  problems.push(problem(task, `The estimate of "${task}" needs the numbers lowHours, likelyHours and highHours.`));
  return unstatedEstimate;
}

function readAcceptance(value: Json | undefined, task: string, problems: PlanProblem[]): readonly Criterion[] | null {
  if (value === undefined) return null;
  if (!Array.isArray(value)) {
    problems.push(problem(task, `\`acceptance\` of "${task}" is no list.`));
    return [];
  }
  return (value as readonly Json[]).flatMap((row, index) => {
    const check = isObject(row) ? readCheck(row["check"]) : null;
    if (!isObject(row) || check === null) {
      problems.push(problem(task, `Criterion ${index + 1} of "${task}" has no check that can run and no person to judge it.`));
      return [];
    }
    return [{ id: text(row["id"]) ?? `a${index + 1}`, statement: text(row["statement"]) ?? "", check }];
  });
}

const needed: { readonly [kind in Check["kind"]]: string } = { output: "output", schema: "output", rule: "rule", command: "run", reviewer: "reviewer", person: "question" };

function readCheck(value: Json | undefined): Check | null {
  if (!isObject(value)) return null;
  const kind = oneOf(value["kind"], ["output", "schema", "rule", "command", "reviewer", "person"]);
  if (kind === undefined || text(value[needed[kind]]) === undefined) return null;
  if (kind === "schema" && !isObject(value["schema"])) return null;
  return value as unknown as Check; // kind and its needed field were looked at above; other fields are the check's own
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);
const texts = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly Json[]).filter((item): item is string => typeof item === "string") : []);
const isExecutor = (value: string): value is ExecutorKind => ["rules", "human", "scripted", "model", "agent", "remote"].includes(value);
const problem = (task: string | null, message: string): PlanProblem => ({ severity: "error", code: "plan.unreadable", task, message });

function oneOf<Value extends string>(value: Json | undefined, allowed: readonly Value[]): Value | undefined {
  return allowed.find((candidate) => candidate === value);
}
