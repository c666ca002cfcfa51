/** Open from `fromMs` until just before `toMs`, epoch milliseconds. */
export interface OpenInterval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When work is done, as far as `untilMs`. Zones, holidays and `.ics` are read by an adapter; core sees this only. */
export interface OpenHours {
  /** Sorted, disjoint, none empty; all before `untilMs`. */
  readonly intervals: readonly OpenInterval[];
  readonly untilMs: number;
}
