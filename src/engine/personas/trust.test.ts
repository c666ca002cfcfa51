import { beforeEach, expect, test } from "vitest";
import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { decideOn, proposeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, look, openCoreWorld, personaOf, worker } from "../../../test/support/core-world.ts";
import type { Attempt } from "../../core/execution/attempt.ts";
import { autonomyKind } from "../../core/personas/autonomy.ts";
import { candidacyKind } from "../../core/personas/candidacy.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Actor } from "../../core/shared/actor.ts";
import type { Command } from "../shared/commands.ts";

let world: CoreWorld;
let founder: Actor;
const content = createMemoryContent();

beforeEach(async () => {
  world = await openCoreWorld(undefined, "real", ["rules", "human", "model"]);
  founder = { kind: "person", id: world.people[0] ?? "" };
  await world.tell(worker, { kind: "add-persona", persona: personaOf("author", { executors: ["model", "human"] }) });
  await world.tell(founder, {
    kind: "add-provider",
    name: "house",
    vendor: "openai-compatible",
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["small"],
    local: true,
    windows: { requestsPerMinute: null, tokensPerMinute: null },
    keyFrom: "none",
  });
});

const ok = async (actor: Actor, command: Command) => {
  const told = await world.tell(actor, command);
  if (told.kind === "refused") throw new Error(`${command.kind}: ${told.code}`);
  return told.answer;
};

/** A task of the author's that has been given out. */
async function begun(): Promise<Attempt> {
  const { planId } = await proposeRequest(world, [
    { task: "write", title: "Write", persona: "author", outputs: ["a.md"], skills: ["s"], tools: ["document_writing"], inputs: ["x"] },
  ]);
  await ok(founder, decideOn(planId));
  const attempt = (await look(world)).attempts.toSorted((left, right) => (left.id < right.id ? 1 : -1))[0];
  if (attempt === undefined) throw new Error("nothing was given out");
  await ok(worker, { kind: "start-attempt", attemptId: attempt.id, epoch: attempt.epoch, executorId: "e" });
  return attempt;
}

async function handIn(attempt: Attempt): Promise<void> {
  const sha256 = await content.write(new TextEncoder().encode("# Done"));
  const outputs = [{ name: "a.md", sha256, mediaType: "text/markdown", bytes: 6 }];
  const task = (await look(world)).tasks.find(({ id }) => id === attempt.taskId);
  const checks = (task?.spec.acceptance ?? []).map(
    ({ id, check }) => ({ criterionId: id, kind: check.kind, verdict: "pass", detail: "", evidence: { seen: 1 } }) as const,
  );
  const outcome = { kind: "submitted", outputs, checks, interpretation: "I write.", notes: [], pointAnswers: {} } as const;
  await ok(worker, { kind: "finish-attempt", attemptId: attempt.id, epoch: attempt.epoch, outcome, costMicro: 0 });
}

const openItems = async () => (await world.rows(inboxItemKind)).filter(({ state }) => state === "open");

const answer = (itemId: string, choice: string): Command =>
  ({
    kind: "answer-item",
    itemId,
    choice,
    value: null,
    reason: "because",
    inputs: [],
    confirmation: null,
    edits: null,
  }) as never;

/** Sends what clocks hold, as the sweeper does. */
async function tick(): Promise<void> {
  for (const clock of (await world.rows(clockKind)).filter(({ state, dueAtMs }) => state === "set" && dueAtMs <= world.nowMs())) {
    await world.tell(clock.actor, clock.command as never);
    await ok(worker, { kind: "mark-clock-fired", clockId: clock.id });
  }
}

const ladder = async () => (await world.rows(autonomyKind))[0];

/** Does a task whose result a person judges. */
async function doOne(verdict: "pass" | "fail"): Promise<Attempt> {
  const attempt = await begun();
  await handIn(attempt);
  const item = (await openItems()).find(({ subjectId }) => subjectId === attempt.id);
  if (item !== undefined) await ok(founder, answer(item.id, verdict));
  await tick();
  return attempt;
}

test("a result of somebody without a proof waits for a person; what they say is counted once, and the ladder asks before it rises", async () => {
  const attempt = await begun();
  expect(attempt).toMatchObject({ provisional: true, personaVersion: 1 });
  await handIn(attempt);
  expect((await look(world)).attempts[0]?.watch).toMatchObject({ rung: "review", by: "reviewer" });
  const [item] = await openItems();
  await ok(founder, answer(item?.id ?? "", "pass"));
  await tick();
  await tick();
  expect(await ladder()).toMatchObject({
    personaKey: "author",
    taskType: "write",
    rung: "review",
    outcomes: [{ kind: "good", judged: true, attemptId: attempt.id }],
  });
  for (let at = 0; at < 19; at++) await doOne("pass");
  const [asked] = (await openItems()).filter(({ ruleId }) => ruleId === "autonomy.rise");
  expect(await ladder()).toMatchObject({ rung: "review", itemId: asked?.id });
  expect(asked?.detail).toContain("20 of 20 judged results");
  expect(await world.tell({ kind: "person", id: world.people[2] ?? "" }, answer(asked?.id ?? "", "consent"))).toMatchObject({
    kind: "refused",
  });
  await ok(founder, answer(asked?.id ?? "", "consent"));
  expect(await ladder()).toMatchObject({
    rung: "sampled",
    itemId: null,
    grantedTo: { personaVersion: 1, executor: "model" },
    history: [{ from: "review", to: "sampled", byId: founder.id }],
  });
  // Still provisional: on every rung its results are judged.
  const next = await begun();
  await handIn(next);
  const now = (await look(world)).attempts.find(({ id }) => id === next.id);
  expect(now?.watch).toMatchObject({ rung: "sampled", by: "reviewer" });
  const [verdict] = (await openItems()).filter(({ subjectId }) => subjectId === next.id);
  await ok(founder, answer(verdict?.id ?? "", "fail"));
  await tick();
  expect(await ladder()).toMatchObject({ rung: "review", grantedTo: null });
  const [fell] = (await openItems()).filter(({ ruleId }) => ruleId === "autonomy.fell");
  await ok(founder, answer(fell?.id ?? "", "seen"));
  expect(await ladder()).toMatchObject({ itemId: null });
  expect(world.findings()).toEqual([]);
});

test("a person redirects what was understood wrongly: the work is taken up again with their word, and it counts", async () => {
  const attempt = await begun();
  const { taskId } = attempt;
  const redirect = { kind: "redirect-attempt", taskId, attemptId: attempt.id, direction: "For beginners, not for experts." } as const;
  expect(await world.tell({ kind: "person", id: world.people[2] ?? "" }, redirect)).toMatchObject({
    kind: "refused",
    failure: "forbidden",
  });
  expect(await world.tell(founder, { ...redirect, direction: " " })).toMatchObject({ code: "task.direction-missing" });
  await ok(founder, redirect);
  const { attempts, tasks } = await look(world);
  expect(attempts.find(({ id }) => id === attempt.id)).toMatchObject({
    state: "cancelled",
    redirection: { direction: redirect.direction, byId: founder.id },
  });
  expect(tasks[0]).toMatchObject({ state: "assigned", attemptCount: 0, answers: [{ answer: redirect.direction }] });
  expect(await world.tell(founder, redirect)).toMatchObject({ code: "attempt.replaced" });
  await tick();
  expect(await ladder()).toMatchObject({ redirections: 1, outcomes: [{ kind: "redirected", judged: true }] });
  expect(world.findings()).toEqual([]);
});

test("a lead lowers at any time, and nobody raises by hand", async () => {
  await doOne("pass");
  const lower = (to: "suggest" | "review" | "sampled"): Command => ({
    kind: "lower-autonomy",
    personaKey: "author",
    taskType: "write",
    to,
    reason: "the tone is off",
  });
  expect(await world.tell(founder, lower("sampled"))).toMatchObject({ code: "autonomy.not-lower" });
  expect(await world.tell(founder, lower("review"))).toMatchObject({ code: "autonomy.not-lower" });
  await ok(founder, lower("suggest"));
  const attempt = await begun();
  await handIn(attempt);
  const [item] = (await openItems()).filter(({ subjectId }) => subjectId === attempt.id);
  expect(item?.title).toContain("Take over what was proposed");
  expect(item?.choices[0]?.label).toBe("Take it over");
});

const newVersion = (personaVersion: number) => ({
  ...personaOf("author", { executors: ["model", "human"] }),
  personaVersion,
  worldview: "brief",
});

test("a new version runs beside the old one by lot, is rolled back when it is worse, and does not come back", async () => {
  await ok(founder, { kind: "start-candidacy", fields: newVersion(2), share: 0.5, reason: "shorter texts" });
  expect(await world.tell(founder, { kind: "start-candidacy", fields: newVersion(3), share: 0.5, reason: "x" })).toMatchObject({
    code: "candidacy.running",
  });
  const did: number[] = [];
  for (let at = 0; at < 60 && (await world.rows(candidacyKind))[0]?.state === "running"; at++) {
    const attempt = await begun();
    did.push(attempt.personaVersion ?? 0);
    await handIn(attempt);
    const [item] = (await openItems()).filter(({ subjectId }) => subjectId === attempt.id);
    await ok(founder, answer(item?.id ?? "", attempt.personaVersion === 2 ? "fail" : "pass"));
    await tick();
    const again = (await look(world)).attempts.find(({ taskId, number }) => taskId === attempt.taskId && number === 2);
    if (again !== undefined) await ok(founder, { kind: "cancel-request", requestId: attempt.requestId, reason: "seen enough" } as never);
  }
  expect(new Set(did)).toEqual(new Set([1, 2]));
  const [ended] = await world.rows(candidacyKind);
  expect(ended).toMatchObject({ state: "rolled-back", candidate: { good: 0 } });
  expect(ended?.candidate.n).toBeGreaterThanOrEqual(10);
  expect((await begun()).personaVersion).toBe(1);
  expect((await openItems()).filter(({ ruleId }) => ruleId === "candidacy.rolled-back")).toHaveLength(1);
  expect(await world.tell(founder, { kind: "start-candidacy", fields: newVersion(2), share: 0.5, reason: "again" })).toMatchObject({
    code: "persona.old-version",
  });
  await ok(founder, { kind: "start-candidacy", fields: newVersion(3), share: 0.2, reason: "better" });
  const running = (await world.rows(candidacyKind)).find(({ state }) => state === "running");
  await ok(founder, { kind: "share-candidacy", candidacyId: running?.id ?? "", share: 0.4 });
  await ok(founder, { kind: "promote-candidacy", candidacyId: running?.id ?? "", reason: "it holds" });
  expect((await world.rows(personaKind)).find(({ key }) => key === "author")).toMatchObject({ personaVersion: 3, worldview: "brief" });
  expect(await world.tell(founder, { kind: "withdraw-candidacy", candidacyId: running?.id ?? "", reason: "no" })).toMatchObject({
    code: "candidacy.ended",
  });
});
