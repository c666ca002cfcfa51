import { expect, test } from "vitest";
import { lookupOf } from "../lookup.ts";
import type { EventRow, StateRow, World } from "../world.ts";
import { checkLiveness } from "./liveness.ts";
import { checkOutbox } from "./outbox.ts";

const organizationId = "o";
const row = (kind: string, id: string, fields: StateRow["fields"]): StateRow => ({
  organizationId,
  projectId: "p",
  kind,
  id,
  version: 1,
  eventCount: 0,
  fields,
});
const event = (kind: string, number: number): EventRow => ({
  organizationId,
  projectId: "p",
  transaction: String(number),
  position: number,
  subjectKind: "notice",
  subjectId: "n",
  number,
  kind,
  actorKind: "system",
  actorId: "notices",
  cause: "",
  atMs: 0,
  recordedAtMs: 0,
  data: {},
});
const world = (rows: readonly StateRow[], events: readonly string[], jobs: readonly string[] = []): World => ({
  format: "xvc.world/1",
  readAtMs: 0,
  settled: true,
  rows,
  history: [],
  events: events.map((kind, place) => event(kind, place + 1)),
  commands: [],
  engine: jobs.map((id) => ({ id, status: "queued", executorId: null })),
});
const notice = (state: string, more: StateRow["fields"] = {}): StateRow => row("notice", "n", { state, epoch: 1, channelId: "c", ...more });

test.each([
  ["sent once", "sent", ["notice.filed", "notice.sent"], 0],
  ["sent again because a person said so", "sent", ["notice.filed", "notice.sent", "notice.replayed", "notice.sent"], 0],
  ["handed over before its receipt", "sent", ["notice.filed", "lease.lost", "notice.sent"], 0],
  ["given up", "failed", ["notice.filed", "notice.failed"], 0],
  ["sent after its receipt", "sent", ["notice.filed", "notice.sent", "notice.sent"], 1],
  ["handed over after its receipt", "pending", ["notice.filed", "notice.sent", "lease.lost"], 1],
  ["received and not sent", "failed", ["notice.filed", "notice.sent"], 1],
  ["sent without a receipt", "sent", ["notice.filed"], 1],
])("looks at a message that was %s", (_name, state, events, count) => {
  expect(checkOutbox(lookupOf(world([notice(state)], events))).map(({ invariant }) => invariant)).toHaveLength(count);
});

test("a message on its way has a job, a clock of its own, or one of its channel", () => {
  const clock = (subjectId: string): StateRow => row("clock", "k", { state: "set", subjectId, dueAtMs: 0 });
  const problems = (rows: readonly StateRow[], jobs: readonly string[] = []) => checkLiveness(lookupOf(world(rows, [], jobs))).length;
  expect(problems([notice("pending")], ["notify:n:1"])).toBe(0);
  expect(problems([notice("pending"), clock("n")])).toBe(0);
  expect(problems([notice("pending", { heldUntilMs: 1 }), clock("c")])).toBe(0);
  expect(problems([notice("sent")])).toBe(0);
  expect(problems([notice("pending")], ["notify:n:2"])).toBe(1);
  expect(problems([notice("pending"), clock("c")])).toBe(1);
});
