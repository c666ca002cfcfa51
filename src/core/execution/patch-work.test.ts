import { expect, test } from "vitest";
import { decideOn, proposeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, documentOf, hashOf, look, openCoreWorld, person, worker } from "../../../test/support/core-world.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { PlanDocument } from "../planning/plan-document.ts";

/** A founder who is alone with the right to decide, and a running plan. */
async function running(rows: readonly JsonObject[]) {
  const world = await openCoreWorld([["contributor"]]);
  const founder = person(world.people[0] ?? "");
  const { planId, requestId } = await proposeRequest(world, rows);
  await world.tell(founder, decideOn(planId));
  const said = (document: PlanDocument, more: JsonObject = {}) =>
    world.tell(founder, {
      kind: "patch-plan",
      planId,
      document,
      documentSha256: hashOf(document),
      reason: "Another way.",
      confirmation: "T-1",
      ...more,
    } as never); // fields that a case changes on purpose
  return {
    world,
    founder,
    planId,
    requestId,
    said,
    patch: (next: readonly JsonObject[], more: JsonObject = {}) => said(documentOf(next), more),
  };
}

const states = async (world: CoreWorld) =>
  Object.fromEntries(
    (await look(world)).tasks.map((task) => [task.key, task.waitingOn > 0 ? `${task.state} ${task.waitingOn}` : task.state]),
  );
const taskOf = async (world: CoreWorld, key: string) => {
  const found = (await look(world)).tasks.find((task) => task.key === key);
  if (found === undefined) throw new Error(`no task ${key}`);
  return found;
};
const attemptOn = async (world: CoreWorld, key: string) => (await taskOf(world, key)).attemptId ?? "";

/** Ends the present attempt of a task in one of two ways. */
async function end(world: CoreWorld, key: string, how: "passed" | "failed"): Promise<void> {
  const attemptId = await attemptOn(world, key);
  await world.tell(worker, { kind: "start-attempt", attemptId, epoch: 1, executorId: "w" });
  const output = { name: `${key}.md`, sha256: asId<"sha256">("0".repeat(64)), mediaType: "text/markdown", bytes: 1 };
  const check = { criterionId: "a1", kind: "output", verdict: "pass", detail: "", evidence: { bytes: 1 } } as const;
  const submitted = { kind: "submitted", outputs: [output], interpretation: "", notes: [], pointAnswers: {}, checks: [check] } as const;
  const failed = { kind: "failed", code: "test.failed", message: "No.", retryable: false } as const;
  await world.tell(worker, { kind: "finish-attempt", attemptId, epoch: 1, costMicro: 0, outcome: how === "passed" ? submitted : failed });
}

/** Waits for a person to claim it, so it stays ready. */
const plain = (task: string, ...dependencies: readonly string[]) => ({ task, dependencies, review: "checks", persona: "contributor" });
/** Given to a program as soon as it may begin. */
const quick = (task: string, ...dependencies: readonly string[]) => ({ task, dependencies, review: "checks" });

test("what has not begun is changed, removed, put behind something else and set free again", async () => {
  const { world, patch } = await running([plain("a"), plain("b"), plain("c", "a"), plain("d", "a")]);
  expect(await states(world)).toEqual({ a: "ready", b: "ready", c: "waiting 1", d: "waiting 1" });
  // b gets new words, c is free, d goes, e comes at once and f waits; a waits for e and is therefore not ready any more.
  const next = [plain("a", "e"), { ...plain("b"), title: "Other words" }, plain("c"), plain("e"), plain("f", "e", "b")];
  expect(await patch(next)).toMatchObject({ kind: "ok", answer: { added: ["e", "f"], changed: ["a", "b", "c"], removed: ["d"] } });
  expect(await states(world)).toEqual({ a: "waiting 1", b: "ready", c: "ready", d: "cancelled 1", e: "ready", f: "waiting 2" });
  expect((await taskOf(world, "b")).title).toBe("Other words");
  expect(world.findings()).toEqual([]);
});

test("what is done counts as done for what is added behind it, and what runs stays as it is", async () => {
  const { world, patch } = await running([quick("a"), quick("b")]);
  await end(world, "a", "passed");
  await world.tell(worker, { kind: "start-attempt", attemptId: await attemptOn(world, "b"), epoch: 1, executorId: "w" });
  expect(await patch([quick("a"), { ...quick("b"), title: "Other words" }])).toMatchObject({ code: "plan.work-begun" });
  expect(await patch([quick("a")])).toMatchObject({ code: "plan.work-begun" });
  expect(await patch([quick("a"), quick("b"), plain("c", "a"), plain("d", "a", "b")])).toMatchObject({ kind: "ok" });
  expect(await states(world)).toMatchObject({ a: "passed", b: "running", c: "ready", d: "waiting 1" });
  expect(world.findings()).toEqual([]);
});

test("nothing is left waiting for a task that was given up, and a patch sets free what waited for it", async () => {
  const { world, founder, patch } = await running([quick("a"), plain("b", "a"), plain("c")]);
  await end(world, "a", "failed");
  const item = (await look(world)).items.find((one) => one.ruleId === "execution.attempt-failed");
  const giveUp = {
    kind: "answer-item",
    itemId: item?.id ?? "",
    choice: "fail",
    value: null,
    reason: "It cannot be done.",
    inputs: [],
  } as const;
  await world.tell(founder, { ...giveUp, confirmation: null });
  expect([(await taskOf(world, "a")).state, (await taskOf(world, "b")).state]).toEqual(["failed", "blocked"]);
  expect(await patch([quick("a"), plain("b", "a"), plain("c"), plain("d", "a")])).toMatchObject({ code: "plan.dependency-failed" });
  expect(await patch([plain("b"), plain("c")])).toMatchObject({ kind: "ok" });
  expect(await states(world)).toMatchObject({ a: "cancelled", b: "ready", c: "ready" });
  expect((await look(world)).items.filter((item) => item.state === "open")).toEqual([]);
  expect(world.findings()).toEqual([]);
});

test("whom nobody could do is asked for again only where it was changed, and people stop being asked about what is gone", async () => {
  const nobody = { task: "x", dependencies: [], review: "checks", persona: "nobody" };
  const { world, patch } = await running([nobody, plain("b")]);
  expect(await states(world)).toEqual({ x: "blocked", b: "ready" });
  const asked = async () => (await look(world)).items.filter((item) => item.state === "open").map((item) => item.subjectId);
  const x = (await taskOf(world, "x")).id;
  expect(await patch([nobody, plain("b"), plain("c")])).toMatchObject({ kind: "ok" });
  expect([(await taskOf(world, "x")).state, await asked()]).toEqual(["blocked", [x]]);
  expect(await patch([{ ...nobody, persona: "contributor" }, plain("b"), plain("c")])).toMatchObject({
    kind: "ok",
    answer: { changed: ["x"] },
  });
  expect([(await taskOf(world, "x")).state, await asked()]).toEqual(["ready", []]);
  expect(world.findings()).toEqual([]);
});

test("a patch is of a plan that runs, over what its author read, with a reason, sound, and with keys of its own", async () => {
  const { world, founder, requestId, patch } = await running([plain("a"), plain("b")]);
  expect(await patch([plain("a")], { seenSha256: "other" })).toMatchObject({ kind: "refused", failure: "conflict" });
  expect(await patch([plain("a")], { reason: " " })).toMatchObject({ code: "plan.reason-missing" });
  expect(await patch([plain("a", "a"), plain("b")])).toMatchObject({ kind: "refused", failure: "invalid" });
  expect(await patch([plain("a")])).toMatchObject({ kind: "ok", answer: { removed: ["b"] } });
  expect(await patch([plain("a"), plain("b")])).toMatchObject({ code: "plan.key-used" });
  await world.tell(founder, { kind: "cancel-request", requestId, reason: "So." });
  expect(await patch([plain("a"), plain("c")])).toMatchObject({ code: "plan.not-active" });
});
