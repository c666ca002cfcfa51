import type { CalendarReader } from "../../engine/ports/calendar-reader.ts";
import { dateAt, isZone, openHours } from "./open-hours.ts";
import { readHolidays } from "./read-holidays.ts";

/** Zones by the database of the runtime, files by ical.js. */
export const calendarReader: CalendarReader = { isZone, openHours, dateAt, readHolidays };
