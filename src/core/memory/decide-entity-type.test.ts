import { expect, test } from "vitest";
import type { Person, Role } from "../oversight/person.ts";
import { type Decided, refusalMessage } from "../shared/transition.ts";
import { type DefineEntityType, decideEntityType } from "./decide-entity-type.ts";
import { type EntityType, entityTypeLimits } from "./entity-type.ts";

const context = { actor: { kind: "person", id: "me" }, nowMs: 1_000, newId: () => "type" } as const;
const person = (role: Role, state: Person["state"] = "active"): Person => ({ id: "me", state, roles: [role] }) as unknown as Person; // what authority looks at
const at = (schemaVersion: number) => ({ key: "customer", schemaVersion }) as EntityType;
const define = (
  command: Partial<DefineEntityType> = {},
  slice: { readonly person?: Person | undefined; readonly latest?: EntityType; readonly count?: number } = {},
): Decided =>
  decideEntityType(
    { person: person("lead"), latest: undefined, count: 0, ...slice },
    {
      kind: "define-entity-type",
      key: "customer",
      title: " Customer ",
      description: "",
      dataSchema: { type: "object" },
      expectedSchemaVersion: 0,
      ...command,
    },
    context,
  );
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const messageOf = (decided: Decided): string => (decided.kind === "refused" ? refusalMessage(decided) : "");

test("a type begins with version 1 and grows by whoever read the latest", () => {
  expect(define()).toMatchObject({
    transition: { answer: { label: "customer@1" }, changes: [{ after: { title: "Customer", definedBy: "me" } }] },
  });
  expect(define({ expectedSchemaVersion: 4 }, { latest: at(4) })).toMatchObject({ transition: { answer: { label: "customer@5" } } });
  const behind = define({ expectedSchemaVersion: 3 }, { latest: at(4) });
  expect(behind).toMatchObject({ code: "entity-type.changed", details: { currentVersion: 4, yourVersion: 3 } });
  expect(messageOf(behind)).toContain("at version 4");
  expect(messageOf(define({ expectedSchemaVersion: 3 }))).toContain("define it as new");
});

test("types are defined by those who lead", () => {
  for (const role of ["administrator", "director", "lead"] as const) expect(codeOf(define({}, { person: person(role) }))).toBe("accepted");
  for (const somebody of [undefined, person("contributor"), person("lead", "left" as Person["state"])])
    expect(codeOf(define({}, { person: somebody }))).toBe("entity-type.wrong-role");
});

test("keys, titles, schemas and numbers have bounds", () => {
  for (const key of ["", "Customer", "x".repeat(81)]) expect(codeOf(define({ key }))).toBe("entity-type.bad-key");
  const { titleLength, descriptionLength, types, versions } = entityTypeLimits;
  for (const fields of [{ title: " " }, { title: "x".repeat(titleLength + 1) }, { description: "x".repeat(descriptionLength + 1) }])
    expect(codeOf(define(fields))).toBe("entity-type.bad-title");
  expect(codeOf(define({ dataSchema: {} }))).toBe("entity-type.bad-schema");
  expect(codeOf(define({}, { count: types }))).toBe("entity-type.too-many");
  expect(codeOf(define({ expectedSchemaVersion: 1 }, { latest: at(1), count: types }))).toBe("accepted");
  expect(codeOf(define({ expectedSchemaVersion: versions }, { latest: at(versions) }))).toBe("entity-type.too-many-versions");
});
