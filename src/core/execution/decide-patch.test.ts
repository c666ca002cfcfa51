import { expect, test } from "vitest";
import { decideOn, proposeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, documentOf, hashOf, openCoreWorld, person } from "../../../test/support/core-world.ts";
import { decisionKind } from "../oversight/decision.ts";
import { inboxItemKind } from "../oversight/inbox-item.ts";
import { planKind } from "../planning/plan.ts";
import { taskKind } from "./task.ts";

const two = documentOf([{ task: "a" }, { task: "b", dependencies: ["a"] }]);
const three = documentOf([{ task: "a" }, { task: "b", dependencies: ["a"] }, { task: "c", dependencies: ["b"] }]);

const patch = (planId: string, document = three, confirmation: string | null = null) =>
  ({ kind: "patch-plan", planId, document, documentSha256: hashOf(document), reason: "One more test.", confirmation }) as const;
const answer = (itemId: string, choice: string, confirmation: string | null = null) =>
  ({ kind: "answer-item", itemId, choice, value: null, reason: "As I see it.", inputs: [], confirmation }) as const;

const keysOf = async (world: CoreWorld) =>
  (await world.rows(taskKind)).filter((task) => task.state !== "cancelled").map((task) => task.key);
const waiting = async (world: CoreWorld) =>
  (await world.rows(inboxItemKind)).filter((item) => item.ruleId === "plan.change" && item.state === "open");

/** The founder, and a director and a contributor beside them, with a running plan of two tasks. */
async function running(others: Parameters<typeof openCoreWorld>[0]) {
  const world = await openCoreWorld(others);
  const [founder = "", director = "", contributor = ""] = world.people;
  const { planId } = await proposeRequest(
    world,
    two.decomposition.map(({ task, dependencies }) => ({ task, dependencies })),
  );
  expect(await world.tell(person(founder), decideOn(planId))).toMatchObject({ kind: "ok" });
  return { world, planId, founder: person(founder), director: person(director), contributor: person(contributor) };
}

test("a change of a running plan waits for a second person, who is shown what differs, and is on record with its author", async () => {
  const { world, planId, founder, director, contributor } = await running([["director"], ["contributor"]]);
  expect(await world.tell(director, patch(planId))).toMatchObject({ kind: "ok", answer: { state: "awaiting-agreement" } });
  expect(await keysOf(world)).toEqual(["a", "b"]);
  const [item] = await waiting(world);
  expect(item).toMatchObject({ kind: "patch", excludedPersonIds: [director.id], roles: ["administrator", "director", "lead"] });
  expect(item?.detail).toContain("Adds c.");
  for (const somebody of [director, contributor])
    expect(await world.tell(somebody, answer(item?.id ?? "", "approve"))).toMatchObject({ kind: "refused", failure: "forbidden" });
  expect(await world.tell(founder, answer(item?.id ?? "", "approve"))).toMatchObject({ kind: "ok" });
  expect(await keysOf(world)).toEqual(["a", "b", "c"]);
  expect((await world.rows(planKind))[0]?.origin.authorId).toBe(director.id);
  expect((await world.rows(decisionKind)).find((decision) => decision.choice === "patch")).toMatchObject({
    deciderId: founder.id,
    soloWaiver: false,
    evidence: { authorId: director.id, after: hashOf(three) },
  });
  expect(world.findings()).toEqual([]);
});

test("a change that was refused, replaced or overtaken changes nothing", async () => {
  const { world, planId, founder, director } = await running([["director"], ["contributor"]]);
  await world.tell(director, patch(planId));
  await world.tell(director, patch(planId, documentOf([{ task: "a" }])));
  const [second, ...more] = await waiting(world);
  expect(more).toEqual([]);
  expect(await world.tell(founder, answer(second?.id ?? "", "reject"))).toMatchObject({ kind: "ok" });
  expect(await keysOf(world)).toEqual(["a", "b"]);

  await world.tell(director, patch(planId));
  await world.tell(founder, patch(planId, documentOf([{ task: "a" }, { task: "b", dependencies: ["a"] }, { task: "d" }])));
  const ofFounder = (await waiting(world)).find((item) => item.excludedPersonIds.includes(founder.id as never)); // an id of the world
  expect(await world.tell(director, answer(ofFounder?.id ?? "", "approve"))).toMatchObject({ kind: "ok" });
  expect([await keysOf(world), await waiting(world)]).toEqual([["a", "b", "d"], []]);
});

test("who is alone applies their change by typing the label, under a waiver on record", async () => {
  const { world, planId, founder } = await running([["contributor"]]);
  expect(await world.tell(founder, patch(planId))).toMatchObject({ kind: "refused", code: "authority.solo-confirmation-missing" });
  expect(await world.tell(founder, patch(planId, three, "T-1"))).toMatchObject({ kind: "ok" });
  expect(await keysOf(world)).toEqual(["a", "b", "c"]);
  expect((await world.rows(decisionKind)).find((decision) => decision.choice === "patch")).toMatchObject({ soloWaiver: true });
  expect(world.findings()).toEqual([]);
});
