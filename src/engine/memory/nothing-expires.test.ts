import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { sprintKind } from "../../core/execution/sprint.ts";
import { entityKindOf } from "../../core/memory/entity.ts";
import { entityTypeKind } from "../../core/memory/entity-type.ts";
import { relationKind } from "../../core/memory/relation.ts";
import { tagKind } from "../../core/memory/tag.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { epicKind } from "../../core/requests/epic.ts";
import { sweep } from "../oversight/sweep.ts";
import type { Durable } from "../ports/durable.ts";

const dayMs = 86_400_000;
const nothingLost = { lostJobs: () => Promise.resolve([]) } as unknown as Durable; // the sweeper asks for nothing else

test("a year with the sweeper at work changes nothing that people keep: nothing expires, in whatever state it is", async () => {
  const world = await openHttpWorld();
  const post = async (path: string, body: object): Promise<void> => {
    const { status } = await world.asToken("POST", path, { body });
    expect([path, status < 300]).toEqual([path, true]);
  };
  await post("/api/entity-types", { key: "thing", title: "Thing", dataSchema: { type: "object" } });
  for (const key of ["kept", "held", "archived", "deleted"]) await post("/api/entities", { type: "thing", key, title: key, data: { key } });
  await post("/api/entities/thing%2Fheld/hold", { version: 1, reason: "x" });
  await post("/api/entities/thing%2Farchived/archive", { version: 1, reason: "x" });
  await post("/api/entities/thing%2Fdeleted/delete", { version: 1, reason: "x" });
  await post("/api/tags", { subject: { kind: "entity", id: "thing/kept" }, key: "tier", value: "gold" });
  const ends = { from: { kind: "entity", id: "thing/kept" }, role: "near", to: { kind: "entity", id: "thing/held" } };
  await post("/api/relations", ends);
  await post("/api/epics", { title: "Long", dueAtMs: world.clock.nowMs() + dayMs });
  const startsAtMs = world.clock.nowMs();
  await post("/api/sprints", { title: "Short", startsAtMs, endsAtMs: startsAtMs + dayMs, capacityHours: 1 });
  const { organizationId, projectId } = world;
  const read = () =>
    world.engine.read({ organizationId, projectIds: [projectId] }, (reader) =>
      Promise.all(
        [entityTypeKind, entityKindOf, tagKind, relationKind, epicKind, sprintKind, clockKind].map((kind) =>
          reader.find<{ readonly id: string; readonly version: number; readonly eventCount: number }>(kind, { limit: 100 }),
        ),
      ),
    );
  const before = await read();
  expect(before.map((rows) => rows.length)).toEqual([1, 4, 1, 1, 1, 1, 0]);
  const { engine, store, clock } = world;
  for (let day = 0; day < 366; day += 1) {
    clock.advance(dayMs);
    await sweep({ engine, store, clock, durable: nothingLost, crash: () => undefined, organizationId, onRefused: () => undefined });
  }
  expect(await read()).toEqual(before);
});
