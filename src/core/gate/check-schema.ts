import { type Json, type JsonObject, canonicalJson } from "../shared/json.ts";

/*
 * The part of JSON Schema that tools are declared in. What is not in it is refused when a tool is registered, so that no
 * condition of a declaration is ever passed over. Patterns are not in it: they come from outside and may run for ever.
 */

const types = ["string", "number", "integer", "boolean", "null", "array", "object"] as const;
const said = "type description title default examples";
const checked = "enum const minimum maximum minLength maxLength items maxItems properties required additionalProperties";
const keywords: ReadonlySet<string> = new Set(`${said} ${checked}`.split(" "));
const maxSchemaDepth = 8;

/** Whether a word of JSON Schema is checked or plain text here. */
export const isCheckedKeyword = (word: string): boolean => keywords.has(word);

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** Everything because of which a schema cannot declare a tool's parameters; empty when it can. */
export function schemaProblems(schema: Json): readonly string[] {
  if (!isObject(schema) || schema["type"] !== "object") return ["Parameters are declared as an object."];
  return problemsAt(schema, "parameters", 0);
}

function problemsAt(schema: Json, path: string, depth: number): readonly string[] {
  if (!isObject(schema)) return [`${path} is no schema.`];
  if (depth > maxSchemaDepth) return [`${path} is nested deeper than ${maxSchemaDepth}.`];
  const unknown = Object.keys(schema).filter((key) => !keywords.has(key));
  const badTypes = typesOf(schema).filter((type) => !types.some((one) => one === type));
  const below = Object.entries(propertiesOf(schema)).flatMap(([name, one]) => problemsAt(one, `${path}.${name}`, depth + 1));
  const items = schema["items"] === undefined ? [] : problemsAt(schema["items"], `${path}[]`, depth + 1);
  return [
    ...unknown.map((key) => `${path} uses "${key}", which is not checked here.`),
    ...badTypes.map((type) => `${path} has the unknown type ${canonicalJson(type).slice(0, 60)}.`),
    ...(schema["additionalProperties"] === undefined || schema["additionalProperties"] === false
      ? []
      : [`${path} allows properties that nobody declared.`]),
    ...below,
    ...items,
  ];
}

const typesOf = (schema: JsonObject): readonly Json[] =>
  schema["type"] === undefined ? [] : Array.isArray(schema["type"]) ? listOf(schema["type"]) : [schema["type"]];

const propertiesOf = (schema: JsonObject): JsonObject => (isObject(schema["properties"]) ? schema["properties"] : {});

/** The names that a schema declares. */
export const declaredNames = (schema: JsonObject): readonly string[] => Object.keys(propertiesOf(schema));

/** The first thing wrong with a value by its schema, for people; null: nothing. An object never has a property that is not declared. */
export const misfit = (value: Json, schema: JsonObject, path = "the arguments"): string | null =>
  typeMisfit(value, schema, path) ?? closedMisfit(value, schema, path) ?? partMisfit(value, schema, path);

function partMisfit(value: Json, schema: JsonObject, path: string): string | null {
  if (typeof value === "number") return rangeMisfit(value, schema, path);
  if (typeof value === "string") return lengthMisfit(value, schema, path);
  if (Array.isArray(value)) return listMisfit(value as readonly Json[], schema, path);
  return isObject(value) ? objectMisfit(value, schema, path) : null;
}

function typeMisfit(value: Json, schema: JsonObject, path: string): string | null {
  const wanted = typesOf(schema);
  const fits = wanted.length === 0 || wanted.some((type) => isOfType(value, type));
  return fits ? null : `${path} is not of type ${wanted.map((type) => canonicalJson(type)).join(" or ")}.`;
}

function isOfType(value: Json, type: Json): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "integer") return typeof value === "number" && Number.isSafeInteger(value);
  return typeof value === type;
}

const same = (left: Json, right: Json): boolean => canonicalJson(left) === canonicalJson(right);

function closedMisfit(value: Json, schema: JsonObject, path: string): string | null {
  const { const: only, enum: words } = schema;
  if (only !== undefined && !same(value, only)) return `${path} is not the one allowed value.`;
  return words === undefined || listOf(words).some((word) => same(word, value)) ? null : `${path} is none of the allowed values.`;
}

function rangeMisfit(value: number, { minimum, maximum }: JsonObject, path: string): string | null {
  if (typeof minimum === "number" && value < minimum) return `${path} is less than ${minimum}.`;
  return typeof maximum === "number" && value > maximum ? `${path} is more than ${maximum}.` : null;
}

function lengthMisfit(value: string, { minLength, maxLength }: JsonObject, path: string): string | null {
  if (typeof minLength === "number" && value.length < minLength) return `${path} is shorter than ${minLength} characters.`;
  return typeof maxLength === "number" && value.length > maxLength ? `${path} is longer than ${maxLength} characters.` : null;
}

function listMisfit(value: readonly Json[], { items, maxItems }: JsonObject, path: string): string | null {
  if (typeof maxItems === "number" && value.length > maxItems) return `${path} has more than ${maxItems} entries.`;
  if (!isObject(items)) return null;
  for (const [index, one] of value.entries()) {
    const problem = misfit(one, items, `${path}[${index}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function objectMisfit(value: JsonObject, schema: JsonObject, path: string): string | null {
  // An object without declared properties inside a value is free data; the arguments themselves always declare theirs.
  if (schema["properties"] === undefined && path !== "the arguments") return null;
  const properties = propertiesOf(schema);
  const missing = listOf(schema["required"]).find((name) => typeof name === "string" && value[name] === undefined);
  if (missing !== undefined) return `${path} lack ${canonicalJson(missing)}.`;
  for (const [name, one] of Object.entries(value)) {
    const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isObject(declared)) return `${path} have an unknown property "${name.slice(0, 80)}".`;
    const problem = misfit(one, declared, `"${name}"`);
    if (problem !== null) return problem;
  }
  return null;
}
