import { expect, test } from "vitest";
import { openCoreWorld, person, type Told } from "../../../test/support/core-world.ts";
import { beliefsView } from "../../engine/memory/beliefs-view.ts";
import type { Reader } from "../../engine/ports/store.ts";
import { decisionKind } from "../oversight/decision.ts";
import { projectKindOf } from "../oversight/person.ts";
import type { CorrectFact, RecordFact } from "./decide-fact.ts";
import { factKind } from "./fact.ts";

const dayMs = 86_400_000;
const source = { text: "their price list", address: null };

async function open() {
  const world = await openCoreWorld([["contributor"], ["agent"], ["auditor"], ["lead"]]);
  const [, contributor = "", agent = "", auditor = "", lead = ""] = world.people.map((id) => id);
  const say = (fields: Partial<RecordFact> = {}): RecordFact => ({
    kind: "record-fact",
    subjectKind: "words",
    subjectId: "Acme",
    subjectName: "Acme",
    attribute: "Price per seat",
    value: 10,
    fromMs: null,
    source,
    expectedVersion: null,
    ...fields,
  });
  const fact = async () => {
    const [found] = await world.rows(factKind);
    if (found === undefined) throw new Error("there is no fact");
    return found;
  };
  const correct = async (fields: Partial<CorrectFact> = {}): Promise<CorrectFact> => {
    const { id, version } = await fact();
    return { kind: "correct-fact", factId: id, expectedVersion: version, value: 11, fromMs: 0, toMs: null, source, ...fields };
  };
  return {
    world,
    contributor: person(contributor),
    agent: person(agent),
    auditor: person(auditor),
    lead: person(lead),
    say,
    fact,
    correct,
  };
}

const codeOf = (told: Told): string => (told.kind === "refused" ? told.code : "ok");

test("a value from a day on ends the one before; the same words in another form are the same fact", async () => {
  const { world, contributor, say, fact } = await open();
  const startMs = world.nowMs();
  expect(codeOf(await world.tell(contributor, say({ fromMs: startMs })))).toBe("ok");
  expect(codeOf(await world.tell(contributor, say({ value: 12 })))).toBe("fact.changed");
  const later = say({ subjectId: " ACME ", attribute: "price  PER seat", value: 12, fromMs: startMs + dayMs, expectedVersion: 1 });
  expect(codeOf(await world.tell(contributor, later))).toBe("ok");
  expect(await world.rows(factKind)).toHaveLength(1);
  expect((await fact()).periods.map(({ fromMs, toMs, value }) => [fromMs, toMs, value])).toEqual([
    [startMs, startMs + dayMs, 10],
    [startMs + dayMs, null, 12],
  ]);
  const between = say({ value: 11, fromMs: startMs + dayMs / 2, expectedVersion: 2 });
  expect(codeOf(await world.tell(contributor, between))).toBe("ok");
  expect((await fact()).periods.map(({ value }) => value)).toEqual([10, 11, 12]);
  expect(codeOf(await world.tell(contributor, { ...between, expectedVersion: 3 }))).toBe("fact.already-recorded");
  expect(world.findings()).toEqual([]);
});

test("facts are put on record by whoever works here, with a source, and never from a version that is gone", async () => {
  const { world, contributor, agent, auditor, say, fact, correct } = await open();
  for (const actor of [agent, auditor]) expect(codeOf(await world.tell(actor, say()))).toBe("permission.wrong-role");
  const bad: readonly (readonly [Partial<RecordFact>, string])[] = [
    [{ source: { text: " ", address: null } }, "fact.source-missing"],
    [{ source: { text: "x", address: "javascript:alert(1)" } }, "fact.invalid"],
    [{ value: " " }, "fact.invalid"],
    [{ value: Number.NaN }, "fact.invalid"],
    [{ attribute: " " }, "fact.invalid"],
    [{ subjectId: "  " }, "fact.invalid"],
    [{ fromMs: 1e17 }, "fact.invalid"],
    [{ subjectKind: "request", subjectId: "00000000-0000-7000-8000-00000000ffff" }, "fact.subject-missing"],
    [{ subjectKind: "clock", subjectId: "00000000-0000-7000-8000-00000000ffff" }, "fact.subject-missing"],
    [{ expectedVersion: 1 }, "fact.changed"],
  ];
  for (const [fields, code] of bad) expect([fields, codeOf(await world.tell(contributor, say(fields)))]).toEqual([fields, code]);
  expect(await world.rows(factKind)).toEqual([]);
  await world.tell(contributor, say());
  expect(codeOf(await world.tell(agent, await correct()))).toBe("permission.wrong-role");
  expect(codeOf(await world.tell(contributor, await correct({ expectedVersion: 9 })))).toBe("fact.changed");
  expect(codeOf(await world.tell(contributor, await correct({ fromMs: 5, toMs: 5 })))).toBe("fact.invalid");
  expect((await fact()).version).toBe(1);
});

test("what was believed and decided on a date is told beside what changed since", async () => {
  const { world, contributor, lead, say, fact, correct } = await open();
  const startMs = world.nowMs();
  await world.tell(contributor, say({ fromMs: startMs }));
  const [project] = await world.rows(projectKindOf);
  const decision = {
    kind: "record-decision",
    requestId: null,
    subjectKind: "project",
    subjectId: project?.id ?? "",
    topic: "Acme",
    question: "Do we buy seats?",
    options: [{ id: "yes", label: "Yes" }],
    choice: "yes",
    rationale: "They are cheap.",
    confidence: null,
    links: [],
    reviewAtMs: null,
    validFromMs: null,
    supersedes: null,
  } as const;
  await world.tell(lead, decision);
  world.advance(dayMs);
  const thenMs = world.nowMs();
  world.advance(dayMs);
  await world.tell(
    contributor,
    await correct({ value: 15, fromMs: startMs, toMs: startMs + 10 * dayMs, source: { text: "the invoice", address: null } }),
  );
  await world.tell(contributor, say({ attribute: "seats", value: 3, fromMs: startMs }));
  const [first] = await world.rows(decisionKind);
  await world.tell(lead, {
    kind: "record-outcome",
    decisionId: first?.id ?? "",
    expectedVersion: 1,
    verdict: "failed",
    text: "They were dear.",
  });
  const supersedes = { decisionId: first?.id ?? "", expectedVersion: 2 };
  await world.tell(lead, { ...decision, question: "Do we keep the seats?", supersedes });

  const moment = await world.engine.moment(thenMs);
  const past = <Result>(work: (reader: Reader) => Promise<Result>) => world.engine.read(world.scope, work, moment);
  const asked = { about: { kind: "words", words: "ACME" }, recordedMs: thenMs, validMs: thenMs, nowMs: world.nowMs() } as const;
  const view = await world.engine.read(world.scope, (now) => beliefsView(now, past, asked));
  // The order is the search's: how fit a text is, not what is tested here.
  const facts = view.facts.toSorted((left, right) => left.attribute.localeCompare(right.attribute));
  expect(facts.map((one) => [one.attribute, one.believed?.value, one.known?.value, one.today, one.change])).toEqual([
    ["price per seat", 10, 15, null, "corrected"],
    ["seats", undefined, 3, null, "learned"],
  ]);
  expect(view.decisions.map((one) => [one.decision.question, one.stood, one.stands, one.changes])).toEqual([
    ["Do we keep the seats?", "unrecorded", "later", ["recorded"]],
    ["Do we buy seats?", "in-force", "in-force", ["superseded", "outcome"]],
  ]);
  const asNow = { ...asked, recordedMs: world.nowMs(), validMs: world.nowMs() };
  const nowView = await world.engine.read(world.scope, (now) => beliefsView(now, (work) => world.engine.read(world.scope, work), asNow));
  expect(nowView.facts.every((one) => one.change === "same")).toBe(true);
  expect(nowView.decisions.map((one) => [one.stands, one.changes])).toEqual([
    ["in-force", []],
    ["over", []],
  ]);
  expect((await fact()).periods).toHaveLength(2);
});
