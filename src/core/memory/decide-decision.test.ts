import { expect, test } from "vitest";
import { type CoreWorld, openCoreWorld, person, type Told } from "../../../test/support/core-world.ts";
import { dueItems } from "../../engine/oversight/due-items.ts";
import { inboxPageView } from "../../engine/oversight/inbox-view.ts";
import type { Command } from "../../engine/shared/commands.ts";
import { clockKind } from "../oversight/clock.ts";
import { decisionKind, isInForce } from "../oversight/decision.ts";
import { inboxItemKind } from "../oversight/inbox-item.ts";
import { projectKindOf } from "../oversight/person.ts";
import type { RecordDecision } from "./decide-decision.ts";

const sweeper = { kind: "system", id: "sweeper" } as const;
const dayMs = 86_400_000;

const idOf = (told: Told): string => {
  if (told.kind === "refused") throw new Error(told.code);
  return told.answer["id"] as string; // every command here answers with the id of what it made
};

/** A lead, a contributor, an agent's account with the role of a lead, and a request. */
async function open(mode: "real" | "rehearsal" = "real") {
  const world = await openCoreWorld([["lead"], ["contributor"], ["agent", "lead"]], mode);
  const [, lead = "", contributor = "", agent = ""] = world.people;
  const draft = {
    title: "Keep the orders",
    text: "Keep them",
    urgency: "normal" as const,
    budgetMicro: null,
    deadlineAtMs: null,
    playbook: null,
    approveBeforehand: false,
    script: null,
    inputs: [],
  };
  const requestId = idOf(await world.tell(person(contributor), { kind: "submit-request", id: null, draft }));
  const [project] = await world.rows(projectKindOf);
  const record = (fields: Partial<RecordDecision> = {}): RecordDecision => ({
    kind: "record-decision",
    requestId,
    subjectKind: "project",
    subjectId: project?.id ?? "",
    topic: "database",
    question: "Which database keeps the orders?",
    options: [
      { id: "postgres", label: "PostgreSQL", pros: ["transactions"], cons: ["one more server"] },
      { id: "files", label: "Files", pros: [], cons: ["no transactions"] },
    ],
    choice: "postgres",
    rationale: "Orders must not be lost.",
    confidence: { probability: 0.8, wouldProveWrong: "It is down more than an hour a month." },
    links: [{ kind: "address", label: "the comparison", address: "https://example.org/comparison" }],
    reviewAtMs: null,
    validFromMs: null,
    supersedes: null,
    ...fields,
  });
  const decision = async (id: string) => {
    const found = (await world.rows(decisionKind)).find((one) => one.id === id);
    if (found === undefined) throw new Error(`no decision ${id}`);
    return found;
  };
  const [theLead, theContributor, theAgent] = [person(lead), person(contributor), person(agent)];
  return { world, lead: theLead, contributor: theContributor, agent: theAgent, record, decision, requestId };
}

const fire = async (world: CoreWorld, subjectId: string): Promise<readonly Told[]> => {
  const due = (await world.rows(clockKind)).filter(
    (clock) => clock.subjectId === subjectId && clock.state === "set" && clock.dueAtMs <= world.nowMs(),
  );
  const said: Told[] = [];
  for (const clock of due) said.push(await world.tell(sweeper, clock.command as unknown as Command)); // as core made it
  return said;
};

test("a decision is made by whom the policies let, and proposed by others until one of those makes it", async () => {
  const { world, lead, contributor, agent, record, decision } = await open();
  expect(await world.tell(contributor, record())).toMatchObject({ kind: "refused", failure: "forbidden", code: "authority.wrong-role" });
  expect(await world.tell(agent, record())).toMatchObject({ kind: "refused", failure: "forbidden" });
  expect(await world.rows(decisionKind)).toEqual([]);

  const id = idOf(await world.tell(contributor, record({ choice: null, rationale: "" })));
  expect(await decision(id)).toMatchObject({ state: "proposed", deciderId: null, validFromMs: null, authority: "" });
  const make = { kind: "make-decision", decisionId: id, choice: "postgres", rationale: "Tried for a week.", validFromMs: null } as const;
  expect(await world.tell(contributor, { ...make, expectedVersion: 1 })).toMatchObject({ code: "authority.wrong-role" });
  expect(await world.tell(lead, { ...make, expectedVersion: 7 })).toMatchObject({ failure: "conflict", code: "decision.changed" });
  expect(await world.tell(lead, { ...make, expectedVersion: 1, choice: "cloud" })).toMatchObject({ code: "decision.invalid" });
  expect(await world.tell(lead, { ...make, expectedVersion: 1 })).toMatchObject({ kind: "ok" });
  expect(await decision(id)).toMatchObject({
    state: "made",
    deciderId: lead.id,
    authority: "role:lead, by deciders@1",
    evidence: { policy: { policies: ["deciders@1"] } },
  });
  expect(await world.tell(lead, { ...make, expectedVersion: 2 })).toMatchObject({ code: "decision.not-proposed" });
  expect(world.findings()).toEqual([]);
});

test("another decision takes its place from a day on; before that day the earlier one is in force", async () => {
  const { world, lead, record, decision } = await open();
  const first = idOf(await world.tell(lead, record()));
  const fromMs = world.nowMs() + 30 * dayMs;
  const supersedes = { decisionId: first, expectedVersion: 1 };
  expect(await world.tell(lead, record({ supersedes: { ...supersedes, expectedVersion: 2 } }))).toMatchObject({ code: "decision.changed" });
  const second = idOf(await world.tell(lead, record({ choice: "files", supersedes, validFromMs: fromMs })));
  const [before, after] = [await decision(first), await decision(second)];
  expect(before).toMatchObject({ state: "superseded", supersededById: second, validToMs: fromMs });
  expect(after).toMatchObject({ state: "made", supersedesId: first, validFromMs: fromMs, validToMs: null });
  for (const atMs of [world.nowMs(), fromMs - 1, fromMs, fromMs + dayMs])
    expect([isInForce(before, atMs), isInForce(after, atMs)]).toEqual(atMs < fromMs ? [true, false] : [false, true]);
  expect(await world.tell(lead, record({ supersedes: { decisionId: first, expectedVersion: 2 } }))).toMatchObject({
    code: "decision.already-superseded",
  });
  // In force from before the first one was: that one never was.
  const retro = idOf(
    await world.tell(lead, record({ supersedes: { decisionId: second, expectedVersion: 1 }, validFromMs: fromMs - dayMs })),
  );
  expect(isInForce(await decision(second), fromMs)).toBe(false);
  expect(isInForce(await decision(retro), fromMs)).toBe(true);
  expect(world.findings()).toEqual([]);
});

test("on its day a decision asks how it turned out, once, and the answer is its outcome or another day", async () => {
  const { world, lead, contributor, record, decision } = await open();
  const reviewAtMs = world.nowMs() + 90 * dayMs;
  const id = idOf(await world.tell(lead, record({ reviewAtMs })));
  const waiting = async () => (await world.rows(inboxItemKind)).filter((item) => item.subjectId === id && item.state === "open");
  expect(await fire(world, id)).toEqual([]);
  world.advance(90 * dayMs);
  expect(await fire(world, id)).toMatchObject([{ kind: "ok" }]);
  expect(await fire(world, id)).toMatchObject([{ code: "decision.review-settled" }]);
  const [item] = await waiting();
  expect(item).toMatchObject({ kind: "question", title: "How did it turn out: Which database keeps the orders?" });
  expect(item?.detail).toContain("80 % sure");
  const answer = { kind: "answer-item", itemId: item?.id ?? "", value: null, inputs: [], confirmation: null, reason: "" } as const;
  expect(await world.tell(contributor, { ...answer, choice: "held", reason: "Good" })).toMatchObject({ failure: "forbidden" });
  expect(await world.tell(lead, { ...answer, choice: "held" })).toMatchObject({ code: "inbox.reason-missing" });
  expect(await world.tell(lead, { ...answer, choice: "later" })).toMatchObject({ kind: "ok" });
  const moved = (await decision(id)).reviewAtMs ?? 0;
  expect(moved - world.nowMs()).toBeGreaterThan(89 * dayMs);
  world.advance(91 * dayMs);
  await fire(world, id);
  const [again] = await waiting();
  expect(await world.tell(lead, { ...answer, itemId: again?.id ?? "", choice: "failed", reason: "Down for a day." })).toMatchObject({
    kind: "ok",
  });
  expect(await decision(id)).toMatchObject({ reviewAtMs: null, outcome: { verdict: "failed", text: "Down for a day.", byId: lead.id } });
  expect(await waiting()).toEqual([]);
  expect(world.findings()).toEqual([]);
});

test("a decision that belongs to no request is looked at again in its project, and shown in the inbox", async () => {
  const { world, lead, record, decision } = await open();
  const id = idOf(await world.tell(lead, record({ requestId: null, reviewAtMs: world.nowMs() + dayMs })));
  world.advance(dayMs);
  await fire(world, id);
  const looking = { organizationId: world.scope.organizationId, viewerId: lead.id, policies: world.engine.policies, nowMs: world.nowMs() };
  const { items } = await world.engine.read(world.scope, (reader) => inboxPageView(reader, { state: "open", limit: 10 }, looking));
  const item = items.find((one) => one.subjectId === id);
  expect(item).toMatchObject({ requestId: null, requestLabel: "T", requestTitle: "Test", mayAnswer: true, mine: true });
  expect(item?.projectId).toBe(world.scope.projectIds[0]);
  const due = await world.engine.read(world.scope, (reader) => dueItems(reader, world.nowMs() + 90 * dayMs));
  expect(due.map((one) => one.projectId)).toEqual([world.scope.projectIds[0]]);
  const answer = { kind: "answer-item", itemId: item?.id ?? "", value: null, inputs: [], confirmation: null } as const;
  expect(await world.tell(lead, { ...answer, choice: "held", reason: "No order was lost." })).toMatchObject({ kind: "ok" });
  expect((await decision(id)).outcome).toMatchObject({ verdict: "held" });
  expect(world.findings()).toEqual([]);
});

test("an outcome that comes early and a moved day end what waits for them", async () => {
  const { world, lead, contributor, record, decision } = await open();
  const soonMs = world.nowMs() + dayMs;
  const id = idOf(await world.tell(lead, record({ reviewAtMs: soonMs })));
  const setClocks = async () => (await world.rows(clockKind)).filter((clock) => clock.subjectId === id && clock.state === "set").length;
  const set = { kind: "set-review", decisionId: id, expectedVersion: 1, reviewAtMs: soonMs + dayMs } as const;
  expect(await world.tell(contributor, set)).toMatchObject({ failure: "forbidden" });
  expect(await world.tell(lead, { ...set, reviewAtMs: world.nowMs() - 1 })).toMatchObject({ code: "decision.invalid" });
  expect(await world.tell(lead, set)).toMatchObject({ kind: "ok" });
  expect(await setClocks()).toBe(1);
  const said = { kind: "record-outcome", decisionId: id, expectedVersion: 2, verdict: "held", text: "No order was lost." } as const;
  expect(await world.tell(contributor, said)).toMatchObject({ failure: "forbidden" });
  expect(await world.tell(lead, { ...said, text: "  " })).toMatchObject({ code: "decision.outcome-empty" });
  expect(await world.tell(lead, { ...said, expectedVersion: 1 })).toMatchObject({ code: "decision.changed" });
  expect(await world.tell(lead, said)).toMatchObject({ kind: "ok" });
  expect(await setClocks()).toBe(0);
  expect(await world.tell(lead, { ...said, expectedVersion: 3, verdict: "mixed", text: "One was late." })).toMatchObject({ kind: "ok" });
  expect((await decision(id)).outcome).toMatchObject({ verdict: "mixed" });
});

test("what cannot be a decision is refused without a trace", async () => {
  const { world, lead, record } = await open();
  const bad: readonly (readonly [Partial<RecordDecision>, string])[] = [
    [{ question: "  " }, "decision.invalid"],
    [{ options: [] }, "decision.invalid"],
    [{ choice: "cloud" }, "decision.invalid"],
    [{ rationale: " " }, "decision.invalid"],
    [{ confidence: { probability: 1.2, wouldProveWrong: "x" } }, "decision.invalid"],
    [{ confidence: { probability: Number.NaN, wouldProveWrong: "x" } }, "decision.invalid"],
    [{ confidence: { probability: 0.5, wouldProveWrong: "" } }, "decision.invalid"],
    [{ links: [{ kind: "address", label: "x", address: "javascript:alert(1)" }] }, "decision.invalid"],
    [{ validFromMs: 1e17 }, "decision.invalid"],
    [{ reviewAtMs: 5 }, "decision.invalid"],
    [{ subjectKind: "clock" }, "decision.subject-missing"],
    [{ subjectKind: "request", subjectId: "00000000-0000-7000-8000-00000000ffff" }, "decision.subject-missing"],
    [{ requestId: "00000000-0000-7000-8000-00000000ffff" }, "request.not-found"],
    [{ supersedes: { decisionId: "00000000-0000-7000-8000-00000000ffff", expectedVersion: 1 } }, "decision.not-found"],
  ];
  for (const [fields, code] of bad)
    expect([fields, await world.tell(lead, record(fields))]).toMatchObject([fields, { kind: "refused", code }]);
  expect(await world.rows(decisionKind)).toEqual([]);
  const rehearsal = await open("rehearsal");
  expect(await rehearsal.world.tell(rehearsal.lead, rehearsal.record({ reviewAtMs: rehearsal.world.nowMs() + dayMs }))).toMatchObject({
    code: "decision.rehearsal",
  });
});
