import { expect, test } from "vitest";
import { openCoreWorld, person, worker } from "../../../test/support/core-world.ts";
import { requestKind } from "../requests/request.ts";
import { keyResultProgress, objectiveKind, objectiveProgress } from "./objective.ts";
import { principleKind, principleLimits } from "./principle.ts";

const personas = { kind: "persona", id: "writer" } as const;
const measure = { statement: "Answers within a day", unit: "%", startValue: 40, targetValue: 90 } as const;
const goal = { kind: "create-objective", title: "Answer fast", ownerId: null, dueAtMs: null, keyResults: [measure] } as const;
const draft = {
  title: "Do it",
  text: "Do it",
  urgency: "normal" as const,
  budgetMicro: null,
  deadlineAtMs: null,
  playbook: null,
  inputs: [],
  approveBeforehand: false,
  script: null,
} as const;

test("principles are written by an administrator or director, never by a persona, the system or another role", async () => {
  const world = await openCoreWorld([["lead"], ["director"]]);
  const [founder = "", lead = "", director = ""] = world.people;
  const add = { kind: "add-principle", statement: "Say what is not known.", explanation: "" } as const;
  for (const actor of [personas, worker, person(lead), person(world.newId())])
    expect({ by: actor.id, told: await world.tell(actor, add) }).toMatchObject({ told: { kind: "refused", failure: "forbidden" } });
  expect(await world.tell(person(director), add)).toMatchObject({ kind: "ok", answer: { number: 1 } });
  const [first] = await world.rows(principleKind);
  const revise = {
    kind: "revise-principle",
    principleId: first?.id ?? "",
    statement: "Say what you do not know.",
    explanation: "",
    reason: "clearer",
  } as const;
  for (const actor of [personas, worker, person(lead)]) expect(await world.tell(actor, revise)).toMatchObject({ failure: "forbidden" });
  expect(await world.tell(person(founder), revise)).toMatchObject({ kind: "ok", answer: { number: 2 } });
  expect((await world.rows(principleKind)).map((row) => [row.number, row.state, row.replacesId])).toEqual([
    [1, "superseded", null],
    [2, "in-force", first?.id],
  ]);
  expect(await world.tell(person(founder), revise)).toMatchObject({ code: "principle.not-in-force" });
  const withdraw = { kind: "withdraw-principle", principleId: (await world.rows(principleKind))[1]?.id ?? "", reason: "" } as const;
  for (const actor of [personas, worker]) expect(await world.tell(actor, withdraw)).toMatchObject({ failure: "forbidden" });
  expect(await world.tell(person(founder), withdraw)).toMatchObject({ kind: "ok" });
  expect(await world.tell(person(founder), { ...add, statement: " " })).toMatchObject({ code: "principle.empty" });
  for (let count = 0; count < principleLimits.inForce; count++) await world.tell(person(founder), add);
  expect(await world.tell(person(founder), add)).toMatchObject({ code: "principle.too-many", failure: "exhausted" });
});

test("an objective is set by those who lead, moved with reasons by its owner, and ends once", async () => {
  const world = await openCoreWorld([["contributor"], ["contributor"]]);
  const [founder = "", owner = "", other = ""] = world.people;
  expect(await world.tell(person(owner), goal)).toMatchObject({ kind: "refused", failure: "forbidden" });
  expect(await world.tell(person(founder), { ...goal, keyResults: [{ ...measure, targetValue: 40 }] })).toMatchObject({
    code: "objective.invalid",
  });
  expect(await world.tell(person(founder), { ...goal, ownerId: owner })).toMatchObject({ kind: "ok", answer: { label: "O-1" } });
  const [objective] = await world.rows(objectiveKind);
  const objectiveId = objective?.id ?? "";
  const record = { kind: "record-key-result", objectiveId, keyResultId: "kr1", value: 65, reason: "counted in May" } as const;
  expect(await world.tell(person(other), record)).toMatchObject({ code: "objective.not-yours" });
  expect(await world.tell(person(owner), { ...record, reason: " " })).toMatchObject({ code: "objective.reason-missing" });
  expect(await world.tell(person(owner), { ...record, keyResultId: "kr9" })).toMatchObject({ code: "objective.no-such-key-result" });
  expect(await world.tell(person(owner), record)).toMatchObject({ kind: "ok" });
  const [moved] = await world.rows(objectiveKind);
  expect(moved === undefined ? null : objectiveProgress(moved)).toBe(0.5);
  const settle = { kind: "settle-objective", objectiveId, outcome: "reached", reason: "90 % in June" } as const;
  expect(await world.tell(person(owner), settle)).toMatchObject({ kind: "ok", answer: { state: "reached" } });
  expect(await world.tell(person(owner), { ...settle, outcome: "missed" })).toMatchObject({ code: "objective.not-open" });
  expect(await world.tell(person(owner), record)).toMatchObject({ code: "objective.not-open" });
});

test("a request serves an open objective from its filing or later, and none that has ended", async () => {
  const world = await openCoreWorld([["contributor"]]);
  const [founder = ""] = world.people;
  const told = await world.tell(person(founder), goal);
  const objectiveId = told.kind === "ok" ? (told.answer["id"] as string) : "";
  expect(await world.tell(person(founder), { kind: "submit-request", id: null, draft: { ...draft, objectiveId } })).toMatchObject({
    kind: "ok",
  });
  const [request] = await world.rows(requestKind);
  expect(request?.objectiveId).toBe(objectiveId);
  const link = (to: string | null) => world.tell(person(founder), { kind: "set-objective", requestId: request?.id ?? "", objectiveId: to });
  expect(await link(null)).toMatchObject({ kind: "ok" });
  expect((await world.rows(requestKind))[0]?.objectiveId).toBeNull();
  await world.tell(person(founder), { kind: "settle-objective", objectiveId, outcome: "withdrawn", reason: "not now" });
  expect(await link(objectiveId)).toMatchObject({ code: "objective.not-open" });
  expect(await world.tell(person(founder), { kind: "submit-request", id: null, draft: { ...draft, objectiveId } })).toMatchObject({
    code: "objective.not-open",
  });
});

test("progress runs from start to target in either direction and stops at both ends", () => {
  const at = (startValue: number, targetValue: number, currentValue: number) =>
    keyResultProgress({ id: "kr1", statement: "", unit: "", startValue, targetValue, currentValue });
  expect([at(0, 10, 5), at(10, 0, 9), at(0, 10, -3), at(0, 10, 12), at(10, 0, 20)]).toEqual([0.5, 0.1, 0, 1, 0]);
});
