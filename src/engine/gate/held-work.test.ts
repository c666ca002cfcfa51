import { expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, look, worker } from "../../../test/support/core-world.ts";
import type { HaltScope } from "../../core/gate/halt.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { noticeKind } from "../../core/oversight/notice.ts";
import type { FinishAttempt } from "../../core/review/decide-submission.ts";
import { reviewKind } from "../../core/review/review.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { JobKind } from "../../core/shared/transition.ts";
import type { Workbench } from "../execution/workbench.ts";
import type { Scope } from "../ports/store.ts";
import type { Caller } from "../shared/caller.ts";
import type { Command } from "../shared/commands.ts";
import { haltGate } from "./halt-gate.ts";
import { haltReleases } from "./release-held.ts";
import { haltStops } from "./stop-halted.ts";

const oneTask = [{ task: "a", review: "checks", tools: ["mail"] }];

const start = (world: CoreWorld, attemptId: string, epoch: number) =>
  world.tell(worker, { kind: "start-attempt", attemptId, epoch, executorId: "w" });

async function attemptOf(world: CoreWorld) {
  const attempt = (await look(world)).attempts.at(-1);
  if (attempt === undefined) throw new Error("There is no attempt.");
  return attempt;
}

const setHalt = (scope: HaltScope, scopeId = "") => ({ kind: "set-halt", scope, scopeId, reason: "Something is wrong." }) as const;
const haltId = (told: Awaited<ReturnType<CoreWorld["tell"]>>): string => (told.kind === "ok" ? (told.answer["id"] as string) : told.code);

/** What the sweeper does, until a lifted halt has given everything back. */
async function release(world: CoreWorld): Promise<number> {
  for (let round = 0; round < 10; round++) {
    const found = await world.engine.read(world.scope, haltReleases);
    if (found.length === 0) return round;
    for (const { command } of found) await world.tell({ kind: "system", id: "sweeper" }, command);
  }
  throw new Error("A halt is never settled.");
}

const finish = (
  world: CoreWorld,
  attemptId: string,
  outcome: FinishAttempt["outcome"] = { kind: "failed", code: "x", message: "", retryable: true },
) => world.tell(worker, { kind: "finish-attempt", attemptId, epoch: 1, costMicro: 0, outcome });

const output = (name: string): Artifact => ({ name, sha256: asId("0".repeat(64)), mediaType: "text/plain", bytes: 1 });

/** What the sweeper does while a halt is set; the jobs that it has to end. */
async function stop(world: CoreWorld): Promise<readonly string[]> {
  const found = await world.engine.read(world.scope, haltStops);
  for (const { command } of found) await world.tell({ kind: "system", id: "sweeper" }, command);
  return found.map(({ job }) => `${job.kind}:${job.subjectId}:${String(job.epoch)}`);
}

/** A rehearsed attempt whose end is set for later. */
async function rehearsed() {
  const proposed = await activeRequest([{ task: "a", review: "checks" }], undefined, "rehearsal");
  const { id } = await attemptOf(proposed.world);
  await start(proposed.world, id, 1);
  const end = { kind: "finish-attempt", attemptId: id, epoch: 1 } as const;
  expect(
    await proposed.world.tell(worker, { kind: "schedule-attempt-end", attemptId: id, epoch: 1, durationMs: 60_000, end }),
  ).toMatchObject({ kind: "ok" });
  return proposed;
}

const clockStates = async (world: CoreWorld) => (await world.rows(clockKind)).map((clock) => clock.state);

/** A world with what every job asks before it begins. */
async function gated(rows: readonly JsonObject[] = oneTask) {
  const { world, founder, requestId } = await activeRequest(rows);
  let monotonicMs = 0;
  const bench = {
    // Each look is later than what is remembered lasts.
    clock: { monotonicMs: () => (monotonicMs += 2_000) },
    store: { read: (scope: Scope, work: Parameters<CoreWorld["engine"]["read"]>[1]) => world.engine.read(scope, work) },
    apply: (caller: Caller, command: Command) => world.engine.apply(caller, command),
  } as unknown as Workbench; // the gate asks for nothing else
  const gate = haltGate(bench);
  const { organizationId, projectIds } = world.scope;
  const begin = (kind: JobKind, subjectId: string, epoch: number) =>
    gate({ kind, subjectId, epoch, organizationId, projectId: projectIds[0] ?? "" });
  return { world, founder, begin, requestId };
}

test("cancels what runs without counting a try, hears its report no more, and gives the task to somebody once it is lifted", async () => {
  const scopes = [
    ["everything", ""],
    ["persona", "writer"],
    ["tool", "mail"],
    ["provider", "rules"],
  ] as const;
  for (const [scope, scopeId] of scopes) {
    const { world, founder } = await activeRequest(oneTask);
    const attempt = await attemptOf(world);
    await start(world, attempt.id, 1);
    const halt = haltId(await world.tell(founder, setHalt(scope, scopeId)));
    expect(await stop(world)).toEqual([`attempt:${attempt.id}:1`]);
    world.settle({ kind: "attempt", subjectId: attempt.id, epoch: 1, organizationId: "", projectId: "" });
    expect(await attemptOf(world)).toMatchObject({ state: "cancelled" });
    const { tasks } = await look(world);
    expect(tasks[0]).toMatchObject({ state: "ready", attemptCount: 0, performer: null, executor: null, heldById: halt });
    expect(await stop(world)).toEqual([]);
    expect(await finish(world, attempt.id)).toMatchObject({ failure: "conflict" });
    expect(world.findings()).toEqual([]);
    await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "" });
    await release(world);
    expect((await look(world)).tasks[0]).toMatchObject({ state: "assigned", attemptCount: 0, heldById: null });
    expect(await start(world, (await attemptOf(world)).id, 1)).toMatchObject({ answer: { state: "running" } });
    expect(world.findings()).toEqual([]);
  }
});

test("stops nothing that it does not cover, and takes a result that came before the stop", async () => {
  const { world, founder } = await activeRequest(oneTask);
  const attempt = await attemptOf(world);
  await start(world, attempt.id, 1);
  await world.tell(founder, setHalt("tool", "money"));
  expect(await stop(world)).toEqual([]);
  expect(await world.tell(worker, { kind: "stop-attempt", attemptId: attempt.id })).toMatchObject({ code: "halt.not-set" });
  await world.tell(founder, setHalt("everything"));
  expect(await finish(world, attempt.id)).toMatchObject({ kind: "ok" });
  expect(await world.tell(worker, { kind: "stop-attempt", attemptId: attempt.id })).toMatchObject({ code: "attempt.not-running" });
});

test("leaves a person's work in their hands and keeps what they hand in; its checks begin when it is lifted", async () => {
  const { world, founder } = await activeRequest([
    { task: "b", persona: "contributor", review: "checks" },
    { ...oneTask[0], task: "c", persona: "contributor" },
  ]);
  const [mine, other] = (await look(world)).tasks;
  await world.tell(founder, { kind: "claim-task", taskId: mine?.id ?? "" });
  const halt = haltId(await world.tell(founder, setHalt("everything")));
  expect(await world.tell(founder, { kind: "claim-task", taskId: other?.id ?? "" })).toMatchObject({ code: "halt.in-force" });
  expect(await stop(world)).toEqual([]);
  const work = { outputs: [output("b.md")], pointAnswers: {}, note: "Done.", minutesSpent: 5 } as const;
  expect(await world.tell(founder, { kind: "submit-task", taskId: mine?.id ?? "", ...work })).toMatchObject({ kind: "ok" });
  const { id } = await attemptOf(world);
  expect(await start(world, id, 1)).toMatchObject({ answer: { state: "held" } });
  expect(await attemptOf(world)).toMatchObject({ state: "paused", heldById: halt, notes: ["Done."] });
  expect(await stop(world)).toEqual([]);
  await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "" });
  await release(world);
  expect(await start(world, id, 2)).toMatchObject({ answer: { state: "running" } });
});

test("withdraws the clock of a rehearsed attempt that it stops, that is reassigned or that is given back", async () => {
  const stopped = await rehearsed();
  await stopped.world.tell(stopped.founder, setHalt("everything"));
  await stop(stopped.world);
  expect(await clockStates(stopped.world)).toEqual(["withdrawn"]);
  const moved = await rehearsed();
  const taskId = (await look(moved.world)).tasks[0]?.id ?? "";
  await moved.world.tell(moved.founder, { kind: "reassign-task", taskId, toPersona: "editor", reason: "So." });
  expect(await clockStates(moved.world)).toEqual(["withdrawn"]);
  expect((await look(moved.world)).attempts[0]).toMatchObject({ state: "cancelled" });
});

test("keeps analysis, planning, reviews, assembly and news of work as rows, and gives them back under a new epoch", async () => {
  const { world, founder, begin } = await gated();
  const halt = haltId(await world.tell(founder, setHalt("everything")));
  const draft = { title: "U", text: "U", urgency: "normal", budgetMicro: null, deadlineAtMs: null, playbook: null, inputs: [] } as const;
  const requestId = world.newId();
  await world.tell(founder, { kind: "submit-request", id: requestId, draft: { ...draft, approveBeforehand: false, script: null } });
  expect(await begin("analyse", requestId, 1)).toBe(false);
  const rowOf = async () => (await look(world)).requests.find((request) => request.id === requestId);
  expect(await rowOf()).toMatchObject({ state: "analysing", heldById: halt, epoch: 1 });
  expect(world.findings()).toEqual([]);
  // A body that runs twice is told the same.
  expect(await begin("analyse", requestId, 1)).toBe(false);
  await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "" });
  await release(world);
  expect(await rowOf()).toMatchObject({ state: "analysing", heldById: null, epoch: 2 });
  expect(world.findings()).toEqual([]);
  expect(await begin("analyse", requestId, 1)).toBe(true);
  expect(await begin("analyse", requestId, 2)).toBe(true);
});

test("holds a review of halted work and by a halted reviewer, and lets one begin that nothing covers", async () => {
  for (const [scope, scopeId, begins] of [
    ["persona", "writer", false],
    ["persona", "editor", false],
    ["tool", "mail", false],
    ["tool", "money", true],
  ] as const) {
    const { world, founder, begin } = await gated([{ task: "a", tools: ["mail"] }]);
    await start(world, (await attemptOf(world)).id, 1);
    await finish(world, (await attemptOf(world)).id, {
      kind: "submitted",
      outputs: [output("a.md")],
      checks: [{ criterionId: "a1", kind: "output", verdict: "pass", detail: "", evidence: { bytes: 1 } }],
      interpretation: "",
      notes: [],
      pointAnswers: {},
    });
    const [review] = await world.rows(reviewKind);
    expect(review).toMatchObject({ state: "open", reviewer: { id: "editor" } });
    const halt = haltId(await world.tell(founder, setHalt(scope, scopeId)));
    expect([scopeId, await begin("review", review?.id ?? "", 1)]).toEqual([scopeId, begins]);
    expect((await world.rows(reviewKind))[0]).toMatchObject(begins ? { epoch: 1 } : { heldById: halt, epoch: 1 });
    expect(world.findings()).toEqual([]);
    await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "" });
    await release(world);
    expect((await world.rows(reviewKind))[0]).toMatchObject(begins ? { epoch: 1 } : { heldById: null, epoch: 2 });
  }
});

test("holds news of work and not what people write to each other", async () => {
  const { world, founder, begin, requestId } = await gated();
  const channel = { personId: founder.id, form: "webhook", name: "w", target: {}, topics: ["needs-you", "mention"] } as const;
  const channelId = haltId(await world.tell(founder, { kind: "add-channel", ...channel }));
  const notice = {
    channelId,
    personId: founder.id,
    subjectKind: "request",
    subjectId: requestId,
    payload: {},
    holdUntilMs: null,
  } as const;
  const work = haltId(await world.tell(worker, { kind: "file-notice", topic: "needs-you", ...notice }));
  const word = haltId(await world.tell(worker, { kind: "file-notice", topic: "mention", ...notice }));
  const halt = haltId(await world.tell(founder, setHalt("everything")));
  expect([await begin("notify", work, 1), await begin("notify", word, 1)]).toEqual([false, true]);
  expect(world.findings()).toEqual([]);
  await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "" });
  await release(world);
  expect((await world.rows(noticeKind)).map(({ topic, epoch, heldBy }) => [topic, epoch, heldBy ?? null])).toEqual([
    ["needs-you", 2, null],
    ["mention", 1, null],
  ]);
});

test("a restored record sends nothing at all before a person lets it go on, not even what people wrote or that a channel fails", async () => {
  const { world, founder, begin, requestId } = await gated();
  const form = {
    personId: founder.id,
    form: "webhook",
    name: "w",
    target: {},
    topics: ["needs-you", "mention", "channel-paused"],
  } as const;
  const channelId = haltId(await world.tell(founder, { kind: "add-channel", ...form }));
  const file = async (topic: string) =>
    haltId(
      await world.tell(worker, {
        kind: "file-notice",
        channelId,
        personId: founder.id,
        topic,
        subjectKind: "request",
        subjectId: requestId,
        payload: {},
        holdUntilMs: null,
      }),
    );
  const before = haltId(await world.tell(founder, setHalt("everything")));
  const word = await file("mention");
  expect(await begin("notify", word, 1)).toBe(true);
  // The halt that was set in the old system becomes the one of the restore.
  const halt = haltId(await world.tell({ kind: "system", id: "restore" }, { kind: "halt-restored", reason: "Restored." }));
  expect(halt).toBe(before);
  const filed = [await file("needs-you"), await file("mention"), await file("channel-paused")];
  for (const id of filed) expect(await begin("notify", id, 1)).toBe(false);
  expect(world.findings()).toEqual([]);
  await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "Looked." });
  await release(world);
  const rows = (await world.rows(noticeKind)).filter(({ id }) => filed.includes(id));
  expect(rows.map(({ epoch, heldBy }) => [epoch, heldBy ?? null])).toEqual([
    [2, null],
    [2, null],
    [2, null],
  ]);
});
