import { expect, test } from "vitest";
import { type Decided, refusalMessage } from "../shared/transition.ts";
import { type CreateObjective, decideKeyResult, decideNewObjective, decideObjectiveEnd } from "./decide-objective.ts";
import { type Objective, objectiveLimits } from "./objective.ts";
import type { Person, Role } from "./person.ts";

const context = { actor: { kind: "person", id: "me" }, nowMs: 1_000, newId: () => "objective" } as const;
const member = (id: string, role: Role, state: Person["state"] = "active"): Person => ({ id, state, roles: [role] }) as unknown as Person; // what authority looks at
const measure = { statement: " Answers within a day ", unit: " % ", startValue: 40, targetValue: 90 };
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");

const create = (
  command: Partial<CreateObjective> = {},
  slice: { readonly person?: Person | undefined; readonly owner?: Person | undefined; readonly open?: number } = {},
): Decided =>
  decideNewObjective(
    { person: member("me", "lead"), owner: member("own", "contributor"), open: 0, nextNumber: 3, ...slice },
    { kind: "create-objective", title: " Answer fast ", ownerId: null, dueAtMs: null, keyResults: [measure], ...command },
    context,
  );

test("an objective is set by those who lead, for an active owner, up to a number of open ones", () => {
  expect(create({ dueAtMs: 5 })).toMatchObject({
    transition: {
      answer: { label: "O-3" },
      changes: [{ after: { title: "Answer fast", keyResults: [{ id: "kr1", unit: "%", currentValue: 40 }] } }],
    },
  });
  for (const person of [undefined, member("me", "contributor"), member("me", "lead", "left" as Person["state"])])
    expect(codeOf(create({}, { person }))).toBe("objective.wrong-role");
  for (const owner of [undefined, member("own", "lead", "left" as Person["state"])])
    expect(codeOf(create({}, { owner }))).toBe("person.not-found");
  expect(codeOf(create({}, { open: objectiveLimits.open }))).toBe("objective.too-many");
});

test("what is measured has words, a unit, a start and another value to reach", () => {
  const { titleLength, keyResults, statementLength, unitLength } = objectiveLimits;
  const wrong: readonly [Partial<CreateObjective>, string][] = [
    [{ title: " " }, "is a sentence"],
    [{ title: "x".repeat(titleLength + 1) }, "is a sentence"],
    [{ dueAtMs: 0.5 }, "no date"],
    [{ keyResults: Array.from({ length: keyResults + 1 }, () => measure) }, "at most 10 key results"],
    [{ keyResults: [measure, { ...measure, statement: "" }] }, "what is measured"],
    [{ keyResults: [{ ...measure, statement: "x".repeat(statementLength + 1) }] }, "what is measured"],
    [{ keyResults: [{ ...measure, unit: "x".repeat(unitLength + 1) }] }, "what is measured"],
    [{ keyResults: [{ ...measure, startValue: Number.NaN }] }, "needs a start"],
    [{ keyResults: [{ ...measure, targetValue: 2e15 }] }, "needs a start"],
    [{ keyResults: [{ ...measure, targetValue: 40 }] }, "needs a start"],
  ];
  for (const [fields, message] of wrong) {
    const decided = create(fields);
    expect([fields, codeOf(decided)]).toEqual([fields, "objective.invalid"]);
    expect(decided.kind === "refused" ? refusalMessage(decided) : "").toContain(message);
  }
});

const objective = {
  id: "o",
  version: 1,
  eventCount: 1,
  number: 3,
  state: "open",
  ownerId: "own",
  keyResults: [
    { id: "kr1", currentValue: 40 },
    { id: "kr2", currentValue: 0 },
  ],
} as unknown as Objective; // the rest is not looked at

test("a value is recorded by its owner or those who lead, as a number with where it comes from", () => {
  const record = (fields: object = {}, slice: { readonly person?: Person | undefined; readonly objective?: Objective } = {}): Decided =>
    decideKeyResult(
      { objective, person: member("own", "contributor"), ...slice },
      { kind: "record-key-result", objectiveId: "o", keyResultId: "kr1", value: 60, reason: "The weekly count.", ...fields },
      context,
    );
  expect(record()).toMatchObject({
    transition: {
      changes: [{ after: { keyResults: [{ currentValue: 60 }, { currentValue: 0 }] } }],
      events: [{ data: { from: 40, to: 60 } }],
    },
  });
  expect(codeOf(record({}, { person: member("me", "director") }))).toBe("accepted");
  for (const person of [undefined, member("me", "contributor"), member("own", "contributor", "left" as Person["state"])])
    expect(codeOf(record({}, { person }))).toBe("objective.not-yours");
  expect(codeOf(record({}, { objective: { ...objective, state: "missed" } }))).toBe("objective.not-open");
  expect(codeOf(record({ keyResultId: "kr9" }))).toBe("objective.no-such-key-result");
  for (const value of [Number.NaN, -2e15]) expect(codeOf(record({ value }))).toBe("objective.bad-value");
  expect(codeOf(record({ reason: " " }))).toBe("objective.reason-missing");
});

test("an objective ends once, with a reason", () => {
  const settle = (reason: string, of: Objective = objective, person: Person | undefined = member("own", "contributor")): Decided =>
    decideObjectiveEnd({ objective: of, person }, { kind: "settle-objective", objectiveId: "o", outcome: "reached", reason }, context);
  expect(settle("All of it.")).toMatchObject({ transition: { answer: { state: "reached" } } });
  expect(codeOf(settle(" "))).toBe("objective.reason-missing");
  expect(codeOf(settle("So.", { ...objective, state: "reached" }))).toBe("objective.not-open");
  expect(codeOf(settle("So.", objective, member("me", "auditor")))).toBe("objective.not-yours");
});
