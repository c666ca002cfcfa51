/** Something due, as a calendar shows it. */
export interface CalendarEntry {
  /** Stable, so that a calendar updates an entry instead of adding another. */
  readonly id: string;
  readonly dueAtMs: number;
  readonly durationMs: number;
  readonly title: string;
  readonly detail: string;
  readonly url: string;
}

/** Writes a calendar in the iCalendar format (RFC 5545). */
export type WriteCalendar = (calendar: {
  readonly name: string;
  readonly entries: readonly CalendarEntry[];
  readonly madeAtMs: number;
}) => string;
