import { expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { look, worker } from "../../../test/support/core-world.ts";
import { decideTry } from "../../core/execution/wait-for-budget.ts";
import { budgetKind, noCaps } from "../../core/gate/budget.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { expiredSpend, spendReleases } from "./spend-releases.ts";

async function runningAttempt() {
  const { world, founder, requestId } = await activeRequest([{ task: "a", title: "A" }]);
  const [attempt] = (await look(world)).attempts;
  if (attempt === undefined) throw new Error("nothing was given out");
  await world.tell(worker, { kind: "start-attempt", attemptId: attempt.id, epoch: 1, executorId: "e" });
  const subject = { requestId, taskId: attempt.taskId, attemptId: attempt.id, personaKey: "writer", provider: "one", model: "m" };
  const reserve = (costMicro: number) =>
    world.tell(worker, { kind: "reserve-spend", ...subject, demand: { costMicro, tokens: 10, runs: 1, wallMs: 1_000 } });
  const releases = async () => {
    const found = await world.engine.read(world.scope, (reader) => spendReleases(reader, world.nowMs()));
    return Promise.all(found.map(({ command }) => world.tell(worker, command)));
  };
  const budgetOf = async (scope: string) => (await world.rows(budgetKind)).find((row) => row.scope === scope && row.scopeId !== "");
  const asked = async () => (await look(world)).items.filter(({ subjectKind }) => subjectKind === "budget");
  return { world, founder, requestId, asked, attemptId: attempt.id, reserve, releases, budgetOf };
}

test("work that cannot reserve waits, asks once, and goes on when the cap is raised", async () => {
  const { world, founder, asked, attemptId, reserve, releases, budgetOf } = await runningAttempt();
  const first = await reserve(1_500_000);
  const id = first.kind === "ok" ? (first.answer["reservationId"] as string) : first.code;
  expect(await reserve(600_000)).toMatchObject({ code: "budget.exhausted" });
  const budget = await budgetOf("request");
  if (budget === undefined) throw new Error("no budget");
  await world.tell(worker, { kind: "settle-spend", reservationId: id, used: "unknown" });
  const wait = { kind: "wait-for-budget", attemptId, epoch: 1, budgetId: budget.id, measure: "costMicro", needed: 600_000 } as const;
  expect(await world.tell(worker, wait)).toMatchObject({ answer: { state: "paused" } });
  expect(await releases()).toEqual([]);
  const items = await asked();
  expect(items).toMatchObject([{ ruleId: "gate.budget-request", roles: ["administrator", "director"], subjectKind: "budget" }]);
  const answer = (value: string) =>
    world.tell(founder, {
      kind: "answer-item",
      itemId: items[0]?.id ?? "",
      choice: "raise",
      value,
      reason: "It is worth it",
      inputs: [],
      confirmation: null,
    });
  expect(await answer("1.99")).toMatchObject({ code: "budget.not-raised" });
  expect(await answer("2.10")).toMatchObject({ kind: "ok" });
  expect(await releases()).toMatchObject([{ answer: { state: "leased" } }]);
  const { attempts } = await look(world);
  expect(attempts).toMatchObject([{ state: "paused", epoch: 2, waitsFor: null }]);
  expect(await world.tell(worker, { kind: "start-attempt", attemptId, epoch: 2, executorId: "e" })).toMatchObject({
    answer: { state: "running" },
  });
  expect(await reserve(600_000)).toMatchObject({ kind: "ok" });
  expect(world.findings()).toEqual([]);
});

test("nobody is let go for whom there is no room, and a withdrawn question follows the last who waited", async () => {
  const { world, founder, asked, attemptId, reserve, releases } = await runningAttempt();
  await reserve(2_000_000);
  const day = { kind: "set-budget", scope: "organization", scopeId: "", period: "day", windowMs: null, thresholds: null } as const;
  await world.tell(founder, { ...day, caps: { ...noCaps, costMicro: 2_000_000 }, reason: "Little" });
  const organization = (await world.rows(budgetKind)).find(({ scope }) => scope === "organization");
  const wait = { kind: "wait-for-budget", attemptId, epoch: 1, budgetId: organization?.id ?? "", measure: "costMicro", needed: 1 } as const;
  await world.tell(worker, wait);
  expect(await releases()).toEqual([]);
  world.advance(86_400_000);
  expect(await releases()).toMatchObject([{ answer: { state: "leased" } }]);
  expect(await asked()).toMatchObject([{ state: "withdrawn" }]);
  expect(world.findings()).toEqual([]);
});

test("a wait is taken from whoever holds the work, and goes on at once where there is room", async () => {
  const { world, founder, requestId, asked, attemptId, reserve, releases, budgetOf } = await runningAttempt();
  await reserve(1_900_000);
  const budgetId = (await budgetOf("request"))?.id ?? "";
  const wait = { kind: "wait-for-budget", attemptId, epoch: 1, budgetId, measure: "costMicro", needed: 200_000 } as const;
  expect(await world.tell(worker, { kind: "try-budget", attemptId })).toMatchObject({ code: "budget.not-found" });
  expect(await world.tell(worker, { ...wait, epoch: 7 })).toMatchObject({ code: "attempt.stale-epoch" });
  expect(await world.tell(worker, { ...wait, needed: 100_000 })).toMatchObject({ kind: "ok" });
  expect((await look(world)).attempts).toMatchObject([{ state: "running", epoch: 2 }]);
  expect(await world.tell(worker, { ...wait, epoch: 2 })).toMatchObject({ answer: { state: "paused" } });
  expect(await world.tell(worker, { ...wait, epoch: 2 })).toMatchObject({ code: "attempt.not-running" });
  await world.tell(founder, { kind: "pause-request", requestId, reason: "" });
  const more = { scope: "request", scopeId: requestId, period: "total", windowMs: null, caps: noCaps, thresholds: null } as const;
  await world.tell(founder, { kind: "set-budget", ...more, reason: "Worth it" });
  expect(await releases()).toEqual([]);
  expect(await world.tell(worker, { kind: "try-budget", attemptId })).toMatchObject({ answer: { state: "paused" } });
  await world.tell(founder, { kind: "resume-request", requestId, reason: "" });
  expect(await releases()).toMatchObject([{ answer: { state: "leased" } }]);
  expect(await asked()).toMatchObject([{ state: "withdrawn" }]);
  expect(world.findings()).toEqual([]);
  const [attempt] = (await look(world)).attempts;
  const bare = { attempt } as unknown as Parameters<typeof decideTry>[0]; // it waits for nothing, so nothing else is looked at
  const context = { actor: worker, nowMs: 0, newId: () => "" };
  for (const waitsFor of [null, undefined])
    expect(
      decideTry(
        { ...bare, attempt: { ...bare.attempt, state: "paused", ...(waitsFor === null ? { waitsFor } : {}) } },
        { kind: "try-budget", attemptId },
        context,
      ),
    ).toMatchObject({
      code: "attempt.not-held",
    });
  expect(decideTry(bare, { kind: "try-budget", attemptId }, context).kind).toBe("refused");
});

test("what a dead worker had reserved is booked once its time is over", async () => {
  const { world, reserve } = await runningAttempt();
  await reserve(700_000);
  const expired = () => world.engine.read(world.scope, (reader) => expiredSpend(reader, world.nowMs()));
  expect(await expired()).toEqual([]);
  world.advance(3_600_000);
  for (const { command } of await expired()) await world.tell(worker, command);
  expect(await world.rows(reservationKind)).toMatchObject([{ state: "settled", basis: "expired", used: { costMicro: 700_000 } }]);
  expect(await expired()).toEqual([]);
  expect(world.findings()).toEqual([]);
});
