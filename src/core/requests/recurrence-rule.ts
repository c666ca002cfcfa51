/**
 * Calendar rules: a stated part of RFC 5545's RRULE, in civil time. A wall time is what a clock on the wall shows, as the
 * milliseconds it would be in UTC; which instant that is in a zone, an adapter says.
 *
 * Source: RFC 5545, 3.3.10
 */

export type Frequency = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";

export interface RuleDay {
  /** 0 Monday to 6 Sunday. */
  readonly weekday: number;
  /** 1: the first in the month, -1: the last; 0: each. */
  readonly ordinal: number;
}

export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** The last moment, as a wall time or as an instant. */
  readonly until: { readonly kind: "wall" | "instant"; readonly ms: number } | null;
  readonly byDay: readonly RuleDay[];
  /** 1 to 31, or -1 (the last) to -31. */
  readonly byMonthDay: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPosition: readonly number[];
  readonly weekStart: number;
}

export type ReadRule = { readonly kind: "rule"; readonly rule: RecurrenceRule } | { readonly kind: "problem"; readonly message: string };

/** Upper bounds: characters of a rule, periods between two occurrences, occurrences that are counted, and the year up to which a rule is followed. */
export const ruleLimits = { textLength: 300, interval: 1_000, count: 1_000, year: 2_200 } as const;

const frequencies: readonly Frequency[] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const dayMs = 86_400_000;

const problem = (message: string): ReadRule => ({ kind: "problem", message });

/** Reads a rule such as `FREQ=MONTHLY;BYDAY=1MO`. What is not understood is refused with the reason, never left out. */
export function readRule(text: string): ReadRule {
  if (text.length > ruleLimits.textLength) return problem(`A rule has at most ${ruleLimits.textLength} characters.`);
  const parts = partsOf(text);
  if (typeof parts === "string") return problem(parts);
  const fields: { [name: string]: unknown } = { ...unstated };
  for (const [name, value] of parts) {
    const read = readers[name]?.(value);
    if (read === undefined || read === null) return problem(`"${value.slice(0, 40)}" is no ${name} that is understood here.`);
    Object.assign(fields, read);
  }
  const rule = fields as unknown as RecurrenceRule; // `unstated` has every field but the frequency, which is looked at next
  const wrong = parts.has("FREQ") ? combinationProblem(rule) : "A rule says FREQ, such as FREQ=WEEKLY.";
  return wrong === null ? { kind: "rule", rule } : problem(wrong);
}

/** The parts of a rule by name, or what is wrong with one of them. */
function partsOf(text: string): ReadonlyMap<string, string> | string {
  const parts = new Map<string, string>();
  const named = text
    .replace(/^RRULE:/iu, "")
    .toUpperCase()
    .split(";");
  for (const part of named) {
    const [name = "", value = "", ...more] = part.trim().split("=");
    if (name === "" || value === "" || more.length > 0) return `"${part.slice(0, 40)}" is no NAME=VALUE of a calendar rule.`;
    if (readers[name] === undefined) return `${name.slice(0, 20)} is not understood here. A rule has ${Object.keys(readers).join(", ")}.`;
    if (parts.has(name)) return `${name} stands twice.`;
    parts.set(name, value);
  }
  return parts;
}

const unstated: Omit<RecurrenceRule, "frequency"> = {
  interval: 1,
  count: null,
  until: null,
  byDay: [],
  byMonthDay: [],
  byMonth: [],
  bySetPosition: [],
  weekStart: 0,
};

/** Combinations whose meaning is empty, or differs between the programs that read calendars. */
function combinationProblem(rule: RecurrenceRule): string | null {
  if (rule.count !== null && rule.until !== null) return "A rule says COUNT or UNTIL, not both.";
  return ordinalProblem(rule) ?? dayProblem(rule);
}

function ordinalProblem({ frequency, byDay, byMonthDay }: RecurrenceRule): string | null {
  if (byDay.every((day) => day.ordinal === 0)) return null;
  if (frequency === "DAILY" || frequency === "WEEKLY") return "A numbered day such as 1MO needs FREQ=MONTHLY or YEARLY.";
  return byMonthDay.length > 0 ? "A numbered day such as 1MO and BYMONTHDAY do not go together." : null;
}

function dayProblem({ frequency, byDay, byMonthDay, byMonth, bySetPosition }: RecurrenceRule): string | null {
  const namesDays = byDay.length + byMonthDay.length > 0;
  if (frequency === "WEEKLY" && byMonthDay.length > 0) return "BYMONTHDAY does not go with FREQ=WEEKLY.";
  if (frequency === "DAILY" && bySetPosition.length > 0) return "BYSETPOS does not go with FREQ=DAILY.";
  if (bySetPosition.length > 0 && !namesDays) return "BYSETPOS chooses among BYDAY or BYMONTHDAY; name one.";
  return frequency === "YEARLY" && byMonth.length === 0 && namesDays ? "With FREQ=YEARLY, BYDAY and BYMONTHDAY need BYMONTH." : null;
}

type Reader = (value: string) => Partial<RecurrenceRule> | null;

const whole = (value: string, from: number, to: number): number | null => {
  const number = /^[+-]?\d{1,4}$/u.test(value) ? Number(value) : Number.NaN;
  return number >= from && number <= to ? number : null;
};

function wholes(value: string, [from, to]: readonly [number, number], negative = false): readonly number[] | null {
  const numbers = value.split(",").map((one) => whole(one, negative ? -to : from, to));
  return numbers.length <= 62 && numbers.every((one): one is number => one !== null && one !== 0) ? [...new Set(numbers)] : null;
}

const field = <Value>(name: keyof RecurrenceRule, value: Value | null): Partial<RecurrenceRule> | null =>
  value === null ? null : ({ [name]: value } as Partial<RecurrenceRule>); // each reader below gives the field's own type

const readers: { readonly [name: string]: Reader } = {
  FREQ: (value) => field("frequency", frequencies.find((one) => one === value) ?? null),
  INTERVAL: (value) => field("interval", whole(value, 1, ruleLimits.interval)),
  COUNT: (value) => field("count", whole(value, 1, ruleLimits.count)),
  UNTIL: (value) => field("until", readUntil(value)),
  BYDAY: (value) => field("byDay", readDays(value)),
  BYMONTHDAY: (value) => field("byMonthDay", wholes(value, [1, 31], true)),
  BYMONTH: (value) => field("byMonth", wholes(value, [1, 12])),
  BYSETPOS: (value) => field("bySetPosition", wholes(value, [1, 366], true)),
  WKST: (value) => field("weekStart", weekdayOf(value)),
};

function weekdayOf(value: string): number | null {
  const at = weekdays.findIndex((one) => one === value);
  return at < 0 ? null : at;
}

function readDays(value: string): readonly RuleDay[] | null {
  const days = value.split(",").map((one): RuleDay | null => {
    const [, ordinal = "", name = ""] = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/u.exec(one) ?? [];
    const weekday = weekdayOf(name);
    return weekday === null ? null : { weekday, ordinal: ordinal === "" ? 0 : Number(ordinal) };
  });
  return days.length <= 60 && days.every((day): day is RuleDay => day !== null) ? days : null;
}

/** `20301231` (that whole day on the wall), `20301231T170000` (on the wall) or `20301231T170000Z` (an instant). */
function readUntil(value: string): RecurrenceRule["until"] {
  const [, year, month, day, hour, minute, second, utc] = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/u.exec(value) ?? [];
  if (year === undefined || !isDay(Number(year), Number(month), Number(day))) return null;
  const dayAtMs = dayNumber(Number(year), Number(month), Number(day)) * dayMs;
  if (hour === undefined) return { kind: "wall", ms: dayAtMs + dayMs - 1 };
  const ms = dayAtMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000;
  return { kind: utc === "Z" ? "instant" : "wall", ms };
}

/** `2031-01-31T09:00` as a wall time; null: no such day or time. */
export function readWallTime(text: string): number | null {
  const [, year, month, day, hour, minute] = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d)$/u.exec(text) ?? [];
  if (year === undefined || Number(year) < 1970 || !isDay(Number(year), Number(month), Number(day))) return null;
  return dayNumber(Number(year), Number(month), Number(day)) * dayMs + (Number(hour) * 60 + Number(minute)) * 60_000;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] ?? 0));
const isDay = (year: number, month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);

/** Days since 1970-01-01 in the Gregorian calendar. Source: H. Hinnant, days_from_civil. */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The inverse of `dayNumber`. Source: H. Hinnant, civil_from_days. */
function dateOf(number: number): CivilDate {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

/** 0 Monday; 1970-01-01 was a Thursday. */
const weekdayAt = (number: number): number => (((number + 3) % 7) + 7) % 7;

/**
 * The wall times of a rule in order, from `fromWallMs` on. The start gives the time of day and the lower bound; it is an
 * occurrence only if the rule names its day. Ends by itself when the rule does, or names no day any more.
 */
export function* wallTimes(rule: RecurrenceRule, startWallMs: number, fromWallMs: number): Generator<number> {
  const startDay = Math.floor(startWallMs / dayMs);
  const timeMs = startWallMs - startDay * dayMs;
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  const lastPeriod = (dayNumber(ruleLimits.year, 1, 1) - startDay) / (shortestDays[rule.frequency] * rule.interval);
  // A counted rule is counted from its start; any other may begin near the answer.
  const firstPeriod = rule.count === null ? periodBefore(rule, startDay, Math.floor(fromWallMs / dayMs)) : 0;
  for (let period = firstPeriod; period <= lastPeriod; period++) {
    const days = chosen(rule, daysOf(rule, startDay, period)).filter((day) => day >= startDay);
    for (const day of days) {
      const wallMs = day * dayMs + timeMs;
      if (left <= 0 || (rule.until?.kind === "wall" && wallMs > rule.until.ms)) return;
      left -= 1;
      if (wallMs >= fromWallMs) yield wallMs;
    }
  }
}

const shortestDays = { DAILY: 1, WEEKLY: 7, MONTHLY: 28, YEARLY: 365 } as const;
const longestDays = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 } as const;

/** A period that ends before the day asked for, or the first. */
function periodBefore(rule: RecurrenceRule, startDay: number, fromDay: number): number {
  return Math.max(0, Math.floor((fromDay - startDay) / (longestDays[rule.frequency] * rule.interval)) - 2);
}

/** The days that a period names, ascending; those before the start among them. */
function daysOf(rule: RecurrenceRule, startDay: number, period: number): readonly number[] {
  const start = dateOf(startDay);
  const step = period * rule.interval;
  switch (rule.frequency) {
    case "DAILY":
      return [startDay + step].filter((day) => fits(rule, day));
    case "WEEKLY": {
      const weekday = weekdayAt(startDay);
      const first = startDay - ((weekday - rule.weekStart + 7) % 7) + step * 7;
      const named = rule.byDay.length === 0 ? [weekday] : rule.byDay.map((day) => day.weekday);
      return Array.from({ length: 7 }, (_, at) => first + at).filter((day) => named.includes(weekdayAt(day)) && fits(rule, day));
    }
    case "MONTHLY": {
      const months = start.year * 12 + start.month - 1 + step;
      return daysOfMonth(rule, { year: Math.floor(months / 12), month: (months % 12) + 1, day: start.day });
    }
    case "YEARLY": {
      const months = rule.byMonth.length === 0 ? [start.month] : rule.byMonth;
      const year = start.year + step;
      return [...months].sort((left, right) => left - right).flatMap((month) => daysOfMonth(rule, { year, month, day: start.day }));
    }
  }
}

function daysOfMonth(rule: RecurrenceRule, { year, month, day }: CivilDate): readonly number[] {
  const length = daysIn(year, month);
  const first = dayNumber(year, month, 1);
  const unnamed = rule.byDay.length + rule.byMonthDay.length === 0;
  return Array.from({ length }, (_, at) => first + at).filter(
    (number, at) => (!unnamed || at + 1 === day) && fits(rule, number) && inOrdinals(rule, { at, length, weekday: weekdayAt(number) }),
  );
}

/** Whether a day passes the limits that hold in every frequency. */
function fits(rule: RecurrenceRule, number: number): boolean {
  const { year, month, day } = dateOf(number);
  if (rule.byMonth.length > 0 && !rule.byMonth.includes(month)) return false;
  if (rule.byMonthDay.length > 0 && !rule.byMonthDay.some((one) => one === day || one === day - daysIn(year, month) - 1)) return false;
  return rule.byDay.length === 0 || rule.byDay.some((one) => one.weekday === weekdayAt(number));
}

const inOrdinals = (
  rule: RecurrenceRule,
  { at, length, weekday }: { readonly at: number; readonly length: number; readonly weekday: number },
): boolean =>
  rule.byDay.length === 0 ||
  rule.byDay.some(
    (one) =>
      one.weekday === weekday &&
      (one.ordinal === 0 || one.ordinal === Math.floor(at / 7) + 1 || one.ordinal === -Math.floor((length - 1 - at) / 7) - 1),
  );

/** BYSETPOS: the named places of a period's days. */
function chosen(rule: RecurrenceRule, days: readonly number[]): readonly number[] {
  if (rule.bySetPosition.length === 0) return days;
  return days.filter((_, at) => rule.bySetPosition.some((place) => place === at + 1 || place === at - days.length));
}
