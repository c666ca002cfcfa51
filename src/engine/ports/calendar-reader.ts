import type { Calendar, Holiday } from "../../core/oversight/calendar.ts";
import type { OpenHours } from "../../core/shared/open-hours.ts";

/** What decides when somebody works. */
export type WorkingWeek = Pick<Calendar, "zone" | "week" | "holidays">;

/** What an `.ics` file says about days without work. */
export interface ReadHolidays {
  /** By date, each date once; at most `holidayLimits.holidays`. */
  readonly holidays: readonly Holiday[];
  /** What was left out and why; at most 50 of `skippedCount`. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly skippedCount: number;
}

/** Local days `[fromDate, toDate]`, ISO dates. */
export interface DayWindow {
  readonly fromDate: string;
  readonly toDate: string;
}

/** What is read of one file at most. */
export const holidayLimits = { bytes: 1_000_000, events: 5_000, repeats: 1_000, days: 31, holidays: 1_000, ms: 5_000 } as const;

/** Knows zones and reads calendar files. */
export interface CalendarReader {
  /** Whether this names a time zone of the IANA list. */
  isZone(zone: string): boolean;
  /** Open hours between two instants; local times that a clock change skips begin after it, and days are as long as they are. */
  openHours(week: WorkingWeek, fromMs: number, untilMs: number): OpenHours;
  /** The local date at an instant. */
  dateAt(zone: string, atMs: number): string;
  /** All-day events of an `.ics` file in the window, repeating ones included. @throws {Failure} `calendar.file-unreadable` */
  readHolidays(text: string, window: DayWindow): Promise<ReadHolidays>;
}
