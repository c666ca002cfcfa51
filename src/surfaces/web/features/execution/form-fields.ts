import type { Json, JsonObject } from "../../../../core/shared/json.ts";

/** One field of a form made from a JSON schema. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: "text" | "long-text" | "number" | "boolean" | "choice" | "list" | "json";
  readonly choices: readonly string[];
  readonly required: boolean;
}

/** Fields of one form; what a schema has beyond them is written as JSON. */
const maxFields = 100;

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const texts = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((part): part is string => typeof part === "string") : [];

/** The fields to fill in: one per property of the schema, or one text per expected output where there is no schema. */
export function formFields(schema: JsonObject | null, expectedOutputs: readonly string[]): readonly FormField[] {
  const properties = schema?.["properties"];
  if (schema === null || !isObject(properties))
    return expectedOutputs
      .slice(0, maxFields)
      .map((name) => ({ name, label: name, hint: "", kind: "long-text", choices: [], required: true }));
  const required = texts(schema["required"]);
  return Object.entries(properties)
    .slice(0, maxFields)
    .map(([name, property]) => fieldOf(name, isObject(property) ? property : {}, required.includes(name)));
}

function fieldOf(name: string, property: JsonObject, required: boolean): FormField {
  const title = property["title"];
  const description = property["description"];
  const choices = texts(property["enum"]);
  return {
    name,
    label: typeof title === "string" ? title : name,
    hint: typeof description === "string" ? description : "",
    kind: choices.length > 0 ? "choice" : kindOf(property),
    choices,
    required,
  };
}

function kindOf(property: JsonObject): FormField["kind"] {
  switch (property["type"]) {
    case "string":
      return typeof property["maxLength"] === "number" && property["maxLength"] <= 200 ? "text" : "long-text";
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return isObject(property["items"]) && property["items"]["type"] === "string" ? "list" : "json";
    default:
      return "json";
  }
}

type Values = Readonly<Record<string, string>>;

/** What keeps the form from being handed in, by field name. */
export function formProblems(fields: readonly FormField[], values: Values): Values {
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const problem = fieldProblem(field, (values[field.name] ?? "").trim());
    if (problem !== null) problems[field.name] = problem;
  }
  return problems;
}

function fieldProblem(field: FormField, text: string): string | null {
  if (text === "") return field.required && field.kind !== "boolean" ? `${field.label} is missing.` : null;
  if (field.kind === "number" && !Number.isFinite(Number(text))) return "Write a number.";
  return field.kind === "json" && readJson(text) === undefined ? "This is not JSON." : null;
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // JSON is what it returns
  } catch {
    // Told as a problem at the field.
    return undefined;
  }
}

function valueOf(field: FormField, text: string): Json {
  switch (field.kind) {
    case "number":
      return Number(text);
    case "boolean":
      return text === "yes";
    case "list":
      return text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    case "json":
      return readJson(text) ?? null;
    case "text":
    case "long-text":
    case "choice":
      return text;
  }
}

/**
 * The outputs to hand in. Fields named like the expected outputs fill one each; any other form is one JSON document,
 * the first expected output.
 */
export function formOutputs(
  fields: readonly FormField[],
  values: Values,
  expectedOutputs: readonly string[],
): Readonly<Record<string, string>> {
  const given = fields.filter((field) => field.kind === "boolean" || (values[field.name] ?? "").trim() !== "");
  const entries = given.map((field) => [field.name, valueOf(field, values[field.name] ?? "")] as const);
  if (fields.every((field) => expectedOutputs.includes(field.name)))
    return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value, null, 2)]));
  return { [expectedOutputs[0] ?? "output.json"]: JSON.stringify(Object.fromEntries(entries), null, 2) };
}
