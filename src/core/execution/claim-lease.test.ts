import { expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { look, person } from "../../../test/support/core-world.ts";
import { clockKind } from "../oversight/clock.ts";
import { maxLeaseMs, minLeaseMs } from "./claim-lease.ts";

const leaseMs = 600_000;
const lapsing = { kind: "system", id: "claims" } as const;

async function offered() {
  const tasks = [{ task: "a", executor: "human", review: "checks" }];
  const { world } = await activeRequest(tasks, [["administrator", "director"], ["contributor"], ["contributor"]]);
  const [, doer, other] = world.people.map((id) => person(id));
  if (doer === undefined || other === undefined) throw new Error("There are too few people.");
  const taskId = (await look(world)).tasks[0]?.id ?? "";
  const clocks = async () => (await world.rows(clockKind)).filter((clock) => clock.state === "set");
  const attempt = async () => (await look(world)).attempts.at(-1);
  const claim = async (lease?: number) => {
    const told = await world.tell(doer, { kind: "claim-task", taskId, ...(lease === undefined ? {} : { leaseMs: lease }) });
    return { told, id: (await attempt())?.id ?? "" };
  };
  return { world, doer, other, taskId, clocks, attempt, claim };
}

test("a claim with a time sets one clock, which giving back and handing in withdraw", async () => {
  const { world, doer, taskId, clocks, claim } = await offered();
  const first = await claim(leaseMs);
  expect(first.told).toMatchObject({ kind: "ok", answer: { state: "running", attemptId: first.id } });
  expect(await clocks()).toMatchObject([{ subjectId: first.id, command: { kind: "lapse-claim", taskId, attemptId: first.id } }]);
  await world.tell(doer, { kind: "release-task", taskId, attemptId: first.id });
  expect(await clocks()).toEqual([]);
  const second = await claim(leaseMs);
  await world.tell(doer, { kind: "submit-task", taskId, attemptId: second.id, outputs: [], pointAnswers: {}, note: "", minutesSpent: 0 });
  const handed = await world.tell(doer, {
    kind: "submit-task",
    taskId,
    attemptId: second.id,
    outputs: [{ name: "a.md", sha256: world.newId() as never, mediaType: "text/markdown", bytes: 1 }],
    pointAnswers: {},
    note: "",
    minutesSpent: 0,
  });
  expect(handed).toMatchObject({ kind: "ok" });
  expect(await clocks()).toEqual([]);
  // What is handed in needs no time any more, and is not given back by a clock that fires late.
  expect(await world.tell(doer, { kind: "heartbeat-task", taskId, attemptId: second.id, leaseMs })).toMatchObject({
    code: "task.already-submitted",
  });
  expect(await world.tell(lapsing, { kind: "lapse-claim", taskId, attemptId: second.id })).toMatchObject({ code: "task.claim-lost" });
  expect(world.findings()).toEqual([]);
});

test("without a time a claim is held as long as its holder likes", async () => {
  const { claim, clocks } = await offered();
  expect((await claim()).told).not.toHaveProperty("answer.leaseUntilMs");
  expect(await clocks()).toEqual([]);
});

test("a time is between a minute and a day, only the holder begins it anew, and each beginning is a clock of its own", async () => {
  const { world, doer, other, taskId, clocks, claim } = await offered();
  for (const bad of [0, minLeaseMs - 1, maxLeaseMs + 1, minLeaseMs + 0.5, Number.NaN])
    expect([bad, (await claim(bad)).told]).toMatchObject([bad, { code: "task.bad-lease" }]);
  const { id } = await claim(minLeaseMs);
  const [before] = await clocks();
  const beat = { kind: "heartbeat-task", taskId, attemptId: id } as const;
  expect(await world.tell(other, { ...beat, leaseMs })).toMatchObject({ code: "task.not-yours" });
  expect(await world.tell(doer, { ...beat, leaseMs: maxLeaseMs + 1 })).toMatchObject({ code: "task.bad-lease" });
  expect(await world.tell(doer, { ...beat, leaseMs: maxLeaseMs })).toMatchObject({ kind: "ok" });
  const [after, ...more] = await clocks();
  expect([more, after?.id === before?.id, (after?.dueAtMs ?? 0) > (before?.dueAtMs ?? 0)]).toEqual([[], false, true]);
});

test("a claim whose time ran out is given back once, and who lost it changes nothing of the next one", async () => {
  const { world, doer, taskId, attempt, claim } = await offered();
  const first = await claim(leaseMs);
  const lapse = { kind: "lapse-claim", taskId, attemptId: first.id } as const;
  expect(await world.tell(doer, lapse)).toMatchObject({ kind: "refused" });
  expect(await world.tell(lapsing, lapse)).toMatchObject({ answer: { state: "ready" } });
  expect(await attempt()).toMatchObject({ state: "cancelled" });
  const second = await claim(leaseMs);
  expect(await world.tell(lapsing, lapse)).toMatchObject({ code: "task.claim-lost" });
  expect(await world.tell(doer, { kind: "release-task", taskId, attemptId: first.id })).toMatchObject({ code: "task.claim-lost" });
  expect(await world.tell(doer, { kind: "heartbeat-task", taskId, attemptId: first.id, leaseMs })).toMatchObject({
    code: "task.claim-lost",
  });
  expect(await attempt()).toMatchObject({ id: second.id, state: "running" });
  expect(world.findings()).toEqual([]);
});
