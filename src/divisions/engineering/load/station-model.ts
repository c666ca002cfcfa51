import type { Computation } from "../../../core/gate/computation.ts";
import type { JsonObject } from "../../../core/shared/json.ts";
import { type Place, at, complain, entriesOf, fieldsOf, numberOf, refusedAt, refusedFor, rounded } from "../specification.ts";
import { type Station, capacityFor, figuresOf, mostServers, targetOf } from "./station-capacity.ts";
import type { StationFigures } from "./stations.ts";

const fields = [
  "model",
  "arrivalRatePerSecond",
  "serviceRatePerSecond",
  "serviceSeconds",
  "servers",
  "room",
  "serviceVariation",
  "percentiles",
  "target",
];

const rate = { least: 0, most: 1e9, above: true } as const;
export const usualShares: readonly number[] = [0.5, 0.9, 0.95, 0.99];

/** What each model takes for granted; told with every answer. */
const assumptions: { readonly [model in Station["model"]]: readonly string[] } = {
  mm1: [
    "Arrivals are independent of each other (Poisson).",
    "Service times are exponential.",
    "One server, first come first served, room without end.",
  ],
  mmc: [
    "Arrivals are independent of each other (Poisson).",
    "Service times are exponential.",
    "Equal servers with one queue, first come first served, room without end.",
  ],
  mm1k: [
    "Arrivals are independent of each other (Poisson).",
    "Service times are exponential.",
    "One server; who finds the system full is turned away and does not come back.",
  ],
  mmck: [
    "Arrivals are independent of each other (Poisson).",
    "Service times are exponential.",
    "Equal servers; who finds the system full is turned away and does not come back.",
  ],
  md1: [
    "Arrivals are independent of each other (Poisson).",
    "Every service takes the same time.",
    "One server, first come first served, room without end.",
  ],
  mg1: [
    "Arrivals are independent of each other (Poisson).",
    "Service times have the given mean and variation.",
    "One server, first come first served, room without end.",
  ],
};

export const isStationModel = (model: string): model is Station["model"] => Object.hasOwn(assumptions, model);

/** Answers for one station with a closed form. */
export function answerStation(root: Place, model: Station["model"]): Computation {
  fieldsOf(root, fields);
  const target = targetOf(at(root, "target"), model);
  const station = stationOf(root, model, target !== null);
  const shares = sharesOf(at(root, "percentiles"));
  if (root.problems.length > 0) return refusedFor(root.problems);
  const known = at(root, "servers").value !== undefined || model !== "mmc";
  const capacity = target === null ? null : capacityFor(target, station);
  const asked = known ? station : { ...station, servers: capacity?.servers ?? 0 };
  if (asked.servers === 0) return refusedAt("target", `No number of servers up to ${mostServers} reaches it.`);
  const figures = figuresOf(asked);
  if (figures === null) return unstable(asked);
  return {
    kind: "done",
    file: null,
    result: {
      schema: "xvc.performance/1",
      model,
      assumptions: [...assumptions[model], "The system is in its steady state."],
      given: {
        arrivalRatePerSecond: station.lambda,
        serviceRatePerSecond: station.mu,
        servers: asked.servers,
        room: station.room,
        serviceVariation: station.variation,
      },
      figures: figuresTold(figures, shares),
      capacity:
        capacity === null
          ? null
          : {
              ...capacity,
              serviceRatePerSecond: roundedOrNull(capacity.serviceRatePerSecond),
              arrivalRatePerSecond: roundedOrNull(capacity.arrivalRatePerSecond),
            },
    },
  };
}

const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));

function stationOf(root: Place, model: Station["model"], hasTarget: boolean): Station {
  const many = model === "mmc" || model === "mmck";
  const limited = model === "mm1k" || model === "mmck";
  onlyFor(at(root, "servers"), many, `The model ${model} has one server; use mmc or mmck.`);
  onlyFor(at(root, "room"), limited, `The model ${model} has room without end; use mm1k or mmck.`);
  onlyFor(at(root, "serviceVariation"), model === "mg1", "Only mg1 takes it.");
  const open = model === "mmc" && hasTarget ? { otherwise: 1 } : {};
  const servers = many ? numberOf(at(root, "servers"), { least: 1, most: mostServers, whole: true, ...open }) : 1;
  return {
    model,
    lambda: numberOf(at(root, "arrivalRatePerSecond"), rate),
    mu: serviceRateOf(root),
    servers,
    room: limited ? numberOf(at(root, "room"), { least: servers, most: 100_000, whole: true }) : null,
    variation: variationOf(root, model),
  };
}

function onlyFor(place: Place, allowed: boolean, message: string): void {
  if (!allowed && place.value !== undefined) complain(place, message);
}

function variationOf(root: Place, model: Station["model"]): number {
  if (model === "mg1") return numberOf(at(root, "serviceVariation"), { least: 0, most: 1_000 });
  return model === "md1" ? 0 : 1;
}

/** One of the two ways to say how fast a server is. */
export function serviceRateOf(place: Place): number {
  const seconds = at(place, "serviceSeconds");
  const perSecond = at(place, "serviceRatePerSecond");
  if (seconds.value !== undefined && perSecond.value !== undefined)
    complain(seconds, "Give either serviceSeconds or serviceRatePerSecond.");
  return seconds.value === undefined ? numberOf(perSecond, rate) : 1 / numberOf(seconds, rate);
}

export function sharesOf(place: Place): readonly number[] {
  if (place.value === undefined) return usualShares;
  return entriesOf(place, { least: 1, most: 20 }).map((one) => numberOf(one, { least: 0, most: 0.999_999, above: true }));
}

/** Figures by name; what has no closed form is null. */
export function figuresTold(figures: StationFigures, shares: readonly number[]): JsonObject {
  const { responseQuantile, waitQuantile, waitShare, ...plain } = figures;
  return {
    ...Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, rounded(value)])),
    waitShare: roundedOrNull(waitShare),
    percentiles:
      responseQuantile === null || waitQuantile === null
        ? null
        : shares.map((share) => ({ share, responseSeconds: rounded(responseQuantile(share)), waitSeconds: rounded(waitQuantile(share)) })),
    symbols: { meanInSystem: "L", meanWaiting: "Lq", meanResponseSeconds: "W", meanWaitSeconds: "Wq", utilisation: "rho" },
  };
}

export function unstable({ lambda, mu, servers }: Pick<Station, "lambda" | "mu" | "servers">, name = "The station"): Computation {
  const fewest = Math.floor(lambda / mu) + 1;
  return refusedAt(
    "",
    `${name} is unstable: ${rounded(lambda)} jobs per second arrive and ${servers === 1 ? "its server serves" : `its ${servers} servers serve`} ${rounded(servers * mu)}, so that utilisation would be ${rounded(lambda / (servers * mu))} and the queue grows without end. It needs at least ${fewest} such servers, or fewer than ${rounded(servers * mu)} arrivals per second.`,
  );
}
