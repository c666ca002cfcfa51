import { type Calendar, calendarKind, defaultWorkingWeek } from "../../core/oversight/calendar.ts";
import { alwaysOpen } from "../../core/oversight/business-time.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { OpenHours } from "../../core/shared/open-hours.ts";
import type { CalendarReader } from "../ports/calendar-reader.ts";
import type { Clock } from "../ports/clock.ts";
import type { Reader } from "../ports/store.ts";

/**
 * The open hours of organizations, read at most once a second instead of in every transition. A calendar changed by
 * another process is seen within that second; one changed here at once.
 */
export interface OfficeHoursShelf {
  /** Open hours around an instant: from a month before it to at least a year after. */
  hours(reader: Reader, organizationId: string, atMs: number): Promise<OpenHours>;
  forget(organizationId: string): void;
}

/** Where nobody reads calendars every hour counts, and no zone is known. */
export const noCalendars: CalendarReader = {
  isZone: () => false,
  openHours: () => alwaysOpen,
  dateAt: () => "1970-01-01",
  readHolidays: () =>
    Promise.reject(new Failure("unavailable", "calendar.no-reader", { message: "This installation reads no calendars." })),
};

const keepMs = 1_000;
/** Organizations remembered at once; the oldest goes first. */
const maxOrganizations = 1_000;
const dayMs = 24 * 3_600_000;
/** Hours are worked out for whole steps of time, so that most commands find them made. */
const stepMs = 30 * dayMs;
const aheadMs = 400 * dayMs;

interface Shelved {
  readonly readAtMs: number;
  readonly calendar: Pick<Calendar, "zone" | "week" | "holidays">;
  readonly version: number;
  /** Worked out for the step of time that was asked for last. */
  readonly made: { readonly step: number; readonly hours: OpenHours } | null;
}

export function officeHoursShelf(calendars: CalendarReader, clock: Clock): OfficeHoursShelf {
  const shelves = new Map<string, Shelved>();
  const calendarOf = async (reader: Reader, organizationId: string): Promise<Shelved> => {
    const known = shelves.get(organizationId);
    const nowMs = clock.monotonicMs();
    if (known !== undefined && nowMs - known.readAtMs < keepMs) return known;
    const [row] = await reader.find(calendarKind, { where: { subjectId: organizationId }, limit: 1 });
    const calendar = row ?? defaultWorkingWeek;
    const version = row?.version ?? 0;
    return { readAtMs: nowMs, calendar, version, made: known?.version === version ? known.made : null };
  };
  return {
    async hours(reader, organizationId, atMs) {
      const shelved = await calendarOf(reader, organizationId);
      const step = Math.floor(atMs / stepMs);
      const made =
        shelved.made?.step === step
          ? shelved.made
          : { step, hours: calendars.openHours(shelved.calendar, (step - 1) * stepMs, (step + 1) * stepMs + aheadMs) };
      shelves.delete(organizationId);
      shelves.set(organizationId, { ...shelved, made });
      const oldest = shelves.size > maxOrganizations ? shelves.keys().next().value : undefined;
      if (oldest !== undefined) shelves.delete(oldest);
      return made.hours;
    },
    forget: (organizationId) => void shelves.delete(organizationId),
  };
}
