const hourMs = 3_600_000;
/** When a working day begins for who puts something off to it. */
const morningHour = 9;

export interface LaterTime {
  readonly label: string;
  readonly atMs: number;
}

function morning(fromMs: number, days: number): number {
  const at = new Date(fromMs);
  at.setDate(at.getDate() + days);
  at.setHours(morningHour, 0, 0, 0);
  return at.getTime();
}

/** Times to put something off to, in the reader's zone, soonest first. */
export function laterTimes(nowMs: number): readonly LaterTime[] {
  const daysToMonday = (8 - new Date(nowMs).getDay()) % 7 || 7;
  const times: readonly LaterTime[] = [
    { label: "In an hour", atMs: nowMs + hourMs },
    { label: "In four hours", atMs: nowMs + 4 * hourMs },
    { label: "Tomorrow at 9", atMs: morning(nowMs, 1) },
    { label: "Monday at 9", atMs: morning(nowMs, daysToMonday) },
  ];
  return daysToMonday === 1 ? times.slice(0, -1) : times; // on a Sunday tomorrow is Monday
}
