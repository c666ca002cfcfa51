import { expect, test } from "vitest";
import type { JsonObject } from "../shared/json.ts";
import { schemaProblem } from "./check-schema.ts";
import { entityTypeLimits } from "./entity-type.ts";

const of = (keywords: JsonObject): JsonObject => ({ type: "object", ...keywords });

test("every keyword takes what JSON Schema asks for there", () => {
  const fine: readonly JsonObject[] = [
    { $schema: "x", title: "A", deprecated: true, default: null, examples: [1] },
    { properties: { name: { type: ["string", "null"], minLength: 1, format: "email" } }, required: ["name"] },
    { additionalProperties: false, propertyNames: { maxLength: 9 } },
    { additionalProperties: { type: "number" }, items: true, not: false },
    { allOf: [{ minProperties: 1 }, true], prefixItems: [] },
  ];
  for (const schema of fine) expect(schemaProblem(of(schema))).toBeNull();
});

test("what is wrong is named with its place", () => {
  const wrong: readonly [JsonObject, string][] = [
    [{ title: 1 }, "/title is not"],
    [{ minLength: "1" }, "/minLength is not"],
    [{ minLength: Number.NaN }, "/minLength is not"],
    [{ uniqueItems: 1 }, "/uniqueItems is not"],
    [{ enum: "a" }, "/enum is not"],
    [{ required: ["a", 1] }, "/required is not what JSON Schema asks for there: a list of names"],
    [{ properties: { a: { type: "text" } } }, "/properties/a/type is not what JSON Schema asks for there: one of object"],
    [{ properties: { a: { type: [] } } }, "/properties/a/type"],
    [{ properties: { a: { type: ["string", "text"] } } }, "/properties/a/type"],
    [{ format: "regex" }, "/format is not what JSON Schema asks for there: one of date"],
    [{ properties: ["a"] }, "/properties is not"],
    [{ properties: { a: 1 } }, "At /properties/a a schema is expected"],
    [{ anyOf: { type: "object" } }, "/anyOf is not"],
    [{ anyOf: [{}, null] }, "At /anyOf/1 a schema is expected"],
    [{ not: [] }, "At /not a schema is expected"],
    [{ additionalProperties: "no" }, "At /additionalProperties a schema is expected"],
    [{ pattern: "^a" }, '"pattern" at the root is not understood here'],
    [{ properties: { a: { constructor: {} } } }, '"constructor" at /properties/a is not understood'],
  ];
  for (const [schema, problem] of wrong) expect([schema, schemaProblem(of(schema))]).toEqual([schema, expect.stringContaining(problem)]);
});

test("a schema is an object's, of bounded length and depth", () => {
  expect(schemaProblem({ type: "array" })).toContain('"type": "object"');
  expect(schemaProblem(of({ title: "x".repeat(entityTypeLimits.schemaLength) }))).toContain("longer than");
  let deep: JsonObject = {};
  for (let level = 0; level < 20; level += 1) deep = { not: deep };
  expect(schemaProblem(of(deep))).toContain("nested deeper than 16");
});
