import { expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, look, person, worker } from "../../../test/support/core-world.ts";
import { asId } from "../shared/ids.ts";

const output = (name: string) => ({ name, sha256: asId<"sha256">("0".repeat(64)), mediaType: "text/markdown", bytes: 1 });

/** A request of one task for a person, with a lead and a contributor beside the founder. */
async function offered(more: object = {}) {
  const active = await activeRequest(
    [{ task: "a", persona: "contributor", review: "checks", outputs: ["a.md"], ...more }],
    [["lead"], ["contributor"]],
  );
  const { world } = active;
  const [, lead = "", contributor = ""] = world.people;
  const [task] = (await look(world)).tasks;
  const taskId = task?.id ?? "";
  const state = async () => (await look(world)).tasks[0]?.state;
  return { ...active, lead: person(lead), contributor: person(contributor), taskId, state };
}
const claim = (taskId: string) => ({ kind: "claim-task", taskId }) as const;
const reassign = (taskId: string, toPersona: string | null = null, reason = "They are ill.") =>
  ({ kind: "reassign-task", taskId, toPersona, reason }) as const;
const handIn = (taskId: string, fields: object = {}) =>
  ({ kind: "submit-task", taskId, outputs: [output("a.md")], pointAnswers: {}, note: "", minutesSpent: 5, ...fields }) as const;
const openAttempt = async (world: CoreWorld) => (await look(world)).attempts.find((attempt) => attempt.endedAtMs === null);

test("a task of a person is claimed once, kept and given back by who holds it", async () => {
  const { world, taskId, lead, contributor, state } = await offered();
  for (const kind of ["release-task", "submit-task"] as const)
    expect(await world.tell(contributor, kind === "release-task" ? { kind, taskId } : handIn(taskId))).toMatchObject({
      code: "task.not-claimed",
    });
  expect(await world.tell(contributor, claim(taskId))).toMatchObject({ kind: "ok", answer: { state: "running" } });
  expect(await world.tell(lead, claim(taskId))).toMatchObject({ code: "task.not-claimable" });
  for (const command of [{ kind: "release-task", taskId } as const, handIn(taskId)])
    expect(await world.tell(lead, command)).toMatchObject({ code: "task.not-yours" });
  expect(await world.tell(contributor, { kind: "release-task", taskId })).toMatchObject({ kind: "ok", answer: { state: "ready" } });
  expect(await state()).toBe("ready");
  expect(world.findings()).toEqual([]);
});

test("nobody claims what is paused, done by a program or was taken away from them while others are there", async () => {
  const { world, founder, requestId, taskId, lead, contributor } = await offered();
  await world.tell(founder, { kind: "pause-request", requestId, reason: "So." });
  expect(await world.tell(contributor, claim(taskId))).toMatchObject({ code: "request.not-active" });
  await world.tell(founder, { kind: "resume-request", requestId, reason: "So." });
  await world.tell(contributor, claim(taskId));
  expect(await world.tell(lead, reassign(taskId))).toMatchObject({ kind: "ok", answer: { state: "ready" } });
  expect(await world.tell(contributor, claim(taskId))).toMatchObject({ code: "task.excluded" });
  expect(await world.tell(lead, reassign(taskId, "writer"))).toMatchObject({ kind: "ok", answer: { state: "assigned" } });
  expect(await world.tell(lead, claim(taskId))).toMatchObject({ code: "task.not-claimable" });
  expect(world.findings()).toEqual([]);
});

test("a task is moved by those who lead, with a reason, to a persona that there is, while it can be", async () => {
  const { world, founder, requestId, taskId, lead, contributor, state } = await offered();
  expect(await world.tell(contributor, reassign(taskId))).toMatchObject({ kind: "refused", failure: "forbidden" });
  expect(await world.tell(lead, reassign(taskId, null, " "))).toMatchObject({ code: "task.reason-missing" });
  expect(await world.tell(lead, reassign(taskId, "nobody"))).toMatchObject({ code: "persona.not-found" });
  // In a pause it is freed, and offered when work goes on.
  await world.tell(founder, { kind: "pause-request", requestId, reason: "So." });
  expect(await world.tell(lead, reassign(taskId, "writer"))).toMatchObject({ kind: "ok" });
  expect([await state(), (await look(world)).tasks[0]?.executor]).toEqual(["ready", null]);
  await world.tell(founder, { kind: "resume-request", requestId, reason: "So." });
  expect(await state()).toBe("assigned");
  await world.tell(founder, { kind: "cancel-request", requestId, reason: "So." });
  expect(await world.tell(lead, reassign(taskId))).toMatchObject({ kind: "refused", failure: "conflict" });
  expect(world.findings()).toEqual([]);
});

test("what is handed in is whole, once, and with a time that can be", async () => {
  const { world, taskId, contributor } = await offered();
  await world.tell(contributor, claim(taskId));
  const wrong: readonly [object, string][] = [
    [{ outputs: [] }, "task.output-missing"],
    [{ outputs: [output("a.md"), output("a.md")] }, "task.bad-outputs"],
    [{ minutesSpent: -1 }, "task.bad-time"],
    [{ minutesSpent: Number.POSITIVE_INFINITY }, "task.bad-time"],
  ];
  for (const [fields, code] of wrong)
    expect([fields, await world.tell(contributor, handIn(taskId, fields))]).toMatchObject([fields, { code }]);
  expect(await world.tell(contributor, handIn(taskId, { note: "Mind the gap." }))).toMatchObject({ kind: "ok" });
  expect(await world.tell(contributor, handIn(taskId))).toMatchObject({ code: "task.already-submitted" });
  expect((await openAttempt(world))?.notes).toEqual(["Mind the gap."]);
  const attempt = await openAttempt(world);
  // What was handed in is not given back by a claim that lapses.
  expect(await world.tell(worker, { kind: "lapse-claim", taskId, attemptId: attempt?.id ?? "" } as never)).toMatchObject({
    kind: "refused",
  });
});
