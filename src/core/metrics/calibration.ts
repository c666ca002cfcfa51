import { type Interval, fewestMeasured, shareInterval } from "../shared/intervals.ts";

/** How sure somebody was that what they expected comes, and whether it came. */
export interface Forecasted {
  /** From 0 to 1. */
  readonly probability: number;
  readonly came: boolean;
}

/** Forecasts of about the same probability. */
export interface ReliabilityBin {
  /** From here on, 0 to 1. */
  readonly from: number;
  /** Up to here; excluded but for the last bin. */
  readonly to: number;
  readonly n: number;
  /** Mean of what was said; null: nothing was. */
  readonly said: number | null;
  /** Share of what came, with its interval at 95 %; null: nothing was said. */
  readonly came: number | null;
  readonly interval: Interval | null;
}

export interface Calibration {
  readonly n: number;
  /** Mean of the squared distances of what was said and what came: 0 is perfect, 0.25 is what "50 %" every time gets, 1 is always sure and wrong. Null: fewer than `fewestMeasured`. */
  readonly brier: number | null;
  /** Where the score lies at 95 %, by the spread of the squared distances. */
  readonly interval: Interval | null;
  readonly bins: readonly ReliabilityBin[];
}

const binCount = 5;
const z = 1.959_964;

/**
 * How well stated probabilities fit what came. `O(n)`.
 *
 * Source: Brier, Verification of forecasts expressed in terms of probability, 1950
 */
export function calibrationOf(forecasts: readonly Forecasted[]): Calibration {
  const n = forecasts.length;
  const isEnough = n >= fewestMeasured;
  const distances = forecasts.map(({ probability, came }) => (probability - (came ? 1 : 0)) ** 2);
  const brier = meanOf(distances);
  const spread = n < 2 ? 0 : Math.sqrt(distances.reduce((sum, distance) => sum + (distance - brier) ** 2, 0) / (n - 1));
  const half = n === 0 ? 0 : (z * spread) / Math.sqrt(n);
  return {
    n,
    brier: isEnough ? brier : null,
    interval: isEnough ? { low: Math.max(0, brier - half), high: Math.min(1, brier + half) } : null,
    bins: Array.from({ length: binCount }, (_, at) =>
      binOf(
        forecasts.filter(({ probability }) => placeOf(probability) === at),
        at,
      ),
    ),
  };
}

const placeOf = (probability: number): number => Math.min(binCount - 1, Math.floor(probability * binCount));

function binOf(forecasts: readonly Forecasted[], at: number): ReliabilityBin {
  const n = forecasts.length;
  const came = forecasts.filter((forecast) => forecast.came).length;
  return {
    from: at / binCount,
    to: (at + 1) / binCount,
    n,
    said: n === 0 ? null : meanOf(forecasts.map(({ probability }) => probability)),
    came: n === 0 ? null : came / n,
    interval: n === 0 ? null : shareInterval(came, n),
  };
}

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
