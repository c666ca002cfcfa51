import { countInterval, fewestMeasured, type Interval, shareInterval } from "../../core/shared/intervals.ts";
import type { EventGroup } from "../ports/tally.ts";

/** Events that a number rests on. */
export interface EventRowsView {
  readonly kinds: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

export interface MetricView {
  readonly key: string;
  readonly label: string;
  readonly definition: string;
  readonly unit: "per-week" | "share" | "ratio" | "ms";
  readonly n: number;
  readonly fewest: number;
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly intervalMeans: string;
  readonly before: { readonly value: number; readonly n: number } | null;
  readonly rows: EventRowsView;
}

/** A number as one window gives it, before it is known whether it rests on enough. */
export interface Observed {
  readonly n: number;
  readonly value: number;
  readonly interval: Interval;
}

/** What a number is called and how it is counted. */
export interface MetricName {
  readonly key: string;
  readonly label: string;
  readonly definition: string;
  readonly unit: MetricView["unit"];
  readonly intervalMeans: string;
  readonly kinds: readonly string[];
}

const chance = "95 % interval";

/** Too few observations give no value, in the window and in its baseline alike. */
export function metricView(
  name: MetricName,
  window: { readonly fromMs: number; readonly toMs: number },
  found: { readonly now: Observed; readonly before: Observed },
): MetricView {
  const { kinds, ...told } = name;
  const { now, before } = found;
  const isEnough = now.n >= fewestMeasured;
  return {
    ...told,
    n: now.n,
    fewest: fewestMeasured,
    value: isEnough ? now.value : null,
    interval: isEnough ? now.interval : null,
    before: before.n >= fewestMeasured ? { value: before.value, n: before.n } : null,
    rows: { kinds, ...window },
  };
}

export const shareName = (name: Omit<MetricName, "unit" | "intervalMeans">): MetricName => ({
  ...name,
  unit: "share",
  intervalMeans: chance,
});
export const rateName = (name: Omit<MetricName, "unit" | "intervalMeans">): MetricName => ({
  ...name,
  unit: "per-week",
  intervalMeans: chance,
});
export const ratioName = (name: Omit<MetricName, "unit" | "intervalMeans">): MetricName => ({
  ...name,
  unit: "ratio",
  intervalMeans: chance,
});
export const durationName = (name: Omit<MetricName, "unit" | "intervalMeans">): MetricName => ({
  ...name,
  unit: "ms",
  intervalMeans: "median to ninth decile",
});

export const share = (hits: number, n: number): Observed => ({ n, value: n === 0 ? 0 : hits / n, interval: shareInterval(hits, n) });

/** How often per week. */
export function rate(count: number, weeks: number): Observed {
  const { low, high } = countInterval(count);
  return { n: count, value: count / weeks, interval: { low: low / weeks, high: high / weeks } };
}

/** How many of one per one of another; rests on the others. */
export function ratio(count: number, per: number): Observed {
  const { low, high } = countInterval(count);
  const each = Math.max(1, per);
  return { n: per, value: count / each, interval: { low: low / each, high: high / each } };
}

/** Median and ninth decile of one group; a group without the number counts as nothing observed. */
export function duration(group: EventGroup | undefined): Observed {
  if (group === undefined || group.p50 === null || group.p90 === null) return { n: 0, value: 0, interval: { low: 0, high: 0 } };
  return { n: group.count, value: group.p50, interval: { low: group.p50, high: group.p90 } };
}

/** How many events there are in the groups that have these values at their places. */
export const counted = (groups: readonly EventGroup[], wanted: (values: EventGroup["values"]) => boolean): number =>
  groups.reduce((sum, group) => (wanted(group.values) ? sum + group.count : sum), 0);
