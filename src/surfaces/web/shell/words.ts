/** How values are put for people: durations, money, hours, counts. Pure; the clock is the caller's. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The two largest units of a duration: `42 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function durationText(durationMs: number): string {
  const whole = Math.max(0, Math.round(durationMs));
  if (whole < minuteMs) return `${Math.floor(whole / 1000)} s`;
  if (whole < hourMs) return `${Math.floor(whole / minuteMs)} min`;
  if (whole < dayMs) return twoUnits([Math.floor(whole / hourMs), "h"], [Math.floor((whole % hourMs) / minuteMs), "min"]);
  return twoUnits([Math.floor(whole / dayMs), "d"], [Math.floor((whole % dayMs) / hourMs), "h"]);
}

function twoUnits(large: readonly [number, string], small: readonly [number, string]): string {
  const first = `${large[0]} ${large[1]}`;
  return small[0] === 0 ? first : `${first} ${small[0]} ${small[1]}`;
}

/** `just now`, `5 min ago`, `in 2 h`. */
export function relativeText(atMs: number, nowMs: number): string {
  const apart = atMs - nowMs;
  if (Math.abs(apart) < 5_000) return "just now";
  const length = largestUnit(Math.abs(apart));
  return apart > 0 ? `in ${length}` : `${length} ago`;
}

function largestUnit(apartMs: number): string {
  if (apartMs < minuteMs) return `${Math.round(apartMs / 1000)} s`;
  if (apartMs < hourMs) return `${Math.round(apartMs / minuteMs)} min`;
  if (apartMs < 2 * dayMs) return `${Math.round(apartMs / hourMs)} h`;
  return `${Math.round(apartMs / dayMs)} d`;
}

const instants = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const days = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

/** The absolute instant in the reader's zone. */
export const instantText = (atMs: number): string => instants.format(atMs);

export const dayText = (atMs: number): string => days.format(atMs);

/** `8 h`, `36 s`: hours of work, in the unit that keeps two digits. */
export function hoursText(hours: number): string {
  if (hours >= 1) return `${trim(hours, 1)} h`;
  if (hours * 60 >= 1) return `${trim(hours * 60, 0)} min`;
  return `${trim(hours * 3600, 0)} s`;
}

const trim = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** Micro-units of a currency as an amount. */
export function moneyText(micro: number, currency: string): string {
  const digits = micro % 1_000_000 === 0 ? 0 : 2;
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency, maximumFractionDigits: digits }).format(micro / 1_000_000);
  } catch {
    // A currency that this browser does not know is still shown, by its code.
    return `${trim(micro / 1_000_000, 2)} ${currency}`;
  }
}

/** `1 task`, `3 tasks`. */
export const countText = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${trim(bytes / 1000, 0)} kB`;
  if (bytes < 1_000_000_000) return `${trim(bytes / 1_000_000, 1)} MB`;
  return `${trim(bytes / 1_000_000_000, 1)} GB`;
}

/** `module_graph` or `needs-input` as words. */
export const plainWords = (name: string): string => name.replaceAll(/[_-]+/g, " ");

/** Read letter by letter, so written in capitals. */
const spelled: ReadonlySet<string> = new Set(["api", "hr", "it", "ml", "qa", "sre", "ui", "ux"]);

/** The same, with a capital; `qa_engineer` as `QA engineer`. */
export const titleWords = (name: string): string => {
  const [first = "", ...rest] = plainWords(name).split(" ");
  return [spelled.has(first) && rest.length > 0 ? first.toUpperCase() : first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(" ");
};
