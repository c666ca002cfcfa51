import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { Decided } from "../shared/transition.ts";
import { type Calendar, calendarLimits } from "./calendar.ts";
import { decideAbsence, decideAbsenceRemoval, decideCalendar, decideHolidays } from "./decide-calendar.ts";
import { type GrantDelegation, decideGrant, decideRevocation, delegationLimits } from "./decide-standing-delegation.ts";
import type { Delegation } from "./delegation.ts";
import type { Person, Role } from "./person.ts";

const context: DecideContext = { actor: { kind: "person", id: "a" }, nowMs: 100, newId: () => "n" };
const member = (id: string, roles: readonly Role[] = [], state: Person["state"] = "active"): Person => ({
  id,
  version: 1,
  eventCount: 1,
  name: id,
  email: null,
  roles,
  state,
});
const [steward, plain] = [member("a", ["director"]), member("a", ["contributor"])];
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const after = (decided: Decided) => (decided.kind === "accepted" ? decided.transition.changes[0]?.after : undefined);
const calendar = (fields: Partial<Calendar> = {}): Calendar => ({
  id: "c",
  version: 1,
  eventCount: 0,
  subjectId: "a",
  zone: "",
  week: [],
  holidays: [],
  absences: [],
  ...fields,
});
const week = [{ weekday: 1, fromMinute: 540, toMinute: 1_020 }];

test("sets hours of one's own, and of everybody by stewards only", () => {
  const set = (owner: "organization" | "me", fields: object = {}, slice: object = {}) =>
    decideCalendar(
      { calendar: undefined, actor: steward, organizationId: "o", isZone: true, ...slice },
      { kind: "set-calendar", id: "c", owner, zone: "Europe/Berlin", week, ...fields },
      context,
    );
  expect(after(set("organization"))).toMatchObject({ subjectId: "o", zone: "Europe/Berlin", week });
  expect(after(set("me", {}, { actor: plain }))).toMatchObject({ subjectId: "a", zone: "Europe/Berlin" });
  expect(after(set("me", { zone: "", week: [] }, { actor: plain, isZone: false, calendar: calendar({ week }) }))).toMatchObject({
    week: [],
  });
  expect(codeOf(set("organization", {}, { actor: plain }))).toBe("calendar.wrong-role");
  expect(codeOf(set("me", {}, { actor: undefined }))).toBe("authority.not-a-member");
  expect(codeOf(set("me", {}, { isZone: false }))).toBe("calendar.unknown-zone");
  expect(codeOf(set("organization", { zone: "", week: [] }, { isZone: false }))).toBe("calendar.unknown-zone");
  for (const bad of [
    [],
    Array.from({ length: 29 }, () => week[0]),
    [{ weekday: 8, fromMinute: 0, toMinute: 1 }],
    [{ weekday: 0, fromMinute: 0, toMinute: 1 }],
    [{ weekday: 1, fromMinute: 5, toMinute: 5 }],
    [{ weekday: 1, fromMinute: -1, toMinute: 5 }],
    [{ weekday: 1, fromMinute: 0, toMinute: 1_441 }],
    [{ weekday: 1.5, fromMinute: 0, toMinute: 1 }],
  ])
    expect(codeOf(set("me", { week: bad }))).toBe("calendar.bad-week");
});

test("adds holidays by date, in the place of the old ones where asked", () => {
  const add = (fields: object = {}, slice: object = {}) =>
    decideHolidays(
      {
        calendar: calendar({
          subjectId: "o",
          holidays: [
            { date: "2026-01-01", name: "Old" },
            { date: "2026-12-25", name: "Kept" },
          ],
        }),
        actor: steward,
        organizationId: "o",
        ...slice,
      },
      {
        kind: "import-holidays",
        id: "c",
        owner: "organization",
        holidays: [{ date: "2026-01-01", name: "New" }],
        replace: false,
        ...fields,
      },
      context,
    );
  expect(after(add())).toMatchObject({
    holidays: [
      { date: "2026-01-01", name: "New" },
      { date: "2026-12-25", name: "Kept" },
    ],
  });
  expect(after(add({ replace: true }))).toMatchObject({ holidays: [{ date: "2026-01-01", name: "New" }] });
  expect(after(add({}, { calendar: undefined }))).toMatchObject({ subjectId: "o", zone: "UTC", holidays: [{ name: "New" }] });
  expect(codeOf(add({}, { actor: plain }))).toBe("calendar.wrong-role");
  expect(codeOf(add({ holidays: [{ date: "soon", name: "" }] }))).toBe("calendar.bad-date");
  const many = Array.from({ length: calendarLimits.holidays + 1 }, (_, index) => ({ date: String(index), name: "" }));
  expect(codeOf(add({ holidays: many }))).toBe("calendar.too-many-holidays");
});

test("notes and takes back absences: one's own, or anybody's by stewards", () => {
  const note = (fields: object = {}, slice: object = {}) =>
    decideAbsence(
      { calendar: undefined, actor: plain, organizationId: "o", person: plain, substitute: member("b"), ...slice },
      { kind: "record-absence", id: "c", absenceId: "x", personId: null, fromMs: 50, toMs: 200, reason: "", substituteId: "b", ...fields },
      context,
    );
  expect(after(note())).toMatchObject({ subjectId: "a", week: [], absences: [{ id: "x", substituteId: "b" }] });
  expect(
    after(
      note(
        { substituteId: null },
        {
          calendar: calendar({
            absences: [
              { id: "past", fromMs: 1, toMs: 2, reason: "", substituteId: null },
              { id: "late", fromMs: 900, toMs: 901, reason: "", substituteId: null },
            ],
          }),
        },
      ),
    ),
  ).toMatchObject({
    absences: [{ id: "x" }, { id: "late" }],
  });
  expect(after(note({ personId: "z" }, { actor: steward, person: member("z") }))).toMatchObject({ subjectId: "z" });
  expect(codeOf(note({ personId: "z" }, { person: member("z") }))).toBe("calendar.wrong-role");
  expect(codeOf(note({}, { actor: undefined }))).toBe("authority.not-a-member");
  expect(codeOf(note({}, { person: undefined }))).toBe("person.not-found");
  expect(codeOf(note({ toMs: 50 }))).toBe("calendar.bad-absence");
  expect(codeOf(note({ toMs: calendarLimits.absenceMs + 51 }))).toBe("calendar.bad-absence");
  expect(codeOf(note({ substituteId: "a" }))).toBe("calendar.own-substitute");
  expect(codeOf(note({}, { substitute: undefined }))).toBe("person.not-found");
  const full = Array.from({ length: calendarLimits.absences }, (_, index) => ({
    id: String(index),
    fromMs: 1,
    toMs: 500,
    reason: "",
    substituteId: null,
  }));
  expect(codeOf(note({}, { calendar: calendar({ absences: full }) }))).toBe("calendar.too-many-absences");

  const absences = [{ id: "x", fromMs: 1, toMs: 500, reason: "", substituteId: null }];
  const remove = (slice: object) =>
    decideAbsenceRemoval(
      { calendar: calendar({ absences }), actor: plain, organizationId: "o", person: plain, substitute: undefined, ...slice },
      { kind: "remove-absence", personId: null, absenceId: "x" },
      context,
    );
  expect(after(remove({}))).toMatchObject({ absences: [] });
  expect(codeOf(remove({ calendar: undefined }))).toBe("absence.not-found");
  expect(codeOf(remove({ calendar: calendar() }))).toBe("absence.not-found");
  expect(codeOf(remove({ person: member("z") }))).toBe("calendar.wrong-role");
});

test("grants a delegation within its limits and ends it once", () => {
  const terms: GrantDelegation = {
    kind: "grant-delegation",
    id: "d",
    toId: "b",
    validFromMs: 0,
    validToMs: 500,
    maxRisk: "low",
    maxAmountMicro: null,
    projectId: null,
    reason: "",
  };
  const grant = (fields: Partial<GrantDelegation> = {}, slice: object = {}) =>
    decideGrant({ from: plain, to: member("b"), granted: [], project: undefined, ...slice }, { ...terms, ...fields }, context);
  expect(after(grant())).toMatchObject({ state: "granted", fromId: "a", toId: "b", projectId: null });
  expect(after(grant({ projectId: "p" }, { project: { id: "p" } }))).toMatchObject({ projectId: "p" });
  expect(codeOf(grant({}, { from: undefined }))).toBe("authority.not-a-member");
  expect(codeOf(grant({}, { to: member("b", [], "removed") }))).toBe("person.not-found");
  expect(codeOf(grant({}, { to: plain }))).toBe("delegation.to-oneself");
  expect(codeOf(grant({ projectId: "p" }))).toBe("project.not-found");
  for (const bad of [{ validToMs: 0 }, { validToMs: 100 }, { validToMs: delegationLimits.lastsMs + 1 }])
    expect(codeOf(grant(bad))).toBe("delegation.bad-dates");
  const row: Delegation = { ...terms, version: 1, eventCount: 0, state: "granted", fromId: asId("a"), toId: asId("b"), projectId: null };
  const many = (validToMs: number) => Array.from({ length: delegationLimits.granted }, () => ({ ...row, validToMs }));
  expect(codeOf(grant({}, { granted: many(500) }))).toBe("delegation.too-many");
  expect(codeOf(grant({}, { granted: many(99) }))).toBe("accepted");

  const revoke = (delegation: Delegation, actor: Person | undefined) =>
    decideRevocation({ delegation, actor }, { kind: "revoke-delegation", delegationId: "d", reason: "" }, context);
  expect(after(revoke(row, plain))).toMatchObject({ state: "revoked" });
  expect(codeOf(revoke(row, member("b")))).toBe("accepted");
  expect(codeOf(revoke(row, member("z", ["administrator"])))).toBe("accepted");
  expect(codeOf(revoke(row, member("z")))).toBe("delegation.not-yours");
  expect(codeOf(revoke(row, undefined))).toBe("authority.not-a-member");
  expect(codeOf(revoke({ ...row, state: "revoked" }, plain))).toBe("delegation.already-revoked");
});
