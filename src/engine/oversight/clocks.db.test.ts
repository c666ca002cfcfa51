import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, openTestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore } from "../../../test/support/test-store.ts";
import { calendarReader } from "../../adapters/calendar/calendar-reader.ts";
import { temporalZoneTime } from "../../adapters/calendar/recurrence-zone-time.ts";
import { cedarAuthorizer } from "../../adapters/cedar/cedar-authorizer.ts";
import { createSeededRng } from "../../adapters/in-process/seeded-rng.ts";
import { createVirtualClock } from "../../adapters/in-process/virtual-clock.ts";
import { systemClock } from "../../adapters/system/system-clock.ts";
import { createSystemIds } from "../../adapters/system/system-ids.ts";
import { decisionKind } from "../../core/oversight/decision.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type NewItem, openItem } from "../../core/oversight/open-item.ts";
import { requestKind } from "../../core/requests/request.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { beginStep } from "../../core/shared/transition.ts";
import { openEngine } from "../engine.ts";
import { type CrashProbe, noCrash } from "../ports/crash-point.ts";
import type { Durable } from "../ports/durable.ts";
import type { Command } from "../shared/commands.ts";
import { sweep } from "./sweep.ts";

/*
 * Waiting is a row: between the moment something waits and the moment time acts on it, everything that runs is closed
 * and opened again. Monday, 2026-06-01, nine o'clock in Berlin, where the office is open from nine to five.
 */

const monday = Date.parse("2026-06-01T07:00:00Z");
const hourMs = 3_600_000;
const ids = createSystemIds();
const virtual = createVirtualClock(monday);
/** Time stands until a test moves it, but who loses a race on the database pauses for real. */
const clock = { ...virtual, pause: (ms: number, signal?: AbortSignal) => systemClock.pause(ms, signal) };
const [organizationId, projectId] = [asId<"organization">(ids.next()), asId<"project">(ids.next())];
const [director, lead, hand] = [ids.next(), ids.next(), ids.next()];
const scope = { organizationId, projectIds: [projectId] };
const nothingLost = { lostJobs: () => Promise.resolve([]) } as unknown as Durable; // the sweeper asks for nothing else
const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));

let database: TestDatabase;
let process: Awaited<ReturnType<typeof start>>;
let requestId: string;

async function start() {
  const store = await openTestStore(database.urls.app, { enqueue: () => Promise.resolve() });
  const engine = openEngine({
    store: store.store,
    clock,
    ids,
    rng: createSeededRng({ seed: 1 }),
    digest,
    crash: () => {},
    capabilities: { executors: ["rules"], ruleTasks: [], sandbox: { ok: false, reason: "none" }, zones: temporalZoneTime },
    authorizer: cedarAuthorizer(),
    calendars: calendarReader,
  });
  return { engine, store: store.store, close: () => store.close() };
}

/** What a release or a crash does: nothing that ran before runs any more. */
async function restart(): Promise<void> {
  await process.close();
  process = await start();
}

const tell = (by: string, command: Command, place: typeof projectId | null = projectId): Promise<JsonObject> =>
  process.engine.apply({ organizationId, projectId: place, actor: { kind: "person", id: by }, key: `test:${ids.next()}` }, command);

const system = (command: Command, place: typeof projectId | null): Promise<JsonObject> =>
  process.engine.apply({ organizationId, projectId: place, actor: { kind: "system", id: "test" }, key: `test:${ids.next()}` }, command);

const refused: string[] = [];
const fire = async (times = 1, crash: CrashProbe = noCrash): Promise<void> => {
  for (let round = 0; round < times; round += 1)
    await sweep({
      engine: process.engine,
      store: process.store,
      clock,
      durable: nothingLost,
      crash,
      organizationId,
      onRefused: (kind, failure) => refused.push(`${kind} ${failure.code}`),
    });
};

const at = (text: string): void => clock.advance(Date.parse(text) - clock.nowMs());

/** Puts an item before people as any decision would. */
async function wait(fields: Partial<NewItem>): Promise<string> {
  const nowMs = clock.nowMs();
  const context = {
    organizationId,
    projectIds: [projectId],
    projectId,
    actor: { kind: "system", id: "test" },
    cause: ids.next(),
    atMs: nowMs,
  } as const;
  return process.store.transact(context, async (transaction) => {
    const hours = calendarReader.openHours({ zone: "Europe/Berlin", week: office, holidays: [] }, nowMs - hourMs, nowMs + 90 * 24 * hourMs);
    const step = beginStep({ actor: context.actor, nowMs, newId: () => ids.next(), hours });
    const item = openItem(step, {
      kind: "escalation",
      requestId: asId(requestId),
      subjectKind: "request",
      subjectId: requestId,
      title: "Go on?",
      detail: "",
      ruleId: "test",
      risk: "medium",
      roles: ["lead", "director"],
      choices: [
        { id: "retry", label: "Try again", needs: "nothing" },
        { id: "cancel", label: "Cancel", needs: "reason" },
      ],
      ...fields,
    });
    const decided = step.draft.accept({});
    if (decided.kind === "accepted") await transaction.write({}, decided.transition.changes, decided.transition.events, []);
    return item.id;
  });
}

async function look(id: string): Promise<InboxItem> {
  const item = await process.engine.read(scope, (reader) => reader.get(inboxItemKind, id));
  if (item === undefined) throw new Error("the item is lost");
  return item;
}

/** Reads of the log end before the oldest open transaction of the server, and other test files write to other databases of it. */
async function happened(id: string): Promise<readonly string[]> {
  const { eventCount } = await look(id);
  for (let tries = 0; ; tries += 1) {
    const events = await process.engine.read(scope, (reader) => reader.events({ subjectId: id, limit: 100 }));
    if (events.length >= eventCount || tries === 400) return events.map((event) => event.kind.replace("decision.", ""));
    await delay(25);
  }
}

const lastAuthority = async (): Promise<string | undefined> =>
  (await process.engine.read(scope, (reader) => reader.find(decisionKind, { where: { requestId }, newestFirst: true, limit: 1 })))[0]
    ?.authority;

const office = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1_020 }));

beforeAll(async () => {
  database = await openTestDatabase();
  process = await start();
  await system(
    { kind: "found-organization", id: organizationId, name: "O", currency: "EUR", person: { id: director, name: "Dora", email: null } },
    null,
  );
  await system({ kind: "install-policies" }, null);
  await tell(director, { kind: "add-person", id: lead, name: "Lee", email: null, roles: ["lead"] }, null);
  await tell(director, { kind: "add-person", id: hand, name: "Han", email: null, roles: ["contributor"] }, null);
  await tell(director, { kind: "create-project", id: projectId, key: "K", name: "K", mode: "real", clockAtMs: null }, null);
  await tell(director, { kind: "set-calendar", id: ids.next(), owner: "organization", zone: "Europe/Berlin", week: office }, null);
  requestId = await file();
}, 60_000);

async function file(): Promise<string> {
  const id = ids.next();
  const draft = {
    title: "Do it",
    text: "Do it",
    urgency: "normal",
    budgetMicro: null,
    deadlineAtMs: null,
    playbook: null,
    inputs: [],
    approveBeforehand: false,
    script: null,
  } as const;
  await tell(lead, { kind: "submit-request", id, draft });
  return id;
}

afterAll(async () => {
  await process.close();
  await database.drop();
});

test("reminds, is overdue and climbs at working hours, whoever runs by then", async () => {
  at("2026-06-05T13:00:00Z"); // Friday, three in the afternoon
  const id = await wait({});
  await restart();
  await fire();
  expect(await happened(id)).toEqual(["requested"]);
  at("2026-06-05T15:00:00Z"); // two working hours later; the office closes
  await fire(2);
  expect(await happened(id)).toEqual(["requested", "reminded"]);
  await restart();
  at("2026-06-08T11:00:00Z"); // Monday at one: six hours
  await fire(2);
  at("2026-06-08T13:00:00Z");
  await fire(3);
  expect(await happened(id)).toEqual(["requested", "reminded", "reminded", "overdue", "escalated"]);
  expect(await look(id)).toMatchObject({ state: "open", clock: { isOverdue: true } });
  await restart();
  at("2026-06-30T07:00:00Z"); // nobody was there for weeks
  await fire(3);
  expect((await happened(id)).slice(5)).toEqual(["escalated"]);
  expect(await look(id)).toMatchObject({ state: "open", dueAtMs: null });
  expect(refused).toEqual([]);
});

test("a question stops the clock over a restart; the reply gives back what was left", async () => {
  at("2026-07-06T07:00:00Z");
  const id = await wait({});
  at("2026-07-06T09:00:00Z");
  await fire();
  await tell(lead, { kind: "ask-back", itemId: id, ofPersonId: hand, question: "How much?" });
  await restart();
  at("2026-07-07T13:00:00Z"); // ten working hours later
  await fire(2);
  expect(await happened(id)).toEqual(["requested", "reminded", "asked-back"]);
  await tell(hand, { kind: "reply-item", itemId: id, reply: "Little." });
  expect(await look(id)).toMatchObject({ clock: { dueAtMs: Date.parse("2026-07-08T11:00:00Z"), pausedAtMs: null } });
  await tell(lead, { kind: "ask-back", itemId: id, ofPersonId: hand, question: "Sure?" });
  await restart();
  at("2026-07-20T07:00:00Z"); // nobody replied in sixteen working hours
  await fire();
  expect((await happened(id)).at(-1)).toBe("resumed");
  expect(await look(id)).toMatchObject({ state: "open", clock: { pausedAtMs: null, isOverdue: false } });
});

test("a default is applied once at its time, and only what holds back", async () => {
  at("2026-08-03T07:00:00Z");
  requestId = await file();
  const id = await wait({ defaultChoice: "cancel" });
  await restart();
  at("2026-08-03T14:59:00Z");
  await fire(2);
  expect(await look(id)).toMatchObject({ state: "open" });
  await restart();
  at("2026-08-03T15:00:00Z");
  await fire(3);
  expect(await look(id)).toMatchObject({ state: "expired", answer: { choice: "cancel", by: "sweeper" } });
  expect((await happened(id)).filter((kind) => kind === "expired")).toHaveLength(1);
  const request = await process.engine.read(scope, (reader) => reader.get(requestKind, requestId));
  expect(request?.state).toBe("cancelled");
  await expect(
    tell(lead, { kind: "answer-item", itemId: id, choice: "retry", value: null, reason: "", inputs: [], confirmation: null }),
  ).rejects.toMatchObject({
    code: "inbox.already-closed",
  });
});

test("an absent lead is represented by their substitute, by a delegation within its dates, and by nobody else", async () => {
  at("2026-09-07T07:00:00Z");
  requestId = await file();
  const answer = (id: string) =>
    tell(hand, { kind: "answer-item", itemId: id, choice: "cancel", value: null, reason: "Enough.", inputs: [], confirmation: null });
  const first = await wait({});
  await expect(answer(first)).rejects.toMatchObject({ kind: "forbidden" });
  const nowMs = clock.nowMs();
  const absenceId = ids.next();
  await tell(
    lead,
    {
      kind: "record-absence",
      id: ids.next(),
      absenceId,
      personId: null,
      fromMs: nowMs,
      toMs: nowMs + hourMs,
      reason: "",
      substituteId: hand,
    },
    null,
  );
  await restart();
  await answer(first);
  expect(await lastAuthority()).toMatch(new RegExp(`^substitute-of:${lead}`, "u"));

  at("2026-09-07T09:00:00Z");
  requestId = await file();
  const second = await wait({});
  await expect(answer(second)).rejects.toMatchObject({ kind: "forbidden" });
  const grant = { kind: "grant-delegation", toId: hand, validFromMs: 0, maxAmountMicro: null, projectId: null, reason: "" } as const;
  const low = ids.next();
  const validToMs = clock.nowMs() + hourMs;
  await tell(lead, { ...grant, id: low, validToMs, validFromMs: clock.nowMs(), maxRisk: "low" }, null);
  await expect(answer(second)).rejects.toMatchObject({ kind: "forbidden" });
  const medium = ids.next();
  await tell(lead, { ...grant, id: medium, validToMs, validFromMs: clock.nowMs(), maxRisk: "medium" }, null);
  await tell(lead, { kind: "revoke-delegation", delegationId: medium, reason: "" }, null);
  await expect(answer(second)).rejects.toMatchObject({ kind: "forbidden" });
  await tell(lead, { ...grant, id: ids.next(), validToMs, validFromMs: clock.nowMs(), maxRisk: "medium" }, null);
  await restart();
  await answer(second);
  expect(await lastAuthority()).toMatch(new RegExp(`^delegated-by:${lead}`, "u"));
});

test("a recurring request is filed once for each slot, whoever runs by then and however their sweeps end", async () => {
  at("2026-10-05T07:00:00Z");
  requestId = await file();
  await tell(lead, { kind: "create-recurrence", requestId, rule: "FREQ=WEEKLY", zone: "Europe/Berlin", startsAt: "2026-10-12T09:00" });
  const filed = async () =>
    (await process.engine.read(scope, (reader) => reader.find(requestKind, { limit: 100 }))).filter(
      (one) => one.recurrenceId !== undefined,
    );
  await restart();
  at("2026-10-12T06:59:00Z");
  await fire(2);
  expect(await filed()).toEqual([]);
  at("2026-10-12T07:00:00Z");
  const killed: CrashProbe = (point) => {
    if (point === "clock.after-fire") throw new Error("killed here");
  };
  await expect(fire(1, killed)).rejects.toThrow("killed here");
  await restart();
  await Promise.all([fire(2), fire(2)]);
  expect(await filed()).toMatchObject([{ requesterId: lead, title: "Do it" }]);
  await restart();
  at("2026-11-02T08:00:00Z"); // three more slots, the clocks having gone back; of those missed only the latest is filed
  await fire(3);
  expect(await filed()).toHaveLength(2);
});
