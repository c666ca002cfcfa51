import { type Absence, type Calendar, calendarKind, defaultWorkingWeek } from "../../core/oversight/calendar.ts";
import { type Delegation, delegationKind } from "../../core/oversight/delegation.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { representativeOf } from "../../core/oversight/representation.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, namedPerson, readPeople } from "./people-view.ts";

export interface AbsenceView extends Omit<Absence, "substituteId"> {
  readonly substitute: NamedPerformer | null;
}

/** Who works when: hours as they are in force, and what was said about oneself. */
export interface CalendarView {
  readonly schema: "xvc.calendar/1";
  readonly owner: "organization" | "me";
  readonly zone: string;
  readonly week: Calendar["week"];
  readonly holidays: Calendar["holidays"];
  /** Nobody has set these hours: they are the house's, or the organization's. */
  readonly inherited: boolean;
  readonly absences: readonly AbsenceView[];
}

/** The organization's calendar or one's own; absences that are over are left out. */
export async function calendarView(
  reader: Reader,
  whose: { readonly owner: "organization" | "me"; readonly organizationId: string; readonly personId: string; readonly nowMs: number },
): Promise<CalendarView> {
  const { owner, organizationId, personId, nowMs } = whose;
  const [rows, people] = await Promise.all([
    reader.find(calendarKind, { where: { subjectId: [organizationId, personId] }, limit: 2 }),
    readPeople(reader),
  ]);
  const shared = rows.find((row) => row.subjectId === organizationId);
  const row = owner === "organization" ? shared : rows.find((one) => one.subjectId === personId);
  const isOwn = row !== undefined && row.week.length > 0;
  const { zone, week } = isOwn ? row : (shared ?? defaultWorkingWeek);
  return {
    schema: "xvc.calendar/1",
    owner,
    zone,
    week,
    holidays: row?.holidays ?? [],
    inherited: !isOwn,
    absences: (row?.absences ?? [])
      .filter((absence) => absence.toMs > nowMs)
      .map(({ substituteId, ...absence }) => ({
        ...absence,
        substitute: substituteId === null ? null : namedPerson(people, substituteId),
      })),
  };
}

export interface AwayView {
  readonly person: NamedPerformer;
  readonly toMs: number;
  /** Who decides in their place now; null: nobody, and the ladder's roles are left. */
  readonly representative: NamedPerformer | null;
}

/** Calendars of people that are looked at. */
const maxCalendars = 1_000;

/** Who is away now, until when, and who represents them. */
export async function awayView(reader: Reader, nowMs: number): Promise<readonly AwayView[]> {
  const [calendars, people] = await Promise.all([reader.find(calendarKind, { limit: maxCalendars }), readPeople(reader)]);
  const absences = new Map(calendars.map((calendar) => [calendar.subjectId, calendar]));
  return calendars.flatMap((calendar) => {
    const absence = calendar.absences.find((one) => one.fromMs <= nowMs && nowMs < one.toMs);
    if (absence === undefined || people.get(calendar.subjectId)?.state !== "active") return [];
    const representative = representativeOf(calendar.subjectId, absences, nowMs);
    return [
      {
        person: namedPerson(people, calendar.subjectId),
        toMs: absence.toMs,
        representative: representative === null ? null : namedPerson(people, representative),
      },
    ];
  });
}

export interface DelegationView extends Pick<
  Delegation,
  "id" | "state" | "validFromMs" | "validToMs" | "maxRisk" | "maxAmountMicro" | "reason"
> {
  readonly from: NamedPerformer;
  readonly to: NamedPerformer;
  readonly project: { readonly id: string; readonly key: string } | null;
  /** It holds at this moment. */
  readonly active: boolean;
}

export interface DelegationsView {
  readonly schema: "xvc.delegations/1";
  readonly given: readonly DelegationView[];
  readonly received: readonly DelegationView[];
}

/** Delegations shown in each direction, the newest first. */
const maxShown = 100;

/** What the viewer let others decide, and what others let the viewer decide; revoked ones are left out. */
export async function delegationsView(
  reader: Reader,
  viewer: { readonly personId: string; readonly nowMs: number },
): Promise<DelegationsView> {
  const { personId, nowMs } = viewer;
  const find = (where: { readonly fromId: string } | { readonly toId: string }) =>
    reader.find(delegationKind, { where: { ...where, state: "granted" }, newestFirst: true, limit: maxShown });
  const [given, received, people, projects] = await Promise.all([
    find({ fromId: personId }),
    find({ toId: personId }),
    readPeople(reader),
    reader.find(projectKindOf, { limit: 1_000 }),
  ]);
  const view = ({ id, state, validFromMs, validToMs, maxRisk, maxAmountMicro, reason, ...row }: Delegation): DelegationView => ({
    id,
    state,
    validFromMs,
    validToMs,
    maxRisk,
    maxAmountMicro,
    reason,
    from: namedPerson(people, row.fromId),
    to: namedPerson(people, row.toId),
    project:
      row.projectId === null ? null : { id: row.projectId, key: projects.find((project) => project.id === row.projectId)?.key ?? "?" },
    active: validFromMs <= nowMs && nowMs < validToMs,
  });
  return { schema: "xvc.delegations/1", given: given.map(view), received: received.map(view) };
}
