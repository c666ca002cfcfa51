import ICAL from "ical.js";
import type { Holiday } from "../../core/oversight/calendar.ts";
import { type DayWindow, type ReadHolidays, holidayLimits } from "../../engine/ports/calendar-reader.ts";

const maxToldSkipped = 50;
/** Repeats that are walked through in one file, whatever its events. */
const maxAllRepeats = 50_000;

/** All-day events of a calendar file as days without work. Runs in a thread that can be ended: a rule may never come to its next day. */
export function holidayEvents(text: string, window: DayWindow): ReadHolidays {
  const reading = new Reading(window);
  const events = calendarsOf(text).flatMap((calendar) => calendar.getAllSubcomponents("vevent"));
  for (const component of events.slice(0, holidayLimits.events)) reading.take(component);
  reading.tooMany(events.length - holidayLimits.events);
  return reading.result();
}

/** One file may hold several calendars. */
function calendarsOf(text: string): readonly ICAL.Component[] {
  const parsed: unknown = ICAL.parse(text); // one calendar, or a list of them
  const lists = Array.isArray(parsed) && Array.isArray(parsed[0]) ? (parsed as unknown[]) : [parsed];
  return lists.map((jcal) => new ICAL.Component(jcal as ConstructorParameters<typeof ICAL.Component>[0]));
}

/** Collects the days of events one by one and stays within the limits. */
class Reading {
  readonly #window: DayWindow;
  readonly #days = new Map<string, string>();
  readonly #skipped: { name: string; reason: string }[] = [];
  #skippedCount = 0;
  #repeats = 0;

  constructor(window: DayWindow) {
    this.#window = window;
  }

  take(component: ICAL.Component): void {
    const event = new ICAL.Event(component);
    const name = nameOf(event.summary);
    const problem = this.#problem(component, event);
    if (problem !== null) return this.#skip(name, problem);
    if (!event.isRecurring()) return this.#add(name, event.startDate, event.endDate);
    this.#addRepeats(name, event, monthDaysOf(component));
  }

  #addRepeats(name: string, event: ICAL.Event, monthDays: readonly number[]): void {
    const iterator = event.iterator();
    for (let count = 0; ; count += 1) {
      const next = iterator.next() as ICAL.Time | null | undefined; // nothing once the rule has ended
      if (next === null || next === undefined || dateOf(next) > this.#window.toDate) return;
      this.#repeats += 1;
      if (count >= holidayLimits.repeats || this.#repeats > maxAllRepeats) return this.#skip(name, "it repeats too often");
      // The library makes 2 March of 30 February; a day that does not exist is no day (RFC 5545, 3.3.10).
      if (monthDays.length > 0 && !monthDays.includes(next.day)) continue;
      const found = event.getOccurrenceDetails(next) as { readonly startDate: ICAL.Time; readonly endDate: ICAL.Time | null }; // untyped there
      this.#add(name, found.startDate, found.endDate);
    }
  }

  tooMany(count: number): void {
    if (count <= 0) return;
    this.#skip("", `the file has more than ${holidayLimits.events} events`);
    this.#skippedCount += count - 1;
  }

  result(): ReadHolidays {
    const holidays: readonly Holiday[] = [...this.#days]
      .map(([date, name]) => ({ date, name }))
      .sort((left, right) => (left.date < right.date ? -1 : 1));
    return { holidays, skipped: this.#skipped, skippedCount: this.#skippedCount };
  }

  #problem(component: ICAL.Component, event: ICAL.Event): string | null {
    const start = component.getFirstPropertyValue("dtstart");
    if (!(start instanceof ICAL.Time)) return "it has no date";
    if (!start.isDate) return "it is no all-day event";
    if (component.getFirstPropertyValue("status") === "CANCELLED") return "it is cancelled";
    const rules = component.getAllProperties("rrule");
    if (rules.length > 1) return "it has several rules";
    const rule = rules[0]?.getFirstValue();
    if (rule instanceof ICAL.Recur && !["YEARLY", "MONTHLY", "WEEKLY", "DAILY"].includes(rule.freq)) return "it repeats within a day";
    return event.isRecurrenceException() ? "it changes one day of another event" : null;
  }

  #add(name: string, start: ICAL.Time, end: ICAL.Time | null): void {
    const day = start.clone();
    const last = end === null ? dateOf(start) : dateOf(end); // the end is the first day that no longer belongs to it
    for (let days = 0; days === 0 || dateOf(day) < last; days += 1) {
      if (days >= holidayLimits.days) return this.#skip(name, `it lasts longer than ${holidayLimits.days} days`);
      const date = dateOf(day);
      if (date >= this.#window.fromDate && date <= this.#window.toDate) {
        if (this.#days.size >= holidayLimits.holidays && !this.#days.has(date)) return this.#skip(name, "the file has too many holidays");
        if (!this.#days.has(date)) this.#days.set(date, name);
      }
      day.addDuration(ICAL.Duration.fromSeconds(86_400));
    }
  }

  #skip(name: string, reason: string): void {
    this.#skippedCount += 1;
    if (this.#skipped.length < maxToldSkipped) this.#skipped.push({ name, reason });
  }
}

/** Days of the month that a rule names, where it counts them from the start; empty: it does not. */
function monthDaysOf(component: ICAL.Component): readonly number[] {
  const rule = component.getFirstPropertyValue("rrule");
  const days = rule instanceof ICAL.Recur ? rule.getComponent("BYMONTHDAY").map(Number) : [];
  return days.every((day) => day > 0) ? days : [];
}

const two = (number: number): string => String(number).padStart(2, "0");

const dateOf = ({ year, month, day }: ICAL.Time): string => `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;

/** One line, without what a terminal or a page would obey. */
const nameOf = (summary: unknown): string =>
  (typeof summary === "string" ? summary : "")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Z}]+/gu, " ")
    .trim()
    .slice(0, 200) || "Holiday";
