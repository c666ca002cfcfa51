/** Whether decisions come in faster than people take them, from what was asked and answered in a window of days. */

/** One thing that was put before people. */
export interface AskedDecision {
  readonly askedAtMs: number;
  /** Null: not answered by a person, because it is open or was withdrawn or expired. */
  readonly answeredAtMs: number | null;
  readonly isOpen: boolean;
}

export interface DecisionLoad {
  readonly fromMs: number;
  readonly toMs: number;
  /** Mondays to Fridays that began in the window (UTC); at least 1. */
  readonly workingDays: number;
  readonly arrived: number;
  readonly answered: number;
  readonly arrivedPerDay: number;
  readonly answeredPerDay: number;
  readonly open: number;
  /** Ages of what is open; null: nothing is. */
  readonly medianAgeMs: number | null;
  readonly oldestAgeMs: number | null;
  /** More came in than went out, by more than chance would often bring. */
  readonly overloaded: boolean;
}

const dayMs = 86_400_000;

/** Days looked back on. */
export const loadWindowDays = 14;
/** Fewer arrivals than this say nothing. */
const minArrivals = 10;
/** One-sided 5 % of a normal distribution. */
const z = 1.645;

/** What the numbers mean, for the screens that show them. */
export const loadDefinition =
  "Things asked of people in real projects in the last 14 days, per working day (Monday to Friday, UTC), against those that people answered. " +
  "Overload: at least 10 were asked, and asked minus answered is larger than 1.645 times the root of their sum, which an even flow exceeds in 1 of 20 windows.";

/** The load at a moment. `O(n log n)`. */
export function decisionLoad(asked: readonly AskedDecision[], nowMs: number): DecisionLoad {
  const fromMs = nowMs - loadWindowDays * dayMs;
  const inWindow = (atMs: number | null): boolean => atMs !== null && atMs > fromMs && atMs <= nowMs;
  const arrived = asked.filter((one) => inWindow(one.askedAtMs)).length;
  const answered = asked.filter((one) => inWindow(one.answeredAtMs)).length;
  const ages = asked
    .filter((one) => one.isOpen)
    .map((one) => Math.max(0, nowMs - one.askedAtMs))
    .sort((left, right) => left - right);
  const workingDays = Math.max(1, workingDaysBetween(fromMs, nowMs));
  return {
    fromMs,
    toMs: nowMs,
    workingDays,
    arrived,
    answered,
    arrivedPerDay: arrived / workingDays,
    answeredPerDay: answered / workingDays,
    open: ages.length,
    medianAgeMs: medianOf(ages),
    oldestAgeMs: ages.at(-1) ?? null,
    overloaded: arrived >= minArrivals && arrived - answered > z * Math.sqrt(arrived + answered),
  };
}

function medianOf(sorted: readonly number[]): number | null {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[middle - 1];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

/** Days from Monday to Friday that began after `fromMs` and not after `toMs`. */
function workingDaysBetween(fromMs: number, toMs: number): number {
  let days = 0;
  for (let day = Math.floor(fromMs / dayMs) + 1; day * dayMs <= toMs; day++) {
    const weekday = (day + 4) % 7; // 1 January 1970 was a Thursday
    if (weekday >= 1 && weekday <= 5) days += 1;
  }
  return days;
}
