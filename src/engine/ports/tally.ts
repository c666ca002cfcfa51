import type { JsonObject } from "../../core/shared/json.ts";

/** How many rows have these values, in the order of the fields asked for. */
export interface Tally {
  readonly values: readonly string[];
  readonly count: number;
  /** The lowest id among them; only where it was asked for. */
  readonly firstId?: string;
}

/**
 * What events are grouped by: their kind, their project, a field of their data (numbers as text), or whether their own time lies
 * before an instant ("true" or "false"), so that two windows are counted in one reading.
 */
export type MeasureKey = "kind" | "projectId" | { readonly data: string } | { readonly before: number };

/** Characters; a longer value of a field counts as none. */
export const maxMeasuredText = 100;

/** A question about many events that the store answers with numbers instead of rows. */
export interface EventMeasure {
  /** 1 to 20 kinds. */
  readonly kinds: readonly string[];
  /** Of the newest events of each kind at most this many are looked at, 1 to 50,000: the cost has a bound however long the log is. */
  readonly newest: number;
  /** Events whose own time lies in `[fromMs, toMs)`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: readonly MeasureKey[];
  /** A field of the data that holds a number: its quantiles and its sum are given. */
  readonly number?: string;
}

/** One group. A value that an event lacks is null. */
export interface EventGroup {
  readonly values: readonly (string | null)[];
  readonly count: number;
  /** Linear between the two nearest (Hyndman and Fan, type 7); null without a number. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly sum: number | null;
}

/** A field of an event's data as a group's value. */
export function measuredText(data: JsonObject, field: string): string | null {
  const value = data[field];
  if (value === undefined || value === null) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > maxMeasuredText && Array.from(text).length > maxMeasuredText ? null : text;
}
