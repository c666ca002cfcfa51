/*
 * Stations with a closed form. Rates are per second, times in seconds, shares 0 to 1. `lambda` arrivals, `mu` services of one
 * server, `a = lambda / mu` the offered load in erlangs, `rho` the share of time that a server is busy.
 */

export interface StationFigures {
  readonly utilisation: number;
  /** Arrivals that are served; less than those that come where some are turned away. */
  readonly throughputPerSecond: number;
  /** L: mean number in the system; Lq: mean number waiting. */
  readonly meanInSystem: number;
  readonly meanWaiting: number;
  /** W: mean time in the system; Wq: mean time waiting. Of those who are served. */
  readonly meanResponseSeconds: number;
  readonly meanWaitSeconds: number;
  /** Share of arrivals that wait; null where no closed form is used here. */
  readonly waitShare: number | null;
  /** Share of arrivals that are turned away. */
  readonly lossShare: number;
  /** Time that a share of those served does not exceed; null where no closed form is used here. */
  readonly responseQuantile: ((share: number) => number) | null;
  readonly waitQuantile: ((share: number) => number) | null;
}

/**
 * Share of arrivals that find all `servers` busy and are turned away, by the recursion that neither overflows nor cancels. `O(servers)`.
 *
 * Source: Erlang 1917; recursion in Cooper, Introduction to Queueing Theory, 1981, §3.3
 */
export function erlangB(servers: number, offeredErlangs: number): number {
  let blocked = 1;
  for (let count = 1; count <= servers; count++) blocked = (offeredErlangs * blocked) / (count + offeredErlangs * blocked);
  return blocked;
}

/** Share of arrivals that wait at `servers` of a queue without end; 1 when it is overloaded. Source: Erlang 1917; Cooper 1981, §3.4 */
export function erlangC(servers: number, offeredErlangs: number): number {
  const rho = offeredErlangs / servers;
  if (rho >= 1) return 1;
  const blocked = erlangB(servers, offeredErlangs);
  return blocked / (1 - rho * (1 - blocked));
}

/** M/M/c; with one server M/M/1. Stable only while `lambda < servers * mu`. Source: Kleinrock, Queueing Systems I, 1975, §3.5 */
export function manyServers(lambda: number, mu: number, servers: number): StationFigures {
  const offered = lambda / mu;
  const waits = erlangC(servers, offered);
  const spare = servers * mu - lambda;
  const meanWaitSeconds = waits / spare;
  return {
    ...served(lambda, { mu, servers, meanWaitSeconds }),
    waitShare: waits,
    waitQuantile: (share) => (waits <= 1 - share ? 0 : Math.log(waits / (1 - share)) / spare),
    responseQuantile: (share) => quantileOf((seconds) => responseTail(seconds, { mu, spare, waits }), share),
  };
}

interface Served {
  readonly mu: number;
  readonly servers: number;
  readonly meanWaitSeconds: number;
}

/** What follows from the mean wait by Little's law. Source: Little, Operations Research 9, 1961 */
const served = (
  lambda: number,
  { mu, servers, meanWaitSeconds }: Served,
): Omit<StationFigures, "waitShare" | "waitQuantile" | "responseQuantile"> => ({
  utilisation: lambda / (servers * mu),
  throughputPerSecond: lambda,
  meanWaiting: lambda * meanWaitSeconds,
  meanInSystem: lambda * (meanWaitSeconds + 1 / mu),
  meanWaitSeconds,
  meanResponseSeconds: meanWaitSeconds + 1 / mu,
  lossShare: 0,
});

/** Share of M/M/c responses longer than `seconds`: an exponential service after an exponential wait that a share `waits` has. */
function responseTail(
  seconds: number,
  { mu, spare, waits }: { readonly mu: number; readonly spare: number; readonly waits: number },
): number {
  const inService = Math.exp(-mu * seconds);
  // The two rates meet: the sum of two equal exponentials.
  if (Math.abs(spare - mu) < 1e-9 * mu) return (1 - waits) * inService + waits * inService * (1 + mu * seconds);
  return (1 - waits) * inService + (waits * (spare * inService - mu * Math.exp(-spare * seconds))) / (spare - mu);
}

/** Where a falling tail reaches `1 - share`, by halving; 200 halvings are more than a number has digits. */
function quantileOf(tail: (seconds: number) => number, share: number): number {
  let high = 1e-9;
  for (let doublings = 0; doublings < 200 && tail(high) > 1 - share; doublings++) high *= 2;
  let low = 0;
  for (let halvings = 0; halvings < 200; halvings++) {
    const middle = (low + high) / 2;
    if (tail(middle) > 1 - share) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * M/M/c/K: at most `room` in the system, those in service included; who finds it full is turned away. Always stable. `O(room)`.
 *
 * Source: Gross & Harris, Fundamentals of Queueing Theory, 1998, §2.5
 */
export function limitedRoom(
  lambda: number,
  mu: number,
  { servers, room }: { readonly servers: number; readonly room: number },
): StationFigures {
  // Weights of the states, scaled down as they grow, so that none overflows.
  const weights = [1];
  let sum = 1;
  for (let count = 1; count <= room; count++) {
    const weight = ((weights[count - 1] ?? 0) * lambda) / (Math.min(count, servers) * mu);
    weights.push(weight);
    sum += weight;
    if (sum < 1e200) continue;
    for (let state = 0; state <= count; state++) weights[state] = (weights[state] ?? 0) / sum;
    sum = 1;
  }
  const shares = weights.map((weight) => weight / sum);
  const lossShare = shares[room] ?? 0;
  // What leaves, and not what comes less what is lost: under a crowd that difference has no digits left.
  const meanServed = shares.reduce((total, share, count) => total + share * Math.min(count, servers), 0);
  const throughputPerSecond = meanServed * mu;
  const meanInSystem = shares.reduce((total, share, count) => total + share * count, 0);
  const meanWaiting = shares.reduce((total, share, count) => total + share * Math.max(0, count - servers), 0);
  const accepted = shares.slice(0, room).reduce((total, share) => total + share, 0);
  const findsBusy = shares.reduce((total, share, count) => total + (count >= servers && count < room ? share : 0), 0);
  return {
    utilisation: Math.min(1, meanServed / servers),
    throughputPerSecond,
    meanInSystem,
    meanWaiting,
    meanResponseSeconds: meanInSystem / throughputPerSecond,
    meanWaitSeconds: meanWaiting / throughputPerSecond,
    waitShare: accepted > 0 ? findsBusy / accepted : 0,
    lossShare,
    responseQuantile: null,
    waitQuantile: null,
  };
}

/**
 * M/G/1 by the Pollaczek-Khinchine formula; `variation` is the standard deviation of the service time divided by its mean (0: M/D/1, 1: M/M/1).
 *
 * Source: Pollaczek 1930, Khinchine 1932; Kleinrock, Queueing Systems I, 1975, §5.6
 */
export function anyService(lambda: number, mu: number, variation: number): StationFigures {
  const rho = lambda / mu;
  const meanWaitSeconds = (rho * (1 + variation * variation)) / (2 * (mu - lambda));
  return { ...served(lambda, { mu, servers: 1, meanWaitSeconds }), waitShare: rho, waitQuantile: null, responseQuantile: null };
}
