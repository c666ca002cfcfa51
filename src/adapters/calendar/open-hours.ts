import { Temporal } from "temporal-polyfill";
import type { OpenHours, OpenInterval } from "../../core/shared/open-hours.ts";
import type { WorkingWeek } from "../../engine/ports/calendar-reader.ts";

/** Days read at most, three years; beyond them every hour counts. */
const maxDays = 1_100;

/** Open intervals of a working week between two instants, in the calendar's zone. `O(days)`. */
export function openHours({ zone, week, holidays }: WorkingWeek, fromMs: number, untilMs: number): OpenHours {
  const closed = new Set(holidays.map((holiday) => holiday.date));
  const open: OpenInterval[] = [];
  let day = localDate(zone, fromMs);
  for (let days = 0; days < maxDays; days += 1) {
    const startMs = instantAt(zone, day, 0);
    if (startMs >= untilMs) return { intervals: joined(open, { fromMs, toMs: untilMs }), untilMs };
    const hours = closed.has(day.toString()) ? [] : week.filter((one) => one.weekday === day.dayOfWeek);
    for (const { fromMinute, toMinute } of hours)
      open.push({ fromMs: instantAt(zone, day, fromMinute), toMs: instantAt(zone, day, toMinute) });
    day = day.add({ days: 1 });
  }
  const endMs = instantAt(zone, day, 0);
  return { intervals: joined(open, { fromMs, toMs: endMs }), untilMs: endMs };
}

const localDate = (zone: string, atMs: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDate();

/** Minute 1440 is the next midnight. A time that does not exist that day counts from after the gap, one that comes twice from its first. */
function instantAt(zone: string, day: Temporal.PlainDate, minute: number): number {
  const date = minute >= 1_440 ? day.add({ days: 1 }) : day;
  const time = new Temporal.PlainTime(Math.floor((minute % 1_440) / 60), minute % 60);
  return date.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
}

/** Sorted, cut to the window, without overlaps and empty ones. */
function joined(intervals: readonly OpenInterval[], window: OpenInterval): readonly OpenInterval[] {
  const result: OpenInterval[] = [];
  for (const interval of [...intervals].sort((left, right) => left.fromMs - right.fromMs)) {
    const fromMs = Math.max(interval.fromMs, window.fromMs);
    const toMs = Math.min(interval.toMs, window.toMs);
    const last = result.at(-1);
    if (toMs <= fromMs) continue;
    if (last !== undefined && fromMs <= last.toMs) result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) };
    else result.push({ fromMs, toMs });
  }
  return result;
}

/** Names that the zone database knows; offsets such as `+02:00` are no zones, for they know no summer time. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/u.test(zone)) return false;
  try {
    localDate(zone, 0);
    return true;
  } catch {
    return false; // the library's only way to say that it does not know the name
  }
}

export const dateAt = (zone: string, atMs: number): string => localDate(zone, atMs).toString();
