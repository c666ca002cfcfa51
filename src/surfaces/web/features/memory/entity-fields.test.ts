import { expect, test } from "vitest";
import { dataChange, dataFields, fieldProblems, fieldText, readable } from "./entity-fields.ts";

const schema = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", title: "Name" },
    seats: { type: "integer" },
    vip: { type: "boolean" },
    tier: { enum: ["gold", "silver"] },
    sites: { type: "array", items: { type: "string" } },
    address: { type: "object" },
  },
} as const;
const data = { name: "Acme", seats: 3, sites: ["Berlin", "Paris"], address: { city: "Köln" }, extra: "kept" };

test("a form shows every field of the schema and of the data, and what was not touched is not sent", () => {
  const fields = dataFields(schema, data);
  expect(fields.map(({ name }) => name)).toEqual(["name", "seats", "vip", "tier", "sites", "address", "extra"]);
  const texts = Object.fromEntries(fields.map((field) => [field.name, fieldText(field, data[field.name as keyof typeof data])]));
  expect(dataChange(fields, texts, data)).toEqual({ set: {}, unset: [] });
  expect(
    dataChange(fields, { ...texts, seats: "4,5", vip: "false", sites: "Berlin\n\nRome ", extra: "", address: '{"city":"Bonn"}' }, data),
  ).toEqual({
    set: { seats: 4.5, vip: false, sites: ["Berlin", "Rome"], address: { city: "Bonn" } },
    unset: ["extra"],
  });
  expect(fieldProblems(fields, { ...texts, name: " ", seats: "many", address: "{" })).toEqual({
    name: "Name is missing.",
    seats: "Write a number.",
    address: "This is not JSON.",
  });
});

test("values read as people write them", () => {
  expect([true, null, ["a", "b"], 3, "x"].map(readable)).toEqual(["yes", "none", "a, b", "3", "x"]);
  expect(readable({ city: "Köln" })).toContain('"city": "Köln"');
});
