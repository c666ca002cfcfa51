import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type Calendar, type Holiday, type OfficeHours, calendarKind, calendarLimits, defaultWorkingWeek } from "./calendar.ts";
import type { Person } from "./person.ts";

/** Whose calendar: everybody's, or the actor's own. */
export type CalendarOwner = "organization" | "me";

/** States zone and weekly hours; those of a person may be empty, and the organization's hold. */
export interface SetCalendar {
  readonly kind: "set-calendar";
  /** Of the row, where there is none yet. */
  readonly id: string;
  readonly owner: CalendarOwner;
  readonly zone: string;
  readonly week: readonly OfficeHours[];
}

/** Adds days without work; the same date again takes the new name. */
export interface ImportHolidays {
  readonly kind: "import-holidays";
  readonly id: string;
  readonly owner: CalendarOwner;
  readonly holidays: readonly Holiday[];
  /** Whether they take the place of those that are there. */
  readonly replace: boolean;
}

/** Notes a time away, with who stands in. */
export interface RecordAbsence {
  readonly kind: "record-absence";
  readonly id: string;
  readonly absenceId: string;
  /** Null: the actor. */
  readonly personId: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: string;
  readonly substituteId: string | null;
}

export interface RemoveAbsence {
  readonly kind: "remove-absence";
  /** Null: the actor. */
  readonly personId: string | null;
  readonly absenceId: string;
}

interface CalendarSlice {
  /** Of whoever is meant; undefined: there is none yet. */
  readonly calendar: Calendar | undefined;
  /** The actor. */
  readonly actor: Person | undefined;
  readonly organizationId: string;
}

const isSteward = (person: Person): boolean => person.roles.includes("administrator") || person.roles.includes("director");

function ownerProblem(actor: Person | undefined, owner: CalendarOwner): Refusal | null {
  if (!isActive(actor)) return refuse("forbidden", "authority.not-a-member", "Only an active member can change a calendar.");
  return owner === "me" || isSteward(actor)
    ? null
    : refuse(
        "forbidden",
        "calendar.wrong-role",
        "The organization's calendar is changed by administrators and directors; your own is yours.",
      );
}

/** The row as it is, or a new one that says nothing yet. */
function rowOf(draft: TransitionDraft, slice: CalendarSlice, fresh: { readonly id: string; readonly subjectId: string }): Calendar {
  if (slice.calendar !== undefined) return slice.calendar;
  const hours = fresh.subjectId === slice.organizationId ? defaultWorkingWeek : { zone: "", week: [], holidays: [] };
  return draft.create(calendarKind, { ...fresh, ...hours, absences: [] });
}

const subjectOf = (slice: CalendarSlice, owner: CalendarOwner, context: DecideContext): string =>
  owner === "organization" ? slice.organizationId : context.actor.id;

const isSpan = ({ weekday, fromMinute, toMinute }: OfficeHours): boolean =>
  [weekday, fromMinute, toMinute].every(Number.isSafeInteger) &&
  weekday >= 1 &&
  weekday <= 7 &&
  fromMinute >= 0 &&
  fromMinute < toMinute &&
  toMinute <= 1_440;

/** Sets zone and weekly hours. `isZone` comes from the reader of zones. */
export function decideCalendar(slice: CalendarSlice & { readonly isZone: boolean }, command: SetCalendar, context: DecideContext): Decided {
  const refused = ownerProblem(slice.actor, command.owner) ?? weekProblem(slice.isZone, command);
  if (refused !== null) return refused;
  const { owner, zone, week } = command;
  const draft = beginTransition();
  const row = rowOf(draft, slice, { id: command.id, subjectId: subjectOf(slice, owner, context) });
  draft.change(calendarKind, row, { zone, week });
  draft.record(calendarKind, row, "calendar.changed", { owner, zone, week: week.map((span) => ({ ...span })) });
  return draft.accept({ id: row.id, zone });
}

function weekProblem(isZone: boolean, { owner, zone, week }: SetCalendar): Refusal | null {
  if (owner === "me" && zone === "" && week.length === 0) return null;
  if (!isZone) return refuse("invalid", "calendar.unknown-zone", "Name a time zone such as Europe/Berlin or UTC.");
  if (week.length === 0 || week.length > calendarLimits.spans || !week.every(isSpan))
    return refuse(
      "invalid",
      "calendar.bad-week",
      `State 1 to ${calendarLimits.spans} spans of hours: a weekday from 1 (Monday) to 7, from a minute of the day to a later one, 1440 at most.`,
    );
  return null;
}

/** Adds holidays that were read from a file. */
export function decideHolidays(slice: CalendarSlice, command: ImportHolidays, context: DecideContext): Decided {
  const refused = ownerProblem(slice.actor, command.owner);
  if (refused !== null) return refused;
  const draft = beginTransition();
  const row = rowOf(draft, slice, { id: command.id, subjectId: subjectOf(slice, command.owner, context) });
  const named = new Map([...(command.replace ? [] : row.holidays), ...command.holidays].map((holiday) => [holiday.date, holiday]));
  const holidays = [...named.values()].sort((left, right) => (left.date < right.date ? -1 : 1));
  if (holidays.length > calendarLimits.holidays)
    return refuse("exhausted", "calendar.too-many-holidays", `A calendar holds ${calendarLimits.holidays} holidays; replace the old ones.`);
  if (!holidays.every((holiday) => /^\d{4}-\d{2}-\d{2}$/u.test(holiday.date)))
    return refuse("invalid", "calendar.bad-date", "A holiday is a date such as 2026-12-25.");
  draft.change(calendarKind, row, { holidays });
  draft.record(calendarKind, row, "calendar.holidays-imported", {
    owner: command.owner,
    count: command.holidays.length,
    total: holidays.length,
  });
  return draft.accept({ id: row.id, count: command.holidays.length, total: holidays.length });
}

interface AbsenceSlice extends CalendarSlice {
  /** Who is away, and who stands in. */
  readonly person: Person | undefined;
  readonly substitute: Person | undefined;
}

/** People note their own absences; administrators and directors those of somebody who cannot. */
function absenceProblem(slice: AbsenceSlice): Refusal | null {
  if (!isActive(slice.actor)) return refuse("forbidden", "authority.not-a-member", "Only an active member can note an absence.");
  if (!isActive(slice.person)) return refuse("not-found", "person.not-found", "There is no active member with this id.");
  return slice.actor.id === slice.person.id || isSteward(slice.actor)
    ? null
    : refuse("forbidden", "calendar.wrong-role", "Absences of others are noted by administrators and directors.");
}

/** Notes an absence. Circles of substitutes are no mistake: whom they leave unrepresented is looked for on the ladder. */
export function decideAbsence(slice: AbsenceSlice, command: RecordAbsence, context: DecideContext): Decided {
  const refused = absenceProblem(slice) ?? spanProblem(slice, command);
  if (refused !== null) return refused;
  const personId = command.personId ?? context.actor.id;
  const draft = beginTransition();
  const row = rowOf(draft, slice, { id: command.id, subjectId: personId });
  const kept = row.absences.filter((absence) => absence.toMs > context.nowMs);
  if (kept.length >= calendarLimits.absences)
    return refuse("exhausted", "calendar.too-many-absences", `${calendarLimits.absences} absences are noted already; remove one first.`);
  const { fromMs, toMs, reason, substituteId } = command;
  const absence = {
    id: command.absenceId,
    fromMs,
    toMs,
    reason,
    substituteId: substituteId === null ? null : asId<"person">(substituteId),
  };
  draft.change(calendarKind, row, { absences: [...kept, absence].sort((left, right) => left.fromMs - right.fromMs) });
  draft.record(calendarKind, row, "absence.recorded", { personId, fromMs, toMs, substituteId });
  return draft.accept({ id: absence.id });
}

function spanProblem(slice: AbsenceSlice, { fromMs, toMs, substituteId }: RecordAbsence): Refusal | null {
  if (!(toMs > fromMs) || toMs - fromMs > calendarLimits.absenceMs)
    return refuse("invalid", "calendar.bad-absence", "An absence ends after it begins, within two years.");
  if (substituteId === null) return null;
  if (substituteId === slice.person?.id)
    return refuse("invalid", "calendar.own-substitute", "Nobody stands in for themselves; name somebody else.");
  return isActive(slice.substitute) ? null : refuse("not-found", "person.not-found", "There is no active member with this id to stand in.");
}

/** Takes an absence back. */
export function decideAbsenceRemoval(slice: AbsenceSlice, command: RemoveAbsence, _context: DecideContext): Decided {
  const refused = absenceProblem(slice);
  if (refused !== null) return refused;
  const { calendar } = slice;
  const absence = calendar?.absences.find((one) => one.id === command.absenceId);
  if (calendar === undefined || absence === undefined)
    return refuse("not-found", "absence.not-found", "There is no such absence; it may be over.");
  const draft = beginTransition();
  draft.change(calendarKind, calendar, { absences: calendar.absences.filter((one) => one !== absence) });
  draft.record(calendarKind, calendar, "absence.removed", { personId: calendar.subjectId, fromMs: absence.fromMs, toMs: absence.toMs });
  return draft.accept({ id: absence.id });
}
