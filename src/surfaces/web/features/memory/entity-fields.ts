import type { Json, JsonObject } from "../../../../core/shared/json.ts";
import { type FormField, formFields } from "../execution/form-fields.ts";

export type Texts = Readonly<Record<string, string>>;

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields of a type's schema, then those of the data that the schema does not name. */
export function dataFields(dataSchema: JsonObject, data: JsonObject): readonly FormField[] {
  const known = formFields(dataSchema, []);
  const names = new Set(known.map(({ name }) => name));
  const further = Object.keys(data).filter((name) => !names.has(name));
  return [...known, ...further.map((name) => ({ name, label: name, hint: "", kind: kindOf(data[name]), choices: [], required: false }))];
}

function kindOf(value: Json | undefined): FormField["kind"] {
  if (typeof value === "string") return "long-text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "json";
}

/** A value as the form writes it. */
export function fieldText(field: FormField, value: Json | undefined): string {
  if (value === undefined) return "";
  if (field.kind === "list" && Array.isArray(value)) return value.map(String).join("\n");
  return typeof value === "string" && field.kind !== "json" ? value : JSON.stringify(value, null, field.kind === "json" ? 2 : undefined);
}

/** What was written as a value; undefined: nothing, so the field is absent. @throws {SyntaxError} JSON that is none */
function fieldValue(field: FormField, text: string): Json | undefined {
  const said = text.trim();
  if (said === "") return undefined;
  if (field.kind === "number") return Number(said.replace(",", "."));
  if (field.kind === "boolean") return said === "true";
  if (field.kind === "json") return JSON.parse(said) as Json; // what JSON gives is JSON
  if (field.kind !== "list") return said;
  return said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** What is wrong with what was written, by field. */
export function fieldProblems(fields: readonly FormField[], texts: Texts): Texts {
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const problem = problemOf(field, (texts[field.name] ?? "").trim());
    if (problem !== null) problems[field.name] = problem;
  }
  return problems;
}

function problemOf({ kind, label, required }: FormField, text: string): string | null {
  if (text === "") return required ? `${label} is missing.` : null;
  if (kind === "number" && !Number.isFinite(Number(text.replace(",", ".")))) return "Write a number.";
  return kind === "json" && !isJson(text) ? "This is not JSON." : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // said beside the field
  }
}

/** Only what differs from what stands there, so that a change touches nothing else. */
export function dataChange(
  fields: readonly FormField[],
  texts: Texts,
  data: JsonObject,
): { readonly set: JsonObject; readonly unset: string[] } {
  const set: Record<string, Json> = {};
  const unset: string[] = [];
  for (const field of fields) {
    const before = data[field.name];
    const text = texts[field.name] ?? "";
    if (text === fieldText(field, before)) continue;
    const value = fieldValue(field, text);
    if (value === undefined) {
      if (before !== undefined) unset.push(field.name);
    } else set[field.name] = value;
  }
  return { set, unset };
}

/** A value for reading: words for flags, one line for a list of texts, JSON for what is nested. */
export function readable(value: Json): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((one) => typeof one !== "object" || one === null)) return value.map(String).join(", ");
  if (isObject(value) || Array.isArray(value)) return JSON.stringify(value, null, 2);
  return value === null ? "none" : typeof value === "string" ? value : JSON.stringify(value);
}
