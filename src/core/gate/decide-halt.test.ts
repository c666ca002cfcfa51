import { expect, test } from "vitest";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Decided } from "../shared/transition.ts";
import { decideHalt, decideHaltLift, decideHaltSettled, type SetHalt } from "./decide-halt.ts";
import { type Halt, maxHalts } from "./halt.ts";

const context: DecideContext = { actor: { kind: "person", id: "dana" }, nowMs: 100, newId: () => "new" };
const dana: Person = { id: "dana", version: 1, eventCount: 1, name: "Dana", email: null, roles: ["director"], state: "active" };
const halt: Halt = {
  id: "h",
  version: 1,
  eventCount: 1,
  scope: "everything",
  scopeId: "",
  state: "set",
  reason: "Stop.",
  setBy: "dana",
  setAtMs: 40,
  liftedBy: null,
  liftedAtMs: null,
};
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");

const setting = (fields: Partial<SetHalt>, on: { readonly person?: Person | undefined; readonly set?: readonly Halt[] } = {}): string =>
  codeOf(
    decideHalt(
      { person: dana, set: [], projectExists: false, ...on },
      { kind: "set-halt", scope: "everything", scopeId: "", reason: "Stop.", ...fields },
      context,
    ),
  );

test("whoever works here stops a scope that there is, once, and says why", () => {
  expect(setting({})).toBe("accepted");
  expect(setting({ scope: "tool", scopeId: "shell" })).toBe("accepted");
  expect(setting({}, { person: undefined })).toBe("halt.wrong-role");
  expect(setting({}, { person: { ...dana, roles: ["auditor"] } })).toBe("halt.wrong-role");
  expect([setting({ reason: " " }), setting({ reason: "x".repeat(2_001) })]).toEqual(["halt.reason-missing", "halt.reason-missing"]);
  expect(setting({ scope: "moon" as "tool" })).toBe("halt.bad-scope"); // as a caller without types could
  expect(setting({ scopeId: "x" })).toBe("halt.bad-scope");
  expect([setting({ scope: "tool" }), setting({ scope: "tool", scopeId: "x".repeat(201) })]).toEqual(["halt.bad-scope", "halt.bad-scope"]);
  expect(setting({ scope: "project", scopeId: "p" })).toBe("halt.bad-scope");
  expect(setting({}, { set: [halt] })).toBe("halt.exists");
  const many = Array.from({ length: maxHalts }, (_, place): Halt => ({ ...halt, scope: "tool", scopeId: String(place) }));
  expect(setting({}, { set: many })).toBe("halt.too-many");
});

test("a halt is lifted once, by those above, and settled after that", () => {
  const lifting = (person: Person | undefined, on: Halt, reason = ""): string =>
    codeOf(decideHaltLift({ person, halt: on }, { kind: "lift-halt", haltId: "h", reason }, context));
  expect(lifting(dana, halt)).toBe("accepted");
  expect([lifting(undefined, halt), lifting({ ...dana, roles: ["lead"] }, halt)]).toEqual(["halt.wrong-role", "halt.wrong-role"]);
  expect(lifting(dana, { ...halt, state: "lifted" })).toBe("halt.not-set");
  expect(lifting(dana, halt, "x".repeat(2_001))).toBe("halt.reason-missing");
  const settling = (state: Halt["state"]): string =>
    codeOf(decideHaltSettled({ halt: { ...halt, state } }, { kind: "settle-halt", haltId: "h" }, context));
  expect([settling("set"), settling("lifting"), settling("lifted")]).toEqual(["halt.not-set", "accepted", "halt.not-set"]);
});
