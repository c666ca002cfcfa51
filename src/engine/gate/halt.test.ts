import { expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, look, person, worker } from "../../../test/support/core-world.ts";
import { type Halt, type HaltScope, haltKind, haltOn } from "../../core/gate/halt.ts";
import { haltReleases } from "./release-held.ts";

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

test("holds what has not begun, in each scope that covers it, and gives it back under a new epoch", async () => {
  const scopes = [
    ["everything", ""],
    ["persona", "writer"],
    ["tool", "mail"],
    ["provider", "rules"],
  ] as const;
  for (const [scope, scopeId] of scopes) {
    const { world, founder } = await activeRequest(oneTask);
    const { id } = await attemptOf(world);
    const halt = haltId(await world.tell(founder, setHalt(scope, scopeId)));
    expect([scope, await start(world, id, 1)]).toMatchObject([scope, { answer: { state: "held" } }]);
    expect(await attemptOf(world)).toMatchObject({ state: "leased", heldById: halt, epoch: 1 });
    world.settle({ kind: "attempt", subjectId: id, epoch: 1, organizationId: "", projectId: "" });
    expect(world.findings()).toEqual([]);
    await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "Mended." });
    await release(world);
    expect(await attemptOf(world)).toMatchObject({ state: "leased", heldById: null, epoch: 2 });
    expect(world.findings()).toEqual([]);
    expect(await start(world, id, 1)).toMatchObject({ code: "attempt.stale-epoch" });
    expect(await start(world, id, 2)).toMatchObject({ answer: { state: "running" } });
    expect((await world.rows(haltKind))[0]).toMatchObject({ state: "lifted" });
  }
});

test("lets begin what a halt does not cover", async () => {
  for (const [scope, scopeId] of [
    ["persona", "editor"],
    ["tool", "money"],
    ["provider", "model"],
  ] as const) {
    const { world, founder } = await activeRequest(oneTask);
    await world.tell(founder, setHalt(scope, scopeId));
    expect(await start(world, (await attemptOf(world)).id, 1)).toMatchObject({ answer: { state: "running" } });
  }
});

test("starts no effect, holds the running attempt without counting a failure, and goes on from the ledger", async () => {
  const { world, founder, requestId } = await activeRequest(oneTask);
  const attempt = await attemptOf(world);
  await start(world, attempt.id, 1);
  const effect = { requestId, taskId: attempt.taskId, tool: "mail", effectKey: "k", step: "s", ordinal: 1, arguments: {} } as const;
  const intended = await world.tell(worker, { kind: "intend-effect", ...effect, deliveryClass: "once", effectKind: "send" });
  const startEffect = (epoch: number) =>
    world.tell(worker, { kind: "start-effect", effectId: haltId(intended), epoch, deadlineAtMs: 0, endedStarts: 0 });
  const halt = haltId(await world.tell(founder, setHalt("tool", "mail")));
  expect(await startEffect(1)).toMatchObject({ code: "halt.in-force" });
  expect((await look(world)).effects[0]).toMatchObject({ state: "intended", starts: 0 });
  await world.tell(worker, { kind: "hold-attempt", attemptId: attempt.id, epoch: 1 });
  world.settle({ kind: "attempt", subjectId: attempt.id, epoch: 1, organizationId: "", projectId: "" });
  expect(await attemptOf(world)).toMatchObject({ state: "paused", heldById: halt });
  expect(world.findings()).toEqual([]);
  await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "" });
  await release(world);
  expect(await start(world, attempt.id, 2)).toMatchObject({ answer: { state: "running" } });
  expect(await startEffect(2)).toMatchObject({ answer: { state: "started" } });
  const { tasks } = await look(world);
  expect(tasks[0]).toMatchObject({ state: "running", attemptCount: 0, attemptNumber: 1 });
});

test("passes what it held on to another halt, and leaves a paused request's work to its resume", async () => {
  const { world, founder, requestId } = await activeRequest(oneTask);
  const { id } = await attemptOf(world);
  const first = haltId(await world.tell(founder, setHalt("everything")));
  const second = haltId(await world.tell(founder, setHalt("persona", "writer")));
  await start(world, id, 1);
  await world.tell(founder, { kind: "lift-halt", haltId: first, reason: "" });
  await release(world);
  expect(await attemptOf(world)).toMatchObject({ heldById: second, epoch: 1 });
  await world.tell(founder, { kind: "pause-request", requestId, reason: "So." });
  await world.tell(founder, { kind: "lift-halt", haltId: second, reason: "" });
  await release(world);
  expect(await attemptOf(world)).toMatchObject({ heldById: null, epoch: 1 });
  await world.tell(founder, { kind: "resume-request", requestId, reason: "So." });
  expect(await start(world, id, 2)).toMatchObject({ answer: { state: "running" } });
});

test("is set by whoever works here and lifted by those who answer for it", async () => {
  const { world, founder } = await activeRequest(oneTask, [["contributor"], ["auditor"], ["agent"], ["lead"]]);
  const [, contributor = "", auditor = "", agent = "", lead = ""] = world.people;
  for (const id of [auditor, agent]) expect(await world.tell(person(id), setHalt("everything"))).toMatchObject({ failure: "forbidden" });
  const halt = haltId(await world.tell(person(contributor), setHalt("everything")));
  expect(await world.tell(person(lead), setHalt("everything"))).toMatchObject({ code: "halt.exists" });
  for (const id of [contributor, auditor, agent, lead])
    expect(await world.tell(person(id), { kind: "lift-halt", haltId: halt, reason: "" })).toMatchObject({ failure: "forbidden" });
  expect(await world.tell({ kind: "persona", id: "writer" }, { kind: "lift-halt", haltId: halt, reason: "" })).toMatchObject({
    failure: "forbidden",
  });
  expect(await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "" })).toMatchObject({ kind: "ok" });
  expect(await world.tell(founder, { kind: "lift-halt", haltId: halt, reason: "" })).toMatchObject({ code: "halt.not-set" });
  for (const wrong of [
    setHalt("project", "nope"),
    setHalt("tool", " "),
    setHalt("everything", "x"),
    { ...setHalt("everything"), reason: " " },
  ])
    expect(await world.tell(founder, wrong)).toMatchObject({ failure: "invalid" });
});

test("covers exactly its scope while it is set", () => {
  const subject = { projectId: "p", persona: "writer", tools: ["mail"], providers: ["rules"] };
  const halt = (scope: HaltScope, scopeId: string, state: Halt["state"] = "set"): Halt => ({
    id: `${scope}:${scopeId}`,
    version: 1,
    eventCount: 1,
    scope,
    scopeId,
    state,
    reason: "",
    setBy: "x",
    setAtMs: 0,
    liftedBy: null,
    liftedAtMs: null,
  });
  const hits = [halt("everything", ""), halt("project", "p"), halt("persona", "writer"), halt("tool", "mail"), halt("provider", "rules")];
  for (const one of hits) {
    expect(haltOn([one], subject)).toBe(one);
    for (const state of ["lifting", "lifted"] as const) expect(haltOn([{ ...one, state }], subject)).toBeUndefined();
  }
  for (const one of hits.slice(1)) expect(haltOn([{ ...one, scopeId: "other" }], subject)).toBeUndefined();
  expect(haltOn([...hits].reverse(), subject)?.scope).toBe("everything");
  expect(haltOn(hits.slice(2), { projectId: null, persona: null, tools: [], providers: [] })).toBeUndefined();
});
