import { expect, test } from "vitest";
import { auditParameters, fieldOfInstant, instantOfField, isNarrowed } from "./audit-search.ts";

test("an address without a filter shows everything, any one narrows it", () => {
  expect(isNarrowed({})).toBe(false);
  expect(isNarrowed({ kinds: "" })).toBe(false);
  expect(isNarrowed({ from: "1" })).toBe(true);
});

test("the kind of an actor says nothing without the actor", () => {
  expect(auditParameters({ actorKind: "system" })["actorKind"]).toBeUndefined();
  expect(auditParameters({ actor: "worker", actorKind: "system" })).toMatchObject({ actor: "worker", actorKind: "system" });
});

test("an instant survives the way through a field, to the minute", () => {
  const atMs = String(Date.UTC(2026, 6, 1, 12, 34));
  expect(instantOfField(fieldOfInstant(atMs))).toBe(atMs);
  expect([fieldOfInstant(undefined), fieldOfInstant("soon"), instantOfField("")]).toEqual(["", "", undefined]);
});
