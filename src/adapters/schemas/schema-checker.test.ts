import { expect, test } from "vitest";
import { schemaProblem } from "../../core/memory/check-schema.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { checkDataBySchema } from "./schema-checker.ts";

const customer: JsonObject = {
  type: "object",
  properties: {
    name: { type: "string", minLength: 1 },
    country: { enum: ["DE", "FR"] },
    since: { type: "string", format: "date" },
    contacts: { type: "array", items: { type: "object", properties: { mail: { type: "string", format: "email" } }, required: ["mail"] } },
  },
  required: ["name"],
  additionalProperties: false,
};

test("what fits has no problem, and what does not says where and why", () => {
  expect(schemaProblem(customer)).toBeNull();
  expect(checkDataBySchema(customer, { name: "Acme", country: "DE", since: "2026-02-28", contacts: [{ mail: "a@b.example" }] })).toEqual(
    [],
  );
  const problems = checkDataBySchema(customer, { country: "XX", since: "2026-02-30", contacts: [{}], extra: 1 });
  expect(problems.map(({ path }) => path).toSorted()).toEqual(["", "/contacts/0", "/country", "/extra", "/since"]);
  expect(problems.find(({ path }) => path === "/extra")?.message).toBe("is not a field of this type.");
});

test("a frozen schema stays as it is, and names of the prototype are fields like others", () => {
  const frozen = Object.freeze({
    type: "object",
    properties: Object.freeze({ toString: Object.freeze({ type: "string" }) }),
    required: ["constructor"],
  });
  expect(checkDataBySchema(frozen, {})).toHaveLength(1);
  expect(checkDataBySchema(frozen, { constructor: 1, toString: "x" })).toEqual([]);
  const hostile = JSON.parse('{"__proto__": {"name": "x"}}') as JsonObject;
  expect(checkDataBySchema(customer, hostile).length).toBeGreaterThan(0);
});

test.each([
  ["no object", { type: "string" }],
  ["a reference", { type: "object", properties: { a: { $ref: "https://example.org/x" } } }],
  ["a reference to itself", { type: "object", $defs: { a: {} } }],
  ["an expression", { type: "object", properties: { a: { type: "string", pattern: "(a+)+$" } } }],
  ["an identity", { type: "object", $id: "https://example.org" }],
  ["an unknown type", { type: "object", properties: { a: { type: "text" } } }],
  ["an unknown format", { type: "object", properties: { a: { format: "regex" } } }],
  ["a schema that is none", { type: "object", properties: { a: 1 } }],
  ["a list that is none", { type: "object", required: "a" }],
] as const)("a schema with %s is refused with a sentence", (_what, schema) => {
  expect(schemaProblem(schema)).toMatch(/\.$/u);
});
