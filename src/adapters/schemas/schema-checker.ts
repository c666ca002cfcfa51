import { type Schema, Validator } from "@cfworker/json-schema";
import type { DataProblem } from "../../core/memory/entity-type.ts";
import type { CheckData } from "../../engine/ports/check-data.ts";

/** Says only that something inside does not fit; what that is has a line of its own. */
const wrappers: ReadonlySet<string> = new Set(["properties", "additionalProperties", "items", "prefixItems", "propertyNames"]);

/** Problems that one answer lists. */
const maxProblems = 50;

/**
 * Checks data by JSON Schema 2020-12. The schema is copied: the library writes its own marks into what it is given.
 * What it cannot work with is a problem of the schema, told as one, never thrown.
 */
export const checkDataBySchema: CheckData = (dataSchema, data) => {
  const schema = structuredClone(dataSchema) as Schema; // the dialect of `schemaProblem` is a part of the library's
  const { valid, errors } = new Validator(schema, "2020-12", false).validate(structuredClone(data));
  if (valid) return [];
  const inner = errors.filter(({ keyword }) => !wrappers.has(keyword));
  const told = (inner.length === 0 ? errors : inner).map((one): DataProblem => ({
    path: one.instanceLocation.replace(/^#/u, ""),
    message: one.keyword === "false" ? "is not a field of this type." : one.error,
  }));
  const unique = new Map(told.map((one) => [`${one.path} ${one.message}`, one]));
  return [...unique.values()].slice(0, maxProblems);
};
