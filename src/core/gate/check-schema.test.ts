import { expect, test } from "vitest";
import type { Json, JsonObject } from "../shared/json.ts";
import { declaredNames, misfit, schemaProblems } from "./check-schema.ts";

const of = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: "object", properties, ...more });

test("a declaration that says only what is checked can be registered", () => {
  const fine: readonly JsonObject[] = [
    { type: "object" },
    of(
      { to: { type: "string", description: "Whom", enum: ["a", "b"] }, many: { type: ["integer", "null"], minimum: 0 } },
      { required: ["to"] },
    ),
    of({ list: { type: "array", items: of({ x: {} }), maxItems: 3 } }, { additionalProperties: false }),
  ];
  for (const schema of fine) expect(schemaProblems(schema)).toEqual([]);
  expect(declaredNames(of({ a: {}, b: {} }))).toEqual(["a", "b"]);
  expect(declaredNames({ type: "object", properties: "a" })).toEqual([]);
});

test("what would be passed over is refused when a tool is registered, with its place", () => {
  let deep: JsonObject = { type: "string" };
  for (let level = 0; level < 10; level += 1) deep = { type: "array", items: deep };
  const wrong: readonly [Json, string][] = [
    [null, "Parameters are declared as an object."],
    [[], "Parameters are declared as an object."],
    [{ type: "array" }, "Parameters are declared as an object."],
    [of({ a: { pattern: "^x" } }), 'parameters.a uses "pattern", which is not checked here.'],
    [of({ a: { type: "text" } }), 'parameters.a has the unknown type "text".'],
    [of({ a: { type: ["string", 1] } }), "parameters.a has the unknown type 1."],
    [of({}, { additionalProperties: true }), "parameters allows properties that nobody declared."],
    [of({ a: "string" }), "parameters.a is no schema."],
    [of({ a: { items: 1 } }), "parameters.a[] is no schema."],
    [of({ a: deep }), "is nested deeper than 8."],
  ];
  for (const [schema, problem] of wrong)
    expect([schema, schemaProblems(schema).join(" ")]).toEqual([schema, expect.stringContaining(problem)]);
});

test("a value that fits has no misfit", () => {
  const fits: readonly [Json, JsonObject][] = [
    [{}, of({ a: { type: "string" } })],
    [{ a: "x" }, of({ a: { type: "string", minLength: 1, maxLength: 1 } }, { required: ["a", 1] })],
    [{ a: 2 }, of({ a: { type: "integer", minimum: 2, maximum: 2 } })],
    [{ a: 2.5, b: true, c: null }, of({ a: { type: "number" }, b: { type: "boolean" }, c: { type: ["string", "null"] } })],
    [{ a: [1, "x"] }, of({ a: { type: "array" } })],
    [{ a: [1, 2] }, of({ a: { type: "array", items: { type: "integer" }, maxItems: 2 } })],
    [{ a: { any: { thing: 1 } } }, of({ a: { type: "object" } })],
    [{ a: { b: 1 } }, of({ a: of({ b: {} }) })],
    [{ a: [1] }, of({ a: { const: [1] } })],
    [{ a: { y: 1, x: 2 } }, of({ a: { enum: [{ x: 2, y: 1 }] } })],
  ];
  for (const [value, schema] of fits) expect([value, misfit(value, schema)]).toEqual([value, null]);
});

test("the first thing that does not fit is named", () => {
  const wrong: readonly [Json, JsonObject, string][] = [
    ["x", of({}), 'the arguments is not of type "object".'],
    [[], of({}), 'the arguments is not of type "object".'],
    [{ a: {} }, of({ a: { type: "array" } }), '"a" is not of type "array".'],
    [{ a: 1 }, of({ a: { type: ["string", "null"] } }), '"a" is not of type "string" or "null".'],
    [{ a: 0 }, of({ a: { type: "null" } }), '"a" is not of type "null".'],
    [{ a: 1.5 }, of({ a: { type: "integer" } }), '"a" is not of type "integer".'],
    [{ a: 2 ** 60 }, of({ a: { type: "integer" } }), '"a" is not of type "integer".'],
    [{ a: "1" }, of({ a: { type: "integer" } }), '"a" is not of type "integer".'],
    [{ a: 1 }, of({ a: { minimum: 2 } }), '"a" is less than 2.'],
    [{ a: 3 }, of({ a: { maximum: 2 } }), '"a" is more than 2.'],
    [{ a: "" }, of({ a: { minLength: 1 } }), '"a" is shorter than 1 characters.'],
    [{ a: "xx" }, of({ a: { maxLength: 1 } }), '"a" is longer than 1 characters.'],
    [{ a: 2 }, of({ a: { const: 1 } }), '"a" is not the one allowed value.'],
    [{ a: "c" }, of({ a: { enum: ["a", "b"] } }), '"a" is none of the allowed values.'],
    [{ a: "c" }, of({ a: { enum: "c" } }), '"a" is none of the allowed values.'],
    [{ a: [1, 2] }, of({ a: { maxItems: 1 } }), '"a" has more than 1 entries.'],
    [{ a: [1, "x"] }, of({ a: { items: { type: "integer" } } }), '"a"[1] is not of type "integer".'],
    [{}, of({ a: {} }, { required: ["a"] }), 'the arguments lack "a".'],
    [{ b: 1 }, of({ a: {} }), 'the arguments have an unknown property "b".'],
    [{ b: 1 }, { type: "object" }, 'the arguments have an unknown property "b".'],
    [{ constructor: 1 }, of({ a: {} }), 'the arguments have an unknown property "constructor".'],
    [{ a: { c: 1 } }, of({ a: of({ b: {} }) }), '"a" have an unknown property "c".'],
    [{ a: { b: "x" } }, of({ a: of({ b: { type: "integer" } }) }), '"b" is not of type "integer".'],
  ];
  for (const [value, schema, problem] of wrong) expect([value, misfit(value, schema)]).toEqual([value, problem]);
});
