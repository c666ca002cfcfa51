import fc from "fast-check";
import { expect, test } from "vitest";
import { temporalZoneTime } from "../../adapters/calendar/recurrence-zone-time.ts";
import { type CoreWorld, openCoreWorld, person } from "../../../test/support/core-world.ts";
import { clockKind } from "../oversight/clock.ts";
import { inboxItemKind } from "../oversight/inbox-item.ts";
import type { Command } from "../../engine/shared/commands.ts";
import { readSeries } from "./read-series.ts";
import { maxRecurrences, recurrenceKind } from "./recurrence.ts";
import { slotsFrom } from "./recurrence-slots.ts";
import { requestKind } from "./request.ts";

const sweeper = { kind: "system", id: "sweeper" } as const;
const hourMs = 3_600_000;

/** A world in which a request recurs by this rule. */
async function recurring(about: { readonly rule: string; readonly startsAt: string; readonly zone?: string }) {
  const world = await openCoreWorld([["contributor"], ["lead"]]);
  const [founder = "", contributor = "", lead = ""] = world.people;
  const ok = async (told: ReturnType<CoreWorld["tell"]>) => {
    const said = await told;
    if (said.kind === "refused") throw new Error(said.code);
    return said.answer["id"] as string; // every command here answers with the id of what it made
  };
  const draft = {
    title: "Monthly report",
    text: "Write the report",
    urgency: "normal" as const,
    budgetMicro: null,
    deadlineAtMs: null,
    playbook: null,
    approveBeforehand: false,
    script: null,
    inputs: [
      {
        name: "figures",
        kind: "file",
        origin: "figures.csv",
        artifacts: [],
        facts: {},
      },
    ],
  } as const;
  const requestId = await ok(world.tell(person(contributor), { kind: "submit-request", id: null, draft }));
  const command = { kind: "create-recurrence", requestId, zone: "Europe/Berlin", ...about } as const;
  const id = await ok(world.tell(person(contributor), command));
  const recurrence = async () => {
    const row = (await world.rows(recurrenceKind)).find((one) => one.id === id);
    if (row === undefined) throw new Error(`the recurrence ${id} is gone`);
    return row;
  };
  const filed = async () => (await world.rows(requestKind)).filter((request) => request.recurrenceId === id);
  /** What the sweeper does with a clock, `times` times over, under keys of their own. */
  const fire = async (clock: { readonly id: string; readonly command: object }, times: number): Promise<void> => {
    for (let time = 0; time < times; time++) await world.tell(sweeper, clock.command as Command);
    await world.tell(sweeper, { kind: "mark-clock-fired", clockId: clock.id });
  };
  const clocks = async () => (await world.rows(clockKind)).filter((clock) => clock.subjectId === id);
  return { world, founder, contributor, lead, id, recurrence, filed, fire, clocks };
}

test("each slot is filed once or told as skipped, whatever fires, in any order, over both clock changes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("2024-03-29T02:30", "2024-10-25T02:30", "2024-10-26T03:00"),
      fc.array(fc.record({ hours: fc.integer({ min: 1, max: 60 }), times: fc.integer({ min: 1, max: 3 }), old: fc.boolean() }), {
        maxLength: 12,
      }),
      async (startsAt, steps) => {
        const { world, recurrence, filed, fire, clocks } = await recurring({ rule: "FREQ=DAILY;COUNT=9", startsAt });
        const begun = await recurrence();
        world.advance((begun.nextAtMs ?? 0) - world.nowMs() - 30 * hourMs);
        for (const step of steps) {
          world.advance(step.hours * hourMs);
          const known = await clocks();
          // Late ones, early ones, and those that have fired before.
          for (const clock of known.toReversed()) if (clock.state === "set" || step.old) await fire(clock, step.times);
        }
        const read = readSeries(begun, (wallMs, zone) => temporalZoneTime.instantOf(wallMs, zone));
        const slots = read.kind === "series" ? [...slotsFrom(read.series, 0)] : [];
        const row = await recurrence();
        const passed = slots.filter((slot) => row.nextAtMs === null || slot < row.nextAtMs).length;
        const requests = await filed();
        expect(slots.length).toBe(9);
        expect(row.filedCount).toBe(requests.length);
        expect(row.filedCount + row.skippedCount).toBe(passed);
        // One set clock waits for the slot ahead at least, and nothing waits any more after the end.
        const waiting = (await clocks()).filter((clock) => clock.state === "set" && clock.dueAtMs === row.nextAtMs);
        expect(waiting.length > 0).toBe(row.nextAtMs !== null);
        expect(row.nextAtMs === null || steps.length === 0 || row.nextAtMs > world.nowMs() - 60 * hourMs).toBe(true);
        expect(world.findings()).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test("after a downtime only the latest missed slot is filed, and the event names what was skipped", async () => {
  const { world, recurrence, filed, fire, clocks } = await recurring({ rule: "FREQ=WEEKLY", startsAt: "2024-01-01T09:00" });
  world.advance(24 * 24 * hourMs + ((await recurrence()).nextAtMs ?? 0) - world.nowMs());
  for (const clock of await clocks()) await fire(clock, 2);
  expect(await recurrence()).toMatchObject({ filedCount: 1, skippedCount: 3, state: "active" });
  const [request] = await filed();
  expect(request).toMatchObject({ title: "Monthly report", inputs: [{ name: "figures" }], state: "analysing" });
});

test("a wall time in a gap is the first instant after it, and one that comes twice is filed at the earlier", () => {
  const at = (wall: string) => new Date(temporalZoneTime.instantOf(Date.parse(`${wall}Z`), "Europe/Berlin") ?? 0).toISOString();
  expect(at("2024-03-31T02:30")).toBe("2024-03-31T01:00:00.000Z");
  expect(at("2024-03-31T03:30")).toBe("2024-03-31T01:30:00.000Z");
  expect(at("2024-10-27T02:30")).toBe("2024-10-27T00:30:00.000Z");
  expect(temporalZoneTime.instantOf(0, "Mars/Olympus")).toBeNull();
  expect(temporalZoneTime.instantOf(0, "+01:00")).toBeNull();
});

test("what its owner leaves behind is paused, asked of the leads, and goes on in the name of who takes it over", async () => {
  const { world, lead, contributor, founder, recurrence, filed, fire, clocks, id } = await recurring({
    rule: "FREQ=DAILY",
    startsAt: "2024-01-01T09:00",
  });
  const nextAtMs = (await recurrence()).nextAtMs ?? 0;
  await world.tell(person(founder), { kind: "remove-person", personId: contributor, reason: "left" });
  world.advance(nextAtMs - world.nowMs() + 1);
  for (const clock of await clocks()) await fire(clock, 2);
  expect(await filed()).toEqual([]);
  expect(await recurrence()).toMatchObject({ state: "paused", nextAtMs: null });
  const items = (await world.rows(inboxItemKind)).filter((item) => item.subjectId === id);
  expect(items).toMatchObject([{ kind: "escalation", state: "open", roles: ["administrator", "director", "lead"] }]);
  const answer = {
    kind: "answer-item",
    itemId: items[0]?.id ?? "",
    choice: "take-over",
    value: null,
    reason: "",
    inputs: [],
    confirmation: null,
  } as const;
  expect(await world.tell(person(lead), answer)).toMatchObject({ kind: "ok" });
  expect(await recurrence()).toMatchObject({ state: "active", ownerId: lead, nextAtMs: nextAtMs + 24 * hourMs });
  world.advance(24 * hourMs);
  for (const clock of await clocks()) if (clock.state === "set") await fire(clock, 1);
  expect((await filed()).map((request) => request.requesterId)).toEqual([lead]);
});

test("pause withdraws the clock, resume looks ahead from now, end is for good, and a stranger does none of it", async () => {
  const { world, contributor, id, recurrence, clocks } = await recurring({ rule: "FREQ=DAILY", startsAt: "2024-01-01T09:00" });
  const stranger = world.newId();
  const steer = (by: string, kind: "pause-recurrence" | "resume-recurrence" | "end-recurrence") =>
    world.tell(person(by), { kind, recurrenceId: id, reason: "" });
  expect(await steer(stranger, "pause-recurrence")).toMatchObject({ kind: "refused", failure: "forbidden" });
  expect(await steer(contributor, "pause-recurrence")).toMatchObject({ kind: "ok" });
  expect((await clocks()).map((clock) => clock.state)).toEqual(["withdrawn"]);
  world.advance(900 * 24 * hourMs);
  expect(await steer(contributor, "pause-recurrence")).toMatchObject({ code: "recurrence.illegal-move" });
  expect(await steer(contributor, "resume-recurrence")).toMatchObject({ kind: "ok" });
  const { nextAtMs, filedCount } = await recurrence();
  expect([filedCount, (nextAtMs ?? 0) > world.nowMs(), (nextAtMs ?? 0) <= world.nowMs() + 25 * hourMs]).toEqual([0, true, true]);
  expect(await steer(contributor, "end-recurrence")).toMatchObject({ kind: "ok" });
  expect(await steer(contributor, "resume-recurrence")).toMatchObject({ code: "recurrence.illegal-move" });
});

test("a recurrence that cannot be is refused with its own reason, and nothing is made", async () => {
  const { world, lead, id } = await recurring({ rule: "FREQ=DAILY", startsAt: "2024-01-01T09:00" });
  const [{ id: requestId } = { id: "" }] = await world.rows(requestKind);
  const wish = { kind: "create-recurrence", requestId, rule: "FREQ=DAILY", zone: "UTC", startsAt: "2031-01-31T09:00" } as const;
  const codeFor = async (by: string, fields: Partial<typeof wish | { rule: string; zone: string; startsAt: string }>) => {
    const told = await world.tell(person(by), { ...wish, ...fields });
    return told.kind === "refused" ? told.code : "made";
  };
  expect(await codeFor(world.newId(), {})).toBe("permission.not-a-member");
  expect(await codeFor(lead, {})).toBe("made");
  for (const wrong of [{ rule: "FREQ=HOURLY" }, { zone: "Mars/Olympus" }, { startsAt: "tomorrow" }])
    expect(await codeFor(lead, wrong)).toBe("recurrence.bad-rule");
  expect(await codeFor(lead, { rule: "FREQ=DAILY;UNTIL=20200101", startsAt: "2019-01-01T09:00" })).toBe("recurrence.no-slot");
  expect((await world.rows(recurrenceKind)).map((row) => row.id)).toContain(id);
  for (let known = 2; known < maxRecurrences; known++) expect(await codeFor(lead, {})).toBe("made");
  expect(await codeFor(lead, {})).toBe("recurrence.too-many");
});

test("a rehearsal repeats nothing; a deadline is kept as its distance from the filing", async () => {
  const rehearsal = await openCoreWorld([["contributor"]], "rehearsal");
  const draft = {
    title: "A",
    text: "A",
    urgency: "low",
    budgetMicro: null,
    playbook: null,
    approveBeforehand: false,
    script: null,
    inputs: [],
  } as const;
  const submit = async (world: CoreWorld, deadlineAtMs: number | null) => {
    const told = await world.tell(person(world.people[1] ?? ""), { kind: "submit-request", id: null, draft: { ...draft, deadlineAtMs } });
    return told.kind === "ok" ? (told.answer["id"] as string) : told.code; // submitting answers with the request's id
  };
  const wish = { kind: "create-recurrence", rule: "FREQ=DAILY;COUNT=1", zone: "UTC", startsAt: "2031-01-31T09:00" } as const;
  const refused = await rehearsal.tell(person(rehearsal.people[1] ?? ""), { ...wish, requestId: await submit(rehearsal, null) });
  expect(refused).toMatchObject({ code: "recurrence.rehearsal" });

  const world = await openCoreWorld([["contributor"]]);
  const requestId = await submit(world, world.nowMs() + 5 * hourMs);
  await world.tell(person(world.people[1] ?? ""), { ...wish, requestId });
  const [row] = await world.rows(recurrenceKind);
  expect(row?.deadlineAfterMs).toBeGreaterThan(4 * hourMs);
  const [clock] = (await world.rows(clockKind)).filter((one) => one.subjectId === row?.id);
  world.advance((row?.nextAtMs ?? 0) - world.nowMs() + 1);
  expect(await world.tell(sweeper, clock?.command as unknown as Command)).toMatchObject({ answer: { state: "ended", nextAtMs: null } });
  const filed = (await world.rows(requestKind)).find((one) => one.recurrenceId === row?.id);
  expect((filed?.deadlineAtMs ?? 0) - world.nowMs()).toBe(row?.deadlineAfterMs);
  expect(await world.tell(sweeper, clock?.command as unknown as Command)).toMatchObject({ code: "recurrence.not-active" });
});

test("what nobody takes over is ended by the leads' answer; an answer that is none, or a stranger's, changes nothing", async () => {
  const { world, lead, contributor, founder, recurrence, fire, clocks, id } = await recurring({
    rule: "FREQ=DAILY",
    startsAt: "2024-01-01T09:00",
  });
  await world.tell(person(founder), { kind: "remove-person", personId: contributor, reason: "left" });
  world.advance(((await recurrence()).nextAtMs ?? 0) - world.nowMs() + 1);
  for (const clock of await clocks()) await fire(clock, 1);
  const itemId = (await world.rows(inboxItemKind)).find((item) => item.subjectId === id)?.id ?? "";
  const answer = (by: string, choice: string) =>
    world.tell(person(by), { kind: "answer-item", itemId, choice, value: null, reason: "", inputs: [], confirmation: null });
  expect(await answer(lead, "perhaps")).toMatchObject({ code: "inbox.unknown-choice" });
  expect(await answer(contributor, "end")).toMatchObject({ failure: "forbidden" });
  expect(await recurrence()).toMatchObject({ state: "paused" });
  expect(await answer(lead, "end")).toMatchObject({ kind: "ok" });
  expect(await recurrence()).toMatchObject({ state: "ended", nextAtMs: null });
  expect(await answer(lead, "end")).toMatchObject({ code: "inbox.already-closed" });
});
