import { expect, test } from "vitest";
import { formFields, formOutputs, formProblems } from "./form-fields.ts";

const schema = {
  type: "object",
  required: ["verdict", "count"],
  properties: {
    verdict: { type: "string", enum: ["accept", "refuse"], title: "Verdict" },
    count: { type: "integer" },
    urgent: { type: "boolean" },
    reasons: { type: "array", items: { type: "string" } },
    extra: { type: "object" },
  },
};

test("without a schema there is one text per expected output", () => {
  const fields = formFields(null, ["ui.md", "notes.md"]);
  expect(fields.map((field) => [field.name, field.kind])).toEqual([
    ["ui.md", "long-text"],
    ["notes.md", "long-text"],
  ]);
  expect(formOutputs(fields, { "ui.md": "# Screens", "notes.md": "none" }, ["ui.md", "notes.md"])).toEqual({
    "ui.md": "# Screens",
    "notes.md": "none",
  });
});

test("a schema gives typed fields", () => {
  expect(formFields(schema, ["review.json"]).map((field) => field.kind)).toEqual(["choice", "number", "boolean", "list", "json"]);
});

test("what is required and what is malformed is told at its field", () => {
  const fields = formFields(schema, ["review.json"]);
  expect(Object.keys(formProblems(fields, { count: "many", extra: "{" }))).toEqual(["verdict", "count", "extra"]);
  expect(formProblems(fields, { verdict: "accept", count: "2" })).toEqual({});
});

test("a form that is no list of outputs is one JSON document", () => {
  const fields = formFields(schema, ["review.json"]);
  const outputs = formOutputs(fields, { verdict: "accept", count: "2", urgent: "yes", reasons: "a\n\nb" }, ["review.json"]);
  expect(JSON.parse(outputs["review.json"] ?? "")).toEqual({ verdict: "accept", count: 2, urgent: true, reasons: ["a", "b"] });
});
