import { type Place, at, complain, fieldsOf, numberOf } from "../specification.ts";
import { type StationFigures, anyService, limitedRoom, manyServers } from "./stations.ts";

/** One station as it was asked about. */
export interface Station {
  readonly model: "mm1" | "mmc" | "mm1k" | "mmck" | "md1" | "mg1";
  readonly lambda: number;
  readonly mu: number;
  readonly servers: number;
  /** Only where room is limited. */
  readonly room: number | null;
  /** Standard deviation of the service time / its mean; 1 but for `md1` and `mg1`. */
  readonly variation: number;
}

export const mostServers = 10_000;

/** Figures of a station; null: more arrives than it can serve. */
export function figuresOf({ model, lambda, mu, servers, room, variation }: Station): StationFigures | null {
  if (room !== null) return room >= servers ? limitedRoom(lambda, mu, { servers, room }) : null;
  if (lambda >= servers * mu) return null;
  return model === "md1" || model === "mg1" ? anyService(lambda, mu, variation) : manyServers(lambda, mu, servers);
}

/** What a station has to reach; each part may be left out. */
export interface Target {
  readonly meanResponseSeconds: number | null;
  readonly meanWaitSeconds: number | null;
  readonly utilisation: number | null;
  readonly lossShare: number | null;
  readonly response: { readonly share: number; readonly seconds: number } | null;
}

const limits = { least: 0, most: 1e9, above: true } as const;

/** Reads `target`; null where there is none. */
export function targetOf(place: Place, model: string): Target | null {
  if (place.value === undefined) return null;
  fieldsOf(place, ["meanResponseSeconds", "meanWaitSeconds", "utilisation", "lossShare", "response"]);
  const optional = (key: string, bounds: { readonly least: number; readonly most: number; readonly above?: boolean }): number | null =>
    at(place, key).value === undefined ? null : numberOf(at(place, key), bounds);
  const response = at(place, "response");
  if (response.value !== undefined) fieldsOf(response, ["share", "seconds"]);
  if (response.value !== undefined && !["mm1", "mmc"].includes(model))
    complain(response, `A share of responses has a closed form here for mm1 and mmc only; use the model "simulation".`);
  const target = {
    meanResponseSeconds: optional("meanResponseSeconds", limits),
    meanWaitSeconds: optional("meanWaitSeconds", limits),
    utilisation: optional("utilisation", { least: 0, most: 1, above: true }),
    lossShare: optional("lossShare", { least: 0, most: 1, above: true }),
    response:
      response.value === undefined
        ? null
        : {
            share: numberOf(at(response, "share"), { least: 0, most: 0.999_999, above: true }),
            seconds: numberOf(at(response, "seconds"), limits),
          },
  };
  if (Object.values(target).every((part) => part === null)) complain(place, "It names nothing to reach.");
  return target;
}

const within = (limit: number | null, value: number): boolean => limit === null || value <= limit;

function reaches(target: Target, station: Station): boolean {
  const figures = figuresOf(station);
  if (figures === null) return false;
  const { response } = target;
  return (
    within(target.meanResponseSeconds, figures.meanResponseSeconds) &&
    within(target.meanWaitSeconds, figures.meanWaitSeconds) &&
    within(target.utilisation, figures.utilisation) &&
    within(target.lossShare, figures.lossShare) &&
    (response === null || (figures.responseQuantile?.(response.share) ?? Number.POSITIVE_INFINITY) <= response.seconds)
  );
}

export interface Capacity {
  /** Fewest servers with everything else as given; null: not with 10,000, or the model has one server. */
  readonly servers: number | null;
  /** Least rate of one server; null: no rate reaches it. */
  readonly serviceRatePerSecond: number | null;
  /** Most that may arrive; null: not even next to nothing. */
  readonly arrivalRatePerSecond: number | null;
}

/** What it takes to reach a target, one lever at a time. More servers, faster ones or fewer arrivals never make a figure worse, so halving finds the edge. */
export function capacityFor(target: Target, station: Station): Capacity {
  const one = ["md1", "mg1", "mm1k"].includes(station.model);
  return {
    servers: one ? null : fewestServers(target, station),
    serviceRatePerSecond: edgeOf((mu) => reaches(target, { ...station, mu }), station.mu, "least"),
    arrivalRatePerSecond: edgeOf((lambda) => reaches(target, { ...station, lambda }), station.lambda, "most"),
  };
}

function fewestServers(target: Target, station: Station): number | null {
  const most = station.room === null ? mostServers : Math.min(mostServers, station.room);
  const fits = (servers: number): boolean => reaches(target, { ...station, model: station.room === null ? "mmc" : "mmck", servers });
  if (!fits(most)) return null;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The edge of what fits, from a millionth to a million times the given value; 100 halvings. */
function edgeOf(fits: (value: number) => boolean, around: number, side: "least" | "most"): number | null {
  let [good, bad] = side === "least" ? [around * 1e6, around * 1e-6] : [around * 1e-6, around * 1e6];
  if (!fits(good)) return null;
  if (fits(bad)) return bad;
  for (let halvings = 0; halvings < 100; halvings++) {
    const middle = Math.sqrt(good * bad);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
