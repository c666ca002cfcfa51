import { beforeEach, expect, test } from "vitest";
import { look, worker } from "../../../test/support/core-world.ts";
import { type Bench, done, inTurn, openBench, understood } from "../../../test/support/model-bench.ts";
import type { LiveWord } from "./live-words.ts";
import { turnsView } from "./turn-view.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

const founder = () => ({ kind: "person", id: bench.world.people[0] ?? "" }) as const;
const taskOf = async () => (await look(bench.world)).tasks[0];
const attemptOf = async () => (await look(bench.world)).attempts.toSorted((left, right) => right.number - left.number)[0];

/** Begins an attempt whose first call never ends by itself, and waits until it is on its way. */
async function inACall() {
  let begun = (): void => {};
  const asked = new Promise<void>((settle) => {
    begun = settle;
  });
  bench.says = () => {
    begun();
    return new Promise(() => {});
  };
  const run = bench.run().catch((error: unknown) => error);
  await asked;
  return { run, taskId: (await taskOf())?.id ?? "" };
}

test("work that a person pauses stops its call at the next look, reports nothing, and goes on from its turns when a person lets it", async () => {
  const { run, taskId } = await inACall();
  expect(await bench.world.tell(founder(), { kind: "pause-work", taskId, reason: "" })).toMatchObject({ answer: { state: "paused" } });
  // The executor looks once a second: two looks are more than enough.
  bench.tick();
  expect(await run).toMatchObject({ code: "attempt.stale-epoch" });
  const paused = await attemptOf();
  expect(paused).toMatchObject({ state: "paused", pausedById: founder().id });
  expect(bench.world.findings()).toEqual([]);
  const again = { kind: "start-attempt", attemptId: paused?.id ?? "", epoch: paused?.epoch ?? 0, executorId: "e" } as const;
  expect(await bench.world.tell(worker, again)).toMatchObject({ code: "work.paused" });
  expect(await bench.world.tell(worker, { kind: "continue-attempt", attemptId: paused?.id ?? "" })).toMatchObject({ kind: "refused" });
  await bench.world.tell(founder(), { kind: "resume-work", taskId, reason: "" });
  bench.says = inTurn(understood, done);
  expect(await bench.run()).toMatchObject({ kind: "submitted" });
  expect((await bench.turns()).map(({ state }) => state)).toEqual(["lost", "answered", "answered"]);
  expect(await bench.world.tell(founder(), { kind: "resume-work", taskId, reason: "" })).toMatchObject({ code: "work.not-running" });
});

test("a note is said in the next turn as a person's word, once, also when the work was about to be handed in", async () => {
  const taskId = (await taskOf())?.id ?? "";
  let said = 0;
  bench.says = async () => {
    said += 1;
    if (said === 1) return understood;
    if (said === 2) await bench.world.tell(founder(), { kind: "steer-work", taskId, note: "Keep the old title" });
    return done;
  };
  expect(await bench.run()).toMatchObject({ kind: "submitted" });
  expect(bench.asked).toHaveLength(3);
  const told = (await bench.turns()).map((turn) => turn.told ?? "");
  expect(told.map((text) => text.includes("A person who oversees this work says: Keep the old title"))).toEqual([false, false, true]);
  const view = await bench.world.engine.read(bench.world.scope, (reader) => turnsView(reader, taskId));
  expect(view.notes).toMatchObject([{ note: "Keep the old title" }]);
  expect(await bench.world.tell(founder(), { kind: "steer-work", taskId, note: " " })).toMatchObject({ code: "work.note-invalid" });
});

test("a person takes over: the call is closed, the task is theirs, and what the model reports is refused", async () => {
  const { run, taskId } = await inACall();
  const before = await attemptOf();
  expect(await bench.world.tell(founder(), { kind: "take-over-work", taskId, reason: "" })).toMatchObject({ code: "task.reason-missing" });
  expect(await bench.world.tell(founder(), { kind: "take-over-work", taskId, reason: "Faster by hand" })).toMatchObject({
    answer: { state: "running" },
  });
  bench.tick();
  expect(await run).toMatchObject({ code: "attempt.stale-epoch" });
  expect(await attemptOf()).toMatchObject({ executor: "human", state: "running", performer: founder() });
  const late = { kind: "finish-attempt", attemptId: before?.id ?? "", epoch: before?.epoch ?? 0, costMicro: 0 } as const;
  const failed = { kind: "failed", code: "x", message: "x", retryable: true } as const;
  expect(await bench.world.tell(worker, { ...late, outcome: failed })).toMatchObject({ kind: "refused" });
  expect(bench.world.findings()).toEqual([]);
});

test("a person stops it: the call is closed, it counts as no failed try, and somebody is asked who goes on", async () => {
  const { run, taskId } = await inACall();
  await bench.world.tell(founder(), { kind: "cancel-work", taskId, reason: "It goes the wrong way" });
  bench.tick();
  expect(await run).toMatchObject({ code: "attempt.stale-epoch" });
  const { tasks, items } = await look(bench.world);
  expect(tasks[0]).toMatchObject({ state: "blocked", blockedBy: "assignment", attemptCount: 0 });
  const item = items.find(({ ruleId }) => ruleId === "assignment.stopped");
  expect(item?.detail).toContain("It goes the wrong way");
  expect(bench.world.findings()).toEqual([]);
  await bench.world.tell(founder(), {
    kind: "answer-item",
    itemId: item?.id ?? "",
    choice: "human",
    value: null,
    reason: "",
    inputs: [],
    confirmation: null,
  });
  expect(await taskOf()).toMatchObject({ state: "ready", executor: "human" });
});

test("whoever looks hears what is said while it is said, bounded; the turn is the record", async () => {
  const heard: LiveWord[] = [];
  const leave = bench.words.listen((word) => heard.push(word));
  bench.says = inTurn(understood, `${"x".repeat(100_000)}`, done);
  expect(await bench.run()).toMatchObject({ kind: "submitted" });
  leave();
  const turns = await bench.turns();
  expect(heard[0]).toMatchObject({ turnId: turns[0]?.id, kind: "text", text: understood });
  const long = heard.filter(({ turnId }) => turnId === turns[1]?.id).reduce((sum, { text }) => sum + text.length, 0);
  expect(long).toBe(64_000);
});
