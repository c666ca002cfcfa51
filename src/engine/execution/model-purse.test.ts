import { expect, test } from "vitest";
import { openCoreWorld, worker } from "../../../test/support/core-world.ts";
import { budgetKind } from "../../core/gate/budget.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { asId } from "../../core/shared/ids.ts";
import { expiredSpend } from "../gate/spend-releases.ts";
import type { CrashPoint } from "../ports/crash-point.ts";
import { enginePurse } from "./model-purse.ts";

/* A process that dies at each boundary of the purse: what a call may have cost is never lost, and never counted twice. */

const points = ["spend.after-reserve", "spend.before-settle", "spend.after-settle"] as const satisfies readonly CrashPoint[];

test.each(points)("a process that dies at %s leaves one reservation, booked once", async (deadly) => {
  const world = await openCoreWorld();
  const { organizationId, projectIds } = world.scope;
  const parts = { engine: world.engine, ids: { next: () => world.newId() }, organizationId };
  const crash = (point: CrashPoint): void => {
    if (point === deadly) throw new Error("killed");
  };
  const purse = enginePurse({ ...parts, crash }, projectIds[0] ?? asId(""));
  const subject = { requestId: null, taskId: null, attemptId: null, personaKey: null, provider: "one", model: "m" };
  const demand = { ...subject, local: true, inputTokens: 60, outputTokens: 40, runs: 1, wallMs: 1_000 };
  const call = async (): Promise<void> => {
    const id = await purse.reserve(demand as unknown as Parameters<typeof purse.reserve>[0]); // a call that belongs to no attempt
    await purse.settle(id, { inputTokens: 20, outputTokens: 10, wallMs: 5 }, true);
  };
  await expect(call()).rejects.toThrow("killed");
  world.advance(3_600_000);
  const expired = await world.engine.read(world.scope, (reader) => expiredSpend(reader, world.nowMs()));
  for (const { command } of [...expired, ...expired]) await world.tell(worker, command);
  const isBooked = deadly === "spend.after-settle";
  expect(expired).toHaveLength(isBooked ? 0 : 1);
  const tokens = isBooked ? 30 : 100;
  expect(await world.rows(reservationKind)).toMatchObject([{ state: "settled", basis: isBooked ? "told" : "expired", used: { tokens } }]);
  expect(await world.rows(budgetKind)).toMatchObject([{ reserved: { tokens: 0 }, booked: { tokens, runs: 1 } }]);
  expect(world.findings()).toEqual([]);
});
