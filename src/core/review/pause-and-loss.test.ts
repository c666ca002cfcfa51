import { expect, test } from "vitest";
import { type CoreWorld, documentOf, hashOf, look, openCoreWorld, person, worker } from "../../../test/support/core-world.ts";
import { activeRequest, plainBrief } from "../../../test/support/active-request.ts";
import type { Command } from "../../engine/shared/commands.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { maxHandOvers } from "../shared/transition.ts";

const output = { name: "a.md", sha256: asId<"sha256">("0".repeat(64)), mediaType: "text/markdown", bytes: 1 };

/** A request whose plan was approved, with its first jobs waiting. */
async function pausable(rows: readonly JsonObject[]) {
  const active = await activeRequest(rows);
  const { world, founder, requestId } = active;
  const control = (kind: "pause-request" | "resume-request" | "cancel-request") => world.tell(founder, { kind, requestId, reason: "So." });
  return { ...active, control };
}

async function attemptOf(world: CoreWorld) {
  const { attempts } = await look(world);
  const attempt = attempts.at(-1);
  if (attempt === undefined) throw new Error("There is no attempt.");
  return attempt;
}

const done = (attemptId: string, epoch: number): Command => ({
  kind: "finish-attempt",
  attemptId,
  epoch,
  costMicro: 0,
  outcome: {
    kind: "submitted",
    outputs: [output],
    interpretation: "",
    notes: [],
    pointAnswers: {},
    checks: [{ criterionId: "a1", kind: "output", verdict: "pass", detail: "", evidence: { bytes: 1 } }],
  },
});

const oneTask = [{ task: "a", review: "checks" }];

test("holds back what has not begun and starts it again under a new epoch", async () => {
  const { world, control } = await pausable(oneTask);
  const attempt = await attemptOf(world);
  await control("pause-request");
  expect(await world.tell(worker, { kind: "start-attempt", attemptId: attempt.id, epoch: 1, executorId: "w" })).toMatchObject({
    code: "request.paused",
  });
  await control("resume-request");
  expect(await world.tell(worker, { kind: "start-attempt", attemptId: attempt.id, epoch: 1, executorId: "w" })).toMatchObject({
    code: "attempt.stale-epoch",
  });
  expect(await world.tell(worker, { kind: "start-attempt", attemptId: attempt.id, epoch: 2, executorId: "w" })).toMatchObject({
    kind: "ok",
  });
});

test("lets begun work end during a pause, also after a crash, and integrates on resume", async () => {
  const { world, control } = await pausable(oneTask);
  const { id: attemptId } = await attemptOf(world);
  await world.tell(worker, { kind: "start-attempt", attemptId, epoch: 1, executorId: "w" });
  await control("pause-request");
  await world.tell(worker, { kind: "lose-lease", jobKind: "attempt", subjectId: attemptId, epoch: 1 });
  expect(await world.tell(worker, { kind: "start-attempt", attemptId, epoch: 2, executorId: "v" })).toMatchObject({ kind: "ok" });
  expect(await world.tell(worker, done(attemptId, 1))).toMatchObject({ code: "attempt.stale-epoch" });
  expect(await world.tell(worker, done(attemptId, 2))).toMatchObject({ answer: { taskState: "passed" } });
  expect((await look(world)).requests[0]?.state).toBe("paused");
  await control("resume-request");
  expect((await look(world)).requests[0]?.state).toBe("integrating");
});

test("gives what became ready in a pause to somebody on resume", async () => {
  const { world, control } = await pausable([...oneTask, { task: "b", dependencies: ["a"] }]);
  const { id: attemptId } = await attemptOf(world);
  await world.tell(worker, { kind: "start-attempt", attemptId, epoch: 1, executorId: "w" });
  await control("pause-request");
  await world.tell(worker, done(attemptId, 1));
  expect((await look(world)).tasks.map((task) => [task.key, task.state, task.executor])).toContainEqual(["b", "ready", null]);
  await control("resume-request");
  expect((await look(world)).tasks.map((task) => [task.key, task.state])).toContainEqual(["b", "assigned"]);
});

test("stops handing on a job that brings its workers down and asks a person", async () => {
  const { world, founder, requestId } = await pausable(oneTask);
  const { id: attemptId } = await attemptOf(world);
  await world.tell(worker, { kind: "start-attempt", attemptId, epoch: 1, executorId: "w" });
  for (let epoch = 1; epoch <= maxHandOvers + 1; epoch += 1)
    await world.tell(worker, { kind: "lose-lease", jobKind: "attempt", subjectId: attemptId, epoch });
  const { tasks, items } = await look(world);
  expect(tasks[0]?.state).toBe("escalated");
  const item = items.find((one) => one.kind === "escalation");
  expect(item?.choices.map((choice) => choice.id)).not.toContain("accept");
  expect(
    await world.tell(founder, {
      kind: "answer-item",
      itemId: item?.id ?? "",
      choice: "retry",
      value: null,
      reason: "",
      inputs: [],
      confirmation: null,
    }),
  ).toMatchObject({ answer: { taskState: "assigned" } });
  const { id: again } = await attemptOf(world);
  await world.tell(worker, { kind: "start-attempt", attemptId: again, epoch: 1, executorId: "w" });
  await world.tell(worker, done(again, 1));
  for (let epoch = 3; epoch <= maxHandOvers + 3; epoch += 1)
    await world.tell(worker, { kind: "lose-lease", jobKind: "integrate", subjectId: requestId, epoch });
  const asked = (await look(world)).items.find((one) => one.subjectKind === "request" && one.state === "open");
  expect(asked?.ruleId).toBe("execution.lost-too-often");
  await world.tell(founder, {
    kind: "answer-item",
    itemId: asked?.id ?? "",
    choice: "cancel",
    value: null,
    reason: "No.",
    inputs: [],
    confirmation: null,
  });
  expect((await look(world)).requests[0]?.state).toBe("cancelled");
  expect(world.findings()).toEqual([]);
});

test("accepts work as it is only by somebody who answers for it, with the outputs on record", async () => {
  const { world, founder } = await pausable([{ task: "a", review: "checks", maxAttempts: 1 }]);
  const { id: attemptId } = await attemptOf(world);
  await world.tell(worker, { kind: "start-attempt", attemptId, epoch: 1, executorId: "w" });
  const bad = done(attemptId, 1);
  await world.tell(
    worker,
    bad.kind === "finish-attempt" && bad.outcome.kind === "submitted" ? { ...bad, outcome: { ...bad.outcome, checks: [] } } : bad,
  );
  const item = (await look(world)).items.find((one) => one.kind === "escalation");
  expect(item?.evidence["outputs"]).toMatchObject([{ name: "a.md", sha256: output.sha256 }]);
  const accept = {
    kind: "answer-item",
    itemId: item?.id ?? "",
    choice: "accept",
    value: null,
    reason: "Good enough.",
    inputs: [],
    confirmation: null,
  } as const;
  expect(await world.tell(person(world.people[2] ?? ""), accept)).toMatchObject({ code: "authority.wrong-role" });
  expect(await world.tell(founder, accept)).toMatchObject({ answer: { taskState: "passed" } });
  expect(await world.tell(founder, accept)).toMatchObject({ code: "inbox.already-closed" });
  expect(world.findings()).toEqual([]);
});

test("takes a person's plan as that person's work, whatever it says of itself", async () => {
  const world = await openCoreWorld();
  const [founder = "", lead = ""] = world.people;
  const requestId = world.newId();
  await world.tell(person(founder), {
    kind: "submit-request",
    id: requestId,
    draft: {
      title: "T",
      text: "T",
      urgency: "normal",
      budgetMicro: null,
      deadlineAtMs: null,
      playbook: null,
      inputs: [],
      approveBeforehand: true,
      script: null,
    },
  });
  await world.tell(worker, { kind: "record-brief", requestId, epoch: 1, brief: plainBrief, questions: [] });
  const document = documentOf(oneTask);
  await world.tell(person(founder), {
    kind: "propose-plan",
    requestId,
    epoch: null,
    document,
    documentSha256: hashOf(document),
    origin: { kind: "playbook", name: "p", edited: false, authorId: null },
    forecast: null,
  });
  const { plans, tasks } = await look(world);
  const approve = {
    kind: "decide-plan",
    planId: plans[0]?.id ?? "",
    choice: "approve",
    reason: "",
    documentSha256: null,
    confirmation: "T-1",
    beforehand: false,
  } as const;
  expect(tasks.every((task) => task.state === "proposed")).toBe(true);
  expect(await world.tell(person(founder), approve)).toMatchObject({ code: "authority.own-work" });
  expect(await world.tell(person(lead), { ...approve, beforehand: true })).toMatchObject({ code: "plan.not-beforehand" });
  expect(await world.tell(person(lead), approve)).toMatchObject({ answer: { requestState: "active" } });
});
