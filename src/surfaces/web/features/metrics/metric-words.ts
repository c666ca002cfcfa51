import type { EventRows, MetricDocument } from "../../../../contract/metrics-contract.ts";
import { durationText } from "../../shell/words.ts";

type Unit = MetricDocument["unit"];

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

const units: { readonly [unit in Unit]: (value: number) => string } = {
  "per-week": (value) => `${digits(value)} a week`,
  share: (value) => `${(value * 100).toFixed(0)} %`,
  ratio: digits,
  ms: durationText,
};

/** A value in the unit of its metric. */
export const valueText = (value: number | null, unit: Unit): string => (value === null ? "not enough data" : units[unit](value));

/** `61 % to 84 %`; for durations the median and the ninth decile. */
export function intervalText({ interval, unit }: Pick<MetricDocument, "interval" | "unit">): string {
  if (interval === null) return "";
  const text = unit === "per-week" ? digits : units[unit];
  return `${text(interval.low)} to ${text(interval.high)}`;
}

/** The change against the window before; null without a value in both. Shares change by points, everything else by its own size. */
export function trendText({ value, before, unit }: Pick<MetricDocument, "value" | "before" | "unit">): string | null {
  if (value === null || before === null) return null;
  if (unit === "share") return signed((value - before.value) * 100, " points");
  return before.value === 0 ? null : signed((value / before.value - 1) * 100, " %");
}

const signed = (change: number, unit: string): string => {
  const whole = Math.round(change);
  return whole === 0 ? `±0${unit}` : `${whole > 0 ? "+" : "−"}${Math.abs(whole)}${unit}`;
};

/** The events behind a number, on the audit page. */
export const auditAddress = ({ kinds, fromMs, toMs }: EventRows): string =>
  `/audit?${new URLSearchParams({ kinds: kinds.join(","), from: String(fromMs), to: String(toMs) }).toString()}`;
