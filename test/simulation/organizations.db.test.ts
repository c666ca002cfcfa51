import { afterAll, beforeAll, expect, test } from "vitest";
import { readPostgres } from "../../verify/read-postgres.ts";
import { verify } from "../../verify/verify.ts";
import type { ClientEntry, ReceiverEntry } from "../../verify/world.ts";
import { openRealServer, type RealServer } from "./real-organization.ts";

const seeds = process.env["XVC_TEST_VOLUME"] === "torture" ? 500 : 25;
/** Organizations that are played at the same time on one server. */
const atOnce = 13;

let server: RealServer;

beforeAll(async () => {
  server = await openRealServer();
});

afterAll(() => server.close());

test("organizations of the simulation come to rest in a sound world on real Postgres with the real durable engine", async () => {
  const clientLogs: ClientEntry[] = [];
  const receivers: ReceiverEntry[] = [];
  const errors: unknown[] = [];
  for (let first = 0; first < seeds; first += atOnce) {
    const played = await Promise.all(
      Array.from({ length: Math.min(atOnce, seeds - first) }, (_, place) => server.play(20_000 + first + place)),
    );
    for (const one of played) {
      clientLogs.push(...one.people.log);
      receivers.push(...one.receivers);
      errors.push(...one.errors);
    }
  }
  const world = await readPostgres(server.database.urls.verify, true);
  console.log(
    `${String(seeds)} organizations on Postgres: ${String(world.events.length)} facts, ${String(world.commands.length)} commands, ${String(receivers.length)} calls outside`,
  );
  expect(errors).toEqual([]);
  expect(
    verify(world, { receivers, clientLogs }).map((finding) => `${finding.invariant} ${finding.message} ${finding.rows.join(" ")}`),
  ).toEqual([]);
  expect(world.events.length).toBeGreaterThan(seeds * 40);
});
