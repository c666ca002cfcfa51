import { expect, test } from "vitest";
import { look } from "../../../test/support/core-world.ts";
import { openGateWorld, paidTool } from "../../../test/support/gate-world.ts";
import { budgetKind } from "../../core/gate/budget.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { toolCallKind } from "../../core/gate/tool-call.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { GatedTool } from "../ports/gated-tool.ts";

const letter = { to: "team@example.org", text: "Ten o'clock." };
const search = paidTool({ name: "search", deliveryClass: "pure", effectKind: "read", origin: "built-in", costMicro: 900_000 });
const mail = paidTool({ costMicro: 900_000 });

const toolOf = (declaration: GatedTool["declaration"], sent: JsonObject[], run?: () => Promise<JsonObject>): GatedTool => ({
  declaration,
  run: async ({ arguments: given }) => {
    sent.push(given);
    return run === undefined ? { receipt: sent.length } : run();
  },
});

test("a call takes its cost, its time and its run out of the budgets when it begins, and gives back what it did not use", async () => {
  const sent: JsonObject[] = [];
  const { world, requestId, call } = await openGateWorld([toolOf(search, sent)]);
  expect(await call("search", letter)).toMatchObject({ kind: "done", costMicro: 900_000 });
  const [reservation] = await world.rows(reservationKind);
  expect(reservation).toMatchObject({
    state: "settled",
    basis: "told",
    requestId,
    provider: "search",
    personaKey: "writer",
    reserved: { costMicro: 900_000, tokens: 0, runs: 1, wallMs: 20_000 },
    used: { costMicro: 900_000, tokens: 0, runs: 1, wallMs: 7 },
  });
  expect(await world.rows(toolCallKind)).toMatchObject([{ state: "used", reservationId: reservation?.id }]);
  expect(await call("search", { ...letter, text: "Two" })).toMatchObject({ kind: "done" });
  expect((await world.rows(reservationKind)).map(({ reserved }) => reserved.runs).toSorted((left, right) => left - right)).toEqual([0, 1]);
  // The third is over the 2 of a request: an answer, written down, and nothing ran.
  expect(await call("search", { ...letter, text: "Three" })).toMatchObject({ kind: "refused", code: "budget.exhausted" });
  expect(sent).toHaveLength(2);
  const refused = (await world.rows(toolCallKind)).find(({ state }) => state === "refused");
  expect(refused).toMatchObject({ refusedCode: "budget.exhausted", reservationId: null });
  expect(refused?.steps.at(-1)).toMatchObject({ step: "budget", verdict: "refuse" });
  expect(await world.rows(reservationKind)).toHaveLength(2);
  expect(world.findings()).toEqual([]);
});

test("an effect is approved, paid and started in one commit; without room it does not start and the yes is kept", async () => {
  const sent: JsonObject[] = [];
  const { world, founder, call, agreeTo, answer } = await openGateWorld([toolOf(mail, sent)]);
  await agreeTo(mail);
  expect(await call("mail", letter)).toMatchObject({ kind: "asked" });
  expect(await world.rows(reservationKind)).toEqual([]);
  await answer("approve");
  const caps = { costMicro: 500_000, tokens: null, runs: null, wallMs: null };
  const each = { kind: "set-budget", scope: "request", scopeId: "", period: "total", windowMs: null, thresholds: null } as const;
  await world.tell(founder, { ...each, caps, reason: "Tight." });
  expect(await call("mail", letter)).toMatchObject({ kind: "refused", code: "budget.exhausted" });
  expect((await look(world)).effects).toMatchObject([{ state: "intended", starts: 0 }]);
  expect(await world.rows(toolCallKind)).toMatchObject([{ state: "approved", reservationId: null }]);
  expect(sent).toEqual([]);
  await world.tell(founder, { ...each, caps: { ...caps, costMicro: 2_000_000 }, reason: "Enough." });
  expect(await call("mail", letter)).toMatchObject({ kind: "done" });
  expect((await look(world)).effects).toMatchObject([{ state: "done", starts: 1 }]);
  expect(await world.rows(reservationKind)).toMatchObject([{ state: "settled", basis: "told", used: { costMicro: 900_000 } }]);
  // The same call again finds its result and pays nothing.
  expect(await call("mail", letter)).toMatchObject({ kind: "done" });
  expect(await world.rows(reservationKind)).toHaveLength(1);
  expect(world.findings()).toEqual([]);
});

test("where nobody knows what became of a call the whole reserve is booked; a no is booked with its time", async () => {
  const lost = paidTool({ name: "lost", costMicro: 300_000 });
  const denied = paidTool({ name: "denied", costMicro: 200_000 });
  const { world, call, agreeTo, answer } = await openGateWorld([
    toolOf(lost, [], () => Promise.reject(new Failure("unavailable", "net.lost", { message: "Lost." }))),
    toolOf(denied, [], () => Promise.reject(new Failure("invalid", "net.denied", { message: "No." }))),
  ]);
  for (const tool of [lost, denied]) {
    await agreeTo(tool);
    await call(tool.name, letter);
  }
  await answer("approve");
  expect(await call("lost", letter)).toMatchObject({ kind: "refused", code: "effect.unknown" });
  expect(await call("denied", letter)).toMatchObject({ kind: "refused", code: "effect.refused" });
  const found = new Map((await world.rows(reservationKind)).map((row) => [row.provider, row]));
  expect(found.get("lost")).toMatchObject({ basis: "unknown", used: { costMicro: 300_000, wallMs: 20_000 } });
  expect(found.get("denied")).toMatchObject({ basis: "told", used: { costMicro: 200_000, wallMs: 14 } });
  expect(world.findings()).toEqual([]);
});

test("both halves of a race: of two calls with room for one, one begins, whichever comes first", async () => {
  for (const order of [
    ["first", "second"],
    ["second", "first"],
  ]) {
    const sent: JsonObject[] = [];
    const big = paidTool({ ...search, costMicro: 1_200_000 });
    const { world, call } = await openGateWorld([toolOf(big, sent)]);
    const answers = await Promise.all(order.map((text) => call("search", { ...letter, text })));
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["done", "refused"]);
    expect(sent).toHaveLength(1);
    const budgets = (await world.rows(budgetKind)).filter(({ scope }) => scope === "request");
    expect(budgets).toMatchObject([{ booked: { costMicro: 1_200_000 }, reserved: { costMicro: 0 } }]);
    expect(world.findings()).toEqual([]);
  }
});

test("a rehearsal reserves nothing", async () => {
  const sent: JsonObject[] = [];
  const { world, call } = await openGateWorld([toolOf(search, sent)], "rehearsal");
  expect(await call("search", letter)).toMatchObject({ kind: "done" });
  expect(await world.rows(reservationKind)).toEqual([]);
  expect(await world.rows(toolCallKind)).toMatchObject([{ state: "used", reservationId: null }]);
});
