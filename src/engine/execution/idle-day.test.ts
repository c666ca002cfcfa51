import { expect, test } from "vitest";
import { decideOn, proposeRequest } from "../../../test/support/active-request.ts";
import { look, openCoreWorld, person, personaOf, worker } from "../../../test/support/core-world.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { turnKind } from "../../core/execution/turn.ts";
import { sweep } from "../oversight/sweep.ts";

const waiting = 1_000;

test("a day on which a person is waited for asks no model and spends nothing: 100 personas, 1,000 waiting tasks", async () => {
  const world = await openCoreWorld(undefined, "real", ["rules", "human", "model"]);
  const founder = person(world.people[0] ?? "");
  for (let at = 0; at < 100; at++)
    await world.tell(worker, { kind: "add-persona", persona: personaOf(`author_${String(at)}`, { executors: ["model", "human"] }) });
  const windows = { requestsPerMinute: null, tokensPerMinute: null };
  const house = {
    kind: "add-provider",
    name: "house",
    vendor: "openai-compatible",
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["m"],
  } as const;
  await world.tell(founder, { ...house, local: true, windows, keyFrom: "none" });
  const after = Array.from({ length: waiting }, (_, at) => ({
    task: `t${String(at)}`,
    title: "T",
    persona: `author_${String(at % 100)}`,
    dependencies: ["first"],
  }));
  const { planId } = await proposeRequest(world, [{ task: "first", title: "First", persona: "contributor", executor: "human" }, ...after]);
  await world.tell(founder, decideOn(planId));
  expect((await look(world)).tasks.filter(({ state }) => state === "waiting")).toHaveLength(waiting);
  const jobs = world.jobs.size;
  const durable = { lostJobs: async () => [], cancel: async () => {}, executorId: "e", launch: async () => {}, shutdown: async () => {} };
  const store = { ...world.engine, nowMs: async () => world.nowMs() } as never; // the sweep reads and asks the time, nothing else
  const clock = { nowMs: () => world.nowMs() } as never; // the same
  for (let hour = 0; hour < 24; hour++) {
    world.advance(3_600_000);
    await sweep({
      engine: world.engine,
      store,
      clock,
      durable,
      crash: () => {},
      organizationId: world.scope.organizationId,
      onRefused: () => {},
    });
  }
  // A model is asked by a running attempt alone: no job was given out, no turn begun, nothing reserved.
  expect(world.jobs.size).toBe(jobs);
  expect(await world.rows(turnKind)).toEqual([]);
  expect(await world.rows(reservationKind)).toEqual([]);
}, 60_000);
