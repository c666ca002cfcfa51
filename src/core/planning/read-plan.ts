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
  const deliverable = texts(source["deliverable"]);
  const requirements = source["resource_requirements"];
  return {
    document: {
      schema: "xvc.plan/1",
      request: text(source["request"]) ?? "",
      version: typeof source["version"] === "number" ? source["version"] : 1,
      decomposition: readRows(source["decomposition"], origin, problems),
      estimated_timeline: text(source["estimated_timeline"]) ?? "",
      resource_requirements: isObject(requirements) ? requirements : {},
      currency: text(source["currency"]) ?? currency,
      ...(deliverable.length > 0 ? { deliverable } : {}),
    },
    problems,
  };
}

function readRows(rows: Json | undefined, origin: string, problems: PlanProblem[]): readonly PlanTask[] {
  if (!Array.isArray(rows)) {
    problems.push(problem(null, "The plan has no `decomposition` list."));
    return [];
  }
  return (rows as readonly Json[]).flatMap((row, index) => {
    if (isObject(row)) return [readTask(row, { origin, index, problems })];
    problems.push(problem(null, `Entry ${index + 1} of the decomposition is no object.`));
    return [];
  });
}

interface Reading {
  readonly origin: string;
  readonly index: number;
  readonly problems: PlanProblem[];
}

const risks = ["low", "medium", "high"] as const;
const reviews = ["checks", "independent", "person"] as const;
const executors: readonly ExecutorKind[] = ["rules", "human", "scripted", "model", "agent", "remote"];

/** What a field must be when it is there. */
const fieldTypes: { readonly [field: string]: { readonly fits: (value: Json) => boolean; readonly words: string } } = {
  ...Object.fromEntries(
    ["dependencies", "skills", "tools", "inputs", "outputs"].map((field) => [field, { fits: isTexts, words: "list of texts" }]),
  ),
  ...Object.fromEntries(
    ["title", "persona", "origin", "division"].map((field) => [field, { fits: (value: Json) => typeof value === "string", words: "text" }]),
  ),
  ...Object.fromEntries(
    ["costMicro", "maxAttempts"].map((field) => [field, { fits: (value: Json) => typeof value === "number", words: "number" }]),
  ),
  risk: { fits: (value) => oneOf(value, risks) !== undefined, words: `one of ${risks.join(", ")}` },
  review: { fits: (value) => oneOf(value, reviews) !== undefined, words: `one of ${reviews.join(", ")}` },
  executor: { fits: (value) => oneOf(value, executors) !== undefined, words: `one of ${executors.join(", ")}` },
  outputSchema: { fits: isObject, words: "JSON schema" },
};

function readTask(row: JsonObject, reading: Reading): PlanTask {
  const task = text(row["task"]) ?? "";
  if (task === "") reading.problems.push(problem(null, `Entry ${reading.index + 1} of the decomposition has no \`task\` name.`));
  for (const [field, { fits, words }] of Object.entries(fieldTypes)) {
    const value = row[field];
    if (value !== undefined && !fits(value)) reading.problems.push(problem(task, `\`${field}\` of "${task}" is no ${words}.`));
  }
  const outputs = outputsOf(row, task);
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
    costMicro: number(row["costMicro"], 0),
    risk: oneOf(row["risk"], risks) ?? "medium",
    origin: text(row["origin"]) ?? reading.origin,
    ...readJudgement(row, outputs, readAcceptance(row["acceptance"], task, reading.problems)),
    maxAttempts: number(row["maxAttempts"], 3),
    ...optionalFields(row),
  };
}

function outputsOf(row: JsonObject, task: string): readonly string[] {
  const named = texts(row["outputs"]);
  return named.length > 0 ? named : [`${task}.md`];
}

/** Without criteria of its own nothing but somebody else's judgement says whether the work is any good. */
function readJudgement(
  row: JsonObject,
  outputs: readonly string[],
  stated: readonly Criterion[] | null,
): Pick<PlanTask, "acceptance" | "review"> {
  const review = oneOf(row["review"], reviews);
  if (stated !== null) return { acceptance: stated, review: review ?? "checks" };
  const acceptance = outputs.map((output, index): Criterion => ({
    id: `a${index + 1}`,
    statement: `${output} is there.`,
    check: { kind: "output", output },
  }));
  return { acceptance, review: review ?? "independent" };
}

function optionalFields(row: JsonObject): Pick<PlanTask, "executor" | "outputSchema" | "division"> {
  const executor = oneOf(row["executor"], executors);
  const division = text(row["division"]);
  const { outputSchema } = row;
  return {
    ...(executor === undefined ? {} : { executor }),
    ...(isObject(outputSchema) ? { outputSchema } : {}),
    ...(division === undefined ? {} : { division }),
  };
}

function readEstimate(value: Json | undefined, task: string, problems: PlanProblem[]): Estimate {
  if (value === undefined) return unstatedEstimate;
  if (isObject(value)) {
    const { lowHours, likelyHours, highHours } = value;
    if (typeof lowHours === "number" && typeof likelyHours === "number" && typeof highHours === "number")
      return { lowHours, likelyHours, highHours };
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

const needed: { readonly [kind in Check["kind"]]: string } = {
  output: "output",
  schema: "output",
  rule: "rule",
  command: "run",
  reviewer: "reviewer",
  person: "question",
};

function readCheck(value: Json | undefined): Check | null {
  if (!isObject(value)) return null;
  const kind = oneOf(value["kind"], ["output", "schema", "rule", "command", "reviewer", "person"]);
  if (kind === undefined || text(value[needed[kind]]) === undefined) return null;
  if (kind === "schema" && !isObject(value["schema"])) return null;
  return value as unknown as Check; // kind and its needed field were looked at above; other fields are the check's own
}

const text = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: Json | undefined, otherwise: number): number => (typeof value === "number" ? value : otherwise);
const texts = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter((item): item is string => typeof item === "string") : [];
const problem = (task: string | null, message: string): PlanProblem => ({ severity: "error", code: "plan.unreadable", task, message });

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: Json): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function oneOf<Value extends string>(value: Json | undefined, allowed: readonly Value[]): Value | undefined {
  return allowed.find((candidate) => candidate === value);
}
