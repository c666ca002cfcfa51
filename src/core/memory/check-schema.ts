import { type Json, type JsonObject, canonicalJson } from "../shared/json.ts";
import { entityTypeLimits } from "./entity-type.ts";

/** What a value under each keyword has to be. */
type Shape =
  | "text"
  | "number"
  | "flag"
  | "any"
  | "schema"
  | "schemas"
  | "named schemas"
  | "list"
  | "names"
  | "type"
  | "format"
  | "schema or flag";

/**
 * The part of JSON Schema 2020-12 that is understood. Left out on purpose: `$ref` (a schema refers to nothing outside of itself, and
 * cannot grow by referring to itself), `pattern` and `patternProperties` (an expression that never ends would hold the server up).
 */
const keywords: { readonly [keyword: string]: Shape } = {
  $schema: "text",
  $comment: "text",
  title: "text",
  description: "text",
  default: "any",
  examples: "list",
  deprecated: "flag",
  readOnly: "flag",
  type: "type",
  enum: "list",
  const: "any",
  properties: "named schemas",
  required: "names",
  additionalProperties: "schema or flag",
  propertyNames: "schema",
  minProperties: "number",
  maxProperties: "number",
  items: "schema or flag",
  prefixItems: "schemas",
  contains: "schema",
  minItems: "number",
  maxItems: "number",
  uniqueItems: "flag",
  minLength: "number",
  maxLength: "number",
  format: "format",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
  multipleOf: "number",
  allOf: "schemas",
  anyOf: "schemas",
  oneOf: "schemas",
  not: "schema",
  if: "schema",
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema; nothing awaits this list
  then: "schema",
  else: "schema",
};

const types: ReadonlySet<unknown> = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);
/** Formats whose check takes time in proportion to the text. */
export const schemaFormats = ["date", "date-time", "time", "email", "uri", "uuid"] as const;
const maxDepth = 16;

/** Why a schema cannot be that of an entity type, as one sentence; null: it can. */
export function schemaProblem(schema: JsonObject): string | null {
  if (schema["type"] !== "object") return 'The schema of an entity type begins with "type": "object".';
  if (canonicalJson(schema).length > entityTypeLimits.schemaLength)
    return `The schema is longer than ${entityTypeLimits.schemaLength} characters; split the type in two that are related.`;
  return problemOf(schema, "", 0);
}

function problemOf(schema: Json, path: string, depth: number): string | null {
  if (typeof schema === "boolean") return null;
  if (!isObject(schema)) return `At ${at(path)} a schema is expected: an object.`;
  if (depth > maxDepth) return `The schema is nested deeper than ${maxDepth} at ${at(path)}.`;
  for (const [keyword, value] of Object.entries(schema)) {
    const shape = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
    if (shape === undefined)
      return `"${keyword.slice(0, 60)}" at ${at(path)} is not understood here. Known: ${Object.keys(keywords).join(", ")}.`;
    const problem = valueProblem(shape, value, { path: `${path}/${keyword}`, depth: depth + 1 });
    if (problem !== null) return problem;
  }
  return null;
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

function valueProblem(shape: Shape, value: Json, { path, depth }: Place): string | null {
  const nested = nestedIn(shape, value, path);
  if (nested !== null) return nested.map((one) => problemOf(one.schema, one.path, depth)).find((found) => found !== null) ?? null;
  return plain[shape](value) ? null : `${at(path)} is not what JSON Schema asks for there${hints[shape] ?? ""}.`;
}

/** Schemas inside a value; null: the value is not of a shape that holds schemas. */
function nestedIn(shape: Shape, value: Json, path: string): readonly { readonly schema: Json; readonly path: string }[] | null {
  if (shape === "schema" || (shape === "schema or flag" && typeof value !== "boolean")) return [{ schema: value, path }];
  if (shape === "schemas" && Array.isArray(value))
    return (value as readonly Json[]).map((schema, index) => ({ schema, path: `${path}/${index}` })); // an array of JSON holds JSON
  if (shape === "named schemas" && isObject(value))
    return Object.entries(value).map(([name, schema]) => ({ schema, path: `${path}/${name.slice(0, 60)}` }));
  return null;
}

const isText = (value: Json): boolean => typeof value === "string";
const isList = (value: Json): boolean => Array.isArray(value);

const plain: { readonly [shape in Shape]: (value: Json) => boolean } = {
  text: isText,
  number: (value) => typeof value === "number" && Number.isFinite(value),
  flag: (value) => typeof value === "boolean",
  any: () => true,
  list: isList,
  names: (value) => Array.isArray(value) && value.every(isText),
  type: (value) => (Array.isArray(value) ? value.length > 0 && value.every((one) => types.has(one)) : types.has(value)),
  format: (value) => (schemaFormats as readonly Json[]).includes(value),
  schema: () => false,
  schemas: () => false,
  "named schemas": () => false,
  "schema or flag": (value) => typeof value === "boolean",
};

const hints: { readonly [shape in Shape]?: string } = {
  type: `: one of ${[...types].join(", ")}`,
  format: `: one of ${schemaFormats.join(", ")}`,
  names: ": a list of names",
};

const at = (path: string): string => (path === "" ? "the root" : path);

const isObject = (value: Json): value is JsonObject => value !== null && typeof value === "object" && !Array.isArray(value);
