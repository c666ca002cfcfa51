import { type Spread, seededDraws, timesOf } from "./draws.ts";

export interface SimulatedStation {
  readonly arrivals: Spread;
  readonly service: Spread;
  readonly servers: number;
  /** Most in the system, those in service included; null: no limit. */
  readonly room: number | null;
  readonly jobs: number;
  readonly seed: number;
}

/** A mean with the interval that contains the true one in 95 of 100 such simulations. */
export interface SimulatedMean {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface SimulatedFigures {
  readonly meanResponseSeconds: SimulatedMean;
  readonly meanWaitSeconds: SimulatedMean;
  readonly utilisation: number;
  readonly throughputPerSecond: number;
  readonly meanInSystem: number;
  readonly lossShare: number;
  /** Of the jobs that were served, after the start was left out. */
  readonly responseQuantile: (share: number) => number;
  readonly measuredJobs: number;
}

/** The first jobs find an empty system and are left out. */
const startShare = 0.1;
const batches = 20;
/** Student's t, 19 degrees of freedom, 95 % two-sided. */
const t19 = 2.093_024;

/**
 * Plays jobs through one station, first come first served; the start is left out and the interval comes from 20 batch means.
 * `O(jobs × (servers + room))`; the same seed gives the same figures.
 *
 * Source: Law, Simulation Modeling and Analysis, 2015, §9.5 (batch means)
 */
export function simulateStation(station: SimulatedStation): SimulatedFigures {
  const played = play(station);
  const from = Math.floor(played.responses.length * startShare);
  const responses = played.responses.slice(from);
  const waits = played.waits.slice(from);
  const sorted = responses.toSorted((left, right) => left - right);
  const meanResponseSeconds = batchMean(responses);
  const throughputPerSecond = played.responses.length / played.endSeconds;
  return {
    meanResponseSeconds,
    meanWaitSeconds: batchMean(waits),
    utilisation: played.busySeconds / (station.servers * played.endSeconds),
    throughputPerSecond,
    // Little's law on what was measured.
    meanInSystem: throughputPerSecond * meanResponseSeconds.mean,
    lossShare: played.lost / station.jobs,
    responseQuantile: (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0,
    measuredJobs: responses.length,
  };
}

interface Played {
  readonly responses: Float64Array;
  readonly waits: Float64Array;
  readonly busySeconds: number;
  readonly endSeconds: number;
  readonly lost: number;
}

function play({ arrivals, service, servers, room, jobs, seed }: SimulatedStation): Played {
  const draw = seededDraws(seed);
  const nextGap = timesOf(arrivals, draw);
  const nextService = timesOf(service, draw);
  const freeAt = new Float64Array(servers);
  // When those who are inside leave.
  let leaving: number[] = [];
  const responses = new Float64Array(jobs);
  const waits = new Float64Array(jobs);
  let [now, served, busySeconds, lost] = [0, 0, 0, 0];
  for (let job = 0; job < jobs; job++) {
    now += nextGap();
    if (room !== null) leaving = leaving.filter((time) => time > now);
    if (room !== null && leaving.length >= room) {
      lost += 1;
      continue;
    }
    const server = earliest(freeAt);
    const begin = Math.max(now, freeAt[server] ?? 0);
    const work = nextService();
    freeAt[server] = begin + work;
    if (room !== null) leaving.push(begin + work);
    waits[served] = begin - now;
    responses[served] = begin + work - now;
    busySeconds += work;
    served += 1;
  }
  const endSeconds = Math.max(
    now,
    freeAt.reduce((latest, one) => Math.max(latest, one), 0),
  );
  return { responses: responses.subarray(0, served), waits: waits.subarray(0, served), busySeconds, endSeconds, lost };
}

function earliest(freeAt: Float64Array): number {
  let best = 0;
  for (let server = 1; server < freeAt.length; server++) if ((freeAt[server] ?? 0) < (freeAt[best] ?? 0)) best = server;
  return best;
}

function batchMean(values: Float64Array): SimulatedMean {
  const size = Math.floor(values.length / batches);
  if (size === 0) return { mean: 0, low: 0, high: 0 };
  const means = Array.from({ length: batches }, (_, batch) => average(values.subarray(batch * size, (batch + 1) * size)));
  const mean = average(means);
  const variance = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (batches - 1);
  const half = t19 * Math.sqrt(variance / batches);
  return { mean, low: Math.max(0, mean - half), high: mean + half };
}

const average = (values: ArrayLike<number> & Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
};
