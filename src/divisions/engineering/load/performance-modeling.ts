import type { Computation, Material } from "../../../core/gate/computation.ts";
import type { JsonObject } from "../../../core/shared/json.ts";
import {
  type Place,
  at,
  complain,
  entriesOf,
  fieldsOf,
  numberOf,
  placeOf,
  refusedAt,
  refusedFor,
  rounded,
  wordOf,
} from "../specification.ts";
import { type Spread, meanOf } from "./draws.ts";
import { answerClosed, answerJackson } from "./network-model.ts";
import { type SimulatedMean, type SimulatedStation, simulateStation } from "./simulate-station.ts";
import { answerStation, isStationModel, sharesOf, unstable } from "./station-model.ts";

const models = ["mm1", "mmc", "mm1k", "mmck", "md1", "mg1", "closed", "jackson", "simulation", "operational"] as const;

/** Answers a question about load: closed forms where there are any, a simulation with its interval where there are none. */
export function modelPerformance({ specification }: Material): Computation {
  const root = placeOf(specification);
  const model = wordOf(at(root, "model"), models);
  if (root.problems.length > 0) return refusedFor(root.problems);
  if (isStationModel(model)) return answerStation(root, model);
  if (model === "closed") return answerClosed(root);
  if (model === "jackson") return answerJackson(root);
  return model === "simulation" ? answerSimulation(root) : answerOperational(root);
}

const time = { least: 0, most: 1e9, above: true } as const;
const limits = { jobs: 1_000_000, work: 20_000_000, room: 2_000, measured: 5_000 };

function spreadOf(place: Place): Spread {
  const kind = wordOf(at(place, "kind"), ["exponential", "fixed", "uniform", "erlang", "lognormal", "measured"]);
  if (kind === "measured") {
    fieldsOf(place, ["kind", "seconds"]);
    return {
      kind,
      seconds: entriesOf(at(place, "seconds"), { least: 1, most: limits.measured }).map((one) => numberOf(one, { ...time, above: false })),
    };
  }
  if (kind === "uniform") {
    fieldsOf(place, ["kind", "lowSeconds", "highSeconds"]);
    const lowSeconds = numberOf(at(place, "lowSeconds"), { least: 0, most: 1e9 });
    return { kind, lowSeconds, highSeconds: numberOf(at(place, "highSeconds"), { least: lowSeconds, most: 1e9, above: true }) };
  }
  fieldsOf(place, ["kind", "meanSeconds", ...(kind === "erlang" ? ["stages"] : kind === "lognormal" ? ["variation"] : [])]);
  const meanSeconds = numberOf(at(place, "meanSeconds"), time);
  if (kind === "erlang") return { kind, meanSeconds, stages: numberOf(at(place, "stages"), { least: 1, most: 100, whole: true }) };
  if (kind === "lognormal") return { kind, meanSeconds, variation: numberOf(at(place, "variation"), { least: 0, most: 100, above: true }) };
  return { kind, meanSeconds };
}

function answerSimulation(root: Place): Computation {
  fieldsOf(root, ["model", "arrivals", "service", "servers", "room", "jobs", "seed", "percentiles"]);
  const servers = numberOf(at(root, "servers"), { least: 1, most: 1_000, whole: true, otherwise: 1 });
  const station: SimulatedStation = {
    arrivals: spreadOf(at(root, "arrivals")),
    service: spreadOf(at(root, "service")),
    servers,
    room: at(root, "room").value === undefined ? null : numberOf(at(root, "room"), { least: servers, most: limits.room, whole: true }),
    jobs: numberOf(at(root, "jobs"), { least: 1_000, most: limits.jobs, whole: true, otherwise: 100_000 }),
    seed: numberOf(at(root, "seed"), { least: 0, most: 4_294_967_295, whole: true, otherwise: 1 }),
  };
  const shares = sharesOf(at(root, "percentiles"));
  if (station.jobs * (servers + (station.room ?? 0)) > limits.work)
    complain(at(root, "jobs"), `Jobs times servers and room may be ${limits.work} at most.`);
  const gap = meanOf(station.arrivals);
  if (root.problems.length === 0 && gap === 0) complain(at(root, "arrivals"), "All times between arrivals are 0.");
  if (root.problems.length > 0) return refusedFor(root.problems);
  const [lambda, mu] = [1 / gap, 1 / meanOf(station.service)];
  if (station.room === null && lambda >= servers * mu) return unstable({ lambda, mu, servers });
  return simulationTold(station, shares);
}

const meanTold = ({ mean, low, high }: SimulatedMean): JsonObject => ({ mean: rounded(mean), low: rounded(low), high: rounded(high) });

function simulationTold(station: SimulatedStation, shares: readonly number[]): Computation {
  const figures = simulateStation(station);
  return {
    kind: "done",
    file: null,
    result: {
      schema: "xvc.performance/1",
      model: "simulation",
      assumptions: [
        "Times between arrivals and times of service are drawn independently from the given spreads.",
        "One queue, first come first served.",
        "The first tenth of the jobs is left out; intervals are 95 % intervals of 20 batch means.",
      ],
      given: { jobs: station.jobs, seed: station.seed, servers: station.servers, room: station.room },
      figures: {
        utilisation: rounded(figures.utilisation),
        throughputPerSecond: rounded(figures.throughputPerSecond),
        meanInSystem: rounded(figures.meanInSystem),
        meanResponseSeconds: meanTold(figures.meanResponseSeconds),
        meanWaitSeconds: meanTold(figures.meanWaitSeconds),
        lossShare: rounded(figures.lossShare),
        measuredJobs: figures.measuredJobs,
        percentiles: shares.map((share) => ({ share, responseSeconds: rounded(figures.responseQuantile(share)) })),
      },
    },
  };
}

const operational = ["periodSeconds", "completions", "busySeconds", "servers", "users", "thinkSeconds", "meanInSystem"];

/**
 * What follows from counting alone, without any assumption about chance.
 *
 * Source: Denning & Buzen, The operational analysis of queueing network models, ACM Computing Surveys 10, 1978
 */
function answerOperational(root: Place): Computation {
  fieldsOf(root, ["model", ...operational]);
  const periodSeconds = numberOf(at(root, "periodSeconds"), time);
  const completions = numberOf(at(root, "completions"), { least: 1, most: 1e12 });
  const servers = numberOf(at(root, "servers"), { least: 1, most: 100_000, whole: true, otherwise: 1 });
  const optional = (key: string, most: number): number | null =>
    at(root, key).value === undefined ? null : numberOf(at(root, key), { least: 0, most });
  const busySeconds = optional("busySeconds", periodSeconds * servers);
  const [users, inSystem] = [optional("users", 1e9), optional("meanInSystem", 1e9)];
  const thinkSeconds = optional("thinkSeconds", 1e9);
  if (root.problems.length > 0) return refusedFor(root.problems);
  return countedTold({ completions, periodSeconds, servers, busySeconds, users, inSystem, thinkSeconds: thinkSeconds ?? 0 });
}

interface Counted {
  readonly completions: number;
  readonly periodSeconds: number;
  readonly servers: number;
  readonly busySeconds: number | null;
  readonly users: number | null;
  readonly inSystem: number | null;
  readonly thinkSeconds: number;
}

function countedTold({ completions, periodSeconds, servers, busySeconds, users, inSystem, thinkSeconds }: Counted): Computation {
  const throughput = completions / periodSeconds;
  const interactive = users === null ? null : users / throughput - thinkSeconds;
  if (interactive !== null && interactive < 0)
    return refusedAt(
      "users",
      `So many completions do not fit: ${users} users who think ${thinkSeconds} s each cannot complete ${rounded(throughput)} jobs per second.`,
    );
  return {
    kind: "done",
    file: null,
    result: {
      schema: "xvc.performance/1",
      model: "operational",
      assumptions: ["As many jobs begin as end in the period (flow balance)."],
      figures: {
        throughputPerSecond: rounded(throughput),
        utilisation: busySeconds === null ? null : rounded(busySeconds / (periodSeconds * servers)),
        serviceSeconds: busySeconds === null ? null : rounded(busySeconds / completions),
        meanResponseSeconds: inSystem === null ? null : rounded(inSystem / throughput),
        interactiveResponseSeconds: interactive === null ? null : rounded(interactive),
      },
      laws: {
        utilisation: "utilisation = throughput × service time / servers",
        little: "mean number in the system = throughput × mean response time",
        interactiveResponse: "response time = users / throughput − think time",
      },
    },
  };
}
