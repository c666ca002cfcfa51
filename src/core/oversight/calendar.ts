/**
 * When a person, or everybody of the organization, is at work. Zones, holidays and `.ics` are read by an adapter; core
 * sees sorted open intervals in epoch milliseconds only.
 */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { PersonId } from "../shared/ids.ts";

/** Office hours of one day of the week, minutes after local midnight. */
export interface OfficeHours {
  /** 1 Monday to 7 Sunday (ISO 8601). */
  readonly weekday: number;
  readonly fromMinute: number;
  /** Up to 1440, later than `fromMinute`. */
  readonly toMinute: number;
}

/** A local day without work. */
export interface Holiday {
  /** ISO date in the calendar's zone, such as `2026-12-25`. */
  readonly date: string;
  readonly name: string;
}

/** A time away, with who stands in. */
export interface Absence {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: string;
  readonly substituteId: PersonId | null;
}

export interface Calendar extends Entity {
  /** The organization, or a person whose own hours differ. */
  readonly subjectId: string;
  /** IANA name, such as `Europe/Berlin`; empty, of a person only: as the organization. */
  readonly zone: string;
  /** Empty, of a person only: as the organization. */
  readonly week: readonly OfficeHours[];
  readonly holidays: readonly Holiday[];
  /** Of a person only. */
  readonly absences: readonly Absence[];
}

export const calendarKind = organizationKind<Calendar>("calendar");

/** What holds until the organization has said otherwise: Monday to Friday, nine to five, universal time. */
export const defaultWorkingWeek: Pick<Calendar, "zone" | "week" | "holidays"> = {
  zone: "UTC",
  week: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1_020 })),
  holidays: [],
};

/** What one calendar holds at most. */
export const calendarLimits = { spans: 28, holidays: 1_000, absences: 100, absenceMs: 2 * 366 * 24 * 3_600_000 } as const;
