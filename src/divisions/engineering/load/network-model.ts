import type { Computation } from "../../../core/gate/computation.ts";
import type { JsonObject } from "../../../core/shared/json.ts";
import {
  type Place,
  at,
  complain,
  entriesOf,
  fieldsOf,
  numberOf,
  refusedAt,
  refusedFor,
  rounded,
  textOf,
  wordOf,
} from "../specification.ts";
import {
  type AsymptoticBounds,
  type ClosedFigures,
  type ClosedStation,
  asymptoticBounds,
  meanValueAnalysis,
  trafficRates,
} from "./networks.ts";
import { figuresTold, serviceRateOf, sharesOf, unstable } from "./station-model.ts";
import { manyServers } from "./stations.ts";

const limits = { stations: 100, jobs: 10_000, series: 25 };
const name = { most: 100 } as const;
const seconds = { least: 0, most: 1e9 } as const;

/** Answers for a closed network: a fixed number of jobs goes round between the stations and the people who think. */
export function answerClosed(root: Place): Computation {
  fieldsOf(root, ["model", "jobs", "thinkSeconds", "stations", "target"]);
  const jobs = numberOf(at(root, "jobs"), { least: 1, most: limits.jobs, whole: true });
  const thinkSeconds = numberOf(at(root, "thinkSeconds"), { ...seconds, otherwise: 0 });
  const stations = entriesOf(at(root, "stations"), { least: 1, most: limits.stations }).map(closedStation);
  const target = at(root, "target");
  if (target.value !== undefined) fieldsOf(target, ["responseSeconds"]);
  const wanted = target.value === undefined ? null : numberOf(at(target, "responseSeconds"), { ...seconds, above: true });
  if (root.problems.length > 0) return refusedFor(root.problems);
  const all = meanValueAnalysis(stations, thinkSeconds, wanted === null ? jobs : limits.jobs);
  const figures = all[jobs - 1];
  if (figures === undefined) return refusedAt("jobs", "There is nothing to compute.");
  const bounds = asymptoticBounds(stations, thinkSeconds, jobs);
  return {
    kind: "done",
    file: null,
    result: {
      schema: "xvc.performance/1",
      model: "closed",
      assumptions: [
        "One class of jobs; a job that ends begins anew after thinking.",
        "A queue has one server, first come first served, with exponential service (or processor sharing with any).",
        "Which station comes next does not depend on the state. Solved exactly by mean value analysis.",
      ],
      figures: closedTold(figures, stations),
      bottleneck: bottleneckOf(stations),
      bounds: boundsTold(bounds),
      series: seriesOf(all.slice(0, jobs)),
      capacity: wanted === null ? null : { jobs: mostJobs(all, wanted) },
    },
  };
}

function closedStation(place: Place): ClosedStation {
  fieldsOf(place, ["name", "kind", "visits", "serviceSeconds"]);
  const visits = numberOf(at(place, "visits"), { least: 0, most: 1e6, above: true, otherwise: 1 });
  return {
    name: textOf(at(place, "name"), name),
    kind: wordOf(at(place, "kind"), ["queue", "delay"], "queue"),
    demandSeconds: visits * numberOf(at(place, "serviceSeconds"), { ...seconds, above: true }),
  };
}

const closedTold = (figures: ClosedFigures, stations: readonly ClosedStation[]): JsonObject => ({
  throughputPerSecond: rounded(figures.throughputPerSecond),
  responseSeconds: rounded(figures.responseSeconds),
  stations: stations.map(({ name: called, kind, demandSeconds }, index) => {
    const one = figures.stations[index];
    return {
      name: called,
      kind,
      demandSeconds: rounded(demandSeconds),
      residenceSeconds: rounded(one?.residenceSeconds ?? 0),
      meanJobs: rounded(one?.meanJobs ?? 0),
      utilisation: one === undefined || one.utilisation === null ? null : rounded(one.utilisation),
    };
  }),
});

const finite = (value: number): number | null => (Number.isFinite(value) ? rounded(value) : null);

const boundsTold = (bounds: AsymptoticBounds): JsonObject => ({
  mostThroughputPerSecond: rounded(bounds.mostThroughputPerSecond),
  leastThroughputPerSecond: rounded(bounds.leastThroughputPerSecond),
  leastResponseSeconds: rounded(bounds.leastResponseSeconds),
  mostResponseSeconds: rounded(bounds.mostResponseSeconds),
  saturationJobs: finite(bounds.saturationJobs),
});

function bottleneckOf(stations: readonly ClosedStation[]): string | null {
  const queued = stations.filter(({ kind }) => kind === "queue");
  return (
    queued.reduce<ClosedStation | null>((most, one) => (most === null || one.demandSeconds > most.demandSeconds ? one : most), null)
      ?.name ?? null
  );
}

/** Response times only grow with the number of jobs. */
const mostJobs = (all: readonly ClosedFigures[], wanted: number): number => {
  const beyond = all.findIndex(({ responseSeconds }) => responseSeconds > wanted);
  return beyond < 0 ? all.length : beyond;
};

function seriesOf(all: readonly ClosedFigures[]): readonly JsonObject[] {
  const step = Math.max(1, Math.ceil(all.length / limits.series));
  return all.flatMap(({ throughputPerSecond, responseSeconds }, index) =>
    (index + 1) % step === 0 || index === 0 || index === all.length - 1
      ? [{ jobs: index + 1, throughputPerSecond: rounded(throughputPerSecond), responseSeconds: rounded(responseSeconds) }]
      : [],
  );
}

interface OpenNode {
  readonly name: string;
  readonly servers: number;
  readonly mu: number;
  readonly outside: number;
}

/** Answers for an open network: jobs come from outside, go from node to node, and leave. */
export function answerJackson(root: Place): Computation {
  fieldsOf(root, ["model", "nodes", "routes", "percentiles"]);
  const nodes = entriesOf(at(root, "nodes"), { least: 1, most: limits.stations }).map(openNode);
  const routing = routingOf(at(root, "routes"), nodes);
  const shares = sharesOf(at(root, "percentiles"));
  const outside = nodes.map((node) => node.outside);
  const total = outside.reduce((sum, one) => sum + one, 0);
  if (root.problems.length === 0 && total === 0)
    complain(at(root, "nodes"), "No job comes from outside: one node needs an arrivalRatePerSecond.");
  if (root.problems.length > 0) return refusedFor(root.problems);
  const rates = trafficRates(outside, routing);
  if (rates === null || rates.some((one) => one < -1e-9 || !Number.isFinite(one)))
    return refusedAt(
      "routes",
      "Jobs go round among some nodes and never leave; the shares of at least one of them must sum to less than 1.",
    );
  return jacksonTold({ nodes, rates, total, shares });
}

interface OpenNetwork {
  readonly nodes: readonly OpenNode[];
  readonly rates: readonly number[];
  readonly total: number;
  readonly shares: readonly number[];
}

function jacksonTold({ nodes, rates, total, shares }: OpenNetwork): Computation {
  const visited = nodes.map((node, index) => ({ ...node, lambda: rates[index] ?? 0 })).filter(({ lambda }) => lambda > 1e-12);
  for (const node of visited) if (node.lambda >= node.servers * node.mu) return unstable(node, `The node ${JSON.stringify(node.name)}`);
  const told = visited.map((node) => ({ node, figures: manyServers(node.lambda, node.mu, node.servers) }));
  const meanInSystem = told.reduce((sum, { figures }) => sum + figures.meanInSystem, 0);
  return {
    kind: "done",
    file: null,
    result: {
      schema: "xvc.performance/1",
      model: "jackson",
      assumptions: [
        "Jobs come from outside independently of each other (Poisson).",
        "Service times are exponential and drawn anew at every node.",
        "Where a job goes next is drawn with fixed shares; what is left of 1 leaves. Each node then behaves as an M/M/c of its own (Jackson's theorem).",
      ],
      figures: {
        throughputPerSecond: rounded(total),
        meanInSystem: rounded(meanInSystem),
        // Little's law over the whole network.
        meanResponseSeconds: rounded(meanInSystem / total),
      },
      nodes: told.map(({ node, figures }) => ({
        name: node.name,
        visitsPerJob: rounded(node.lambda / total),
        ...figuresTold(figures, shares),
      })),
      notVisited: nodes.filter((_, index) => (rates[index] ?? 0) <= 1e-12).map((node) => node.name),
    },
  };
}

function openNode(place: Place): OpenNode {
  fieldsOf(place, ["name", "servers", "serviceRatePerSecond", "serviceSeconds", "arrivalRatePerSecond"]);
  return {
    name: textOf(at(place, "name"), name),
    servers: numberOf(at(place, "servers"), { least: 1, most: 10_000, whole: true, otherwise: 1 }),
    mu: serviceRateOf(place),
    outside: numberOf(at(place, "arrivalRatePerSecond"), { least: 0, most: 1e9, otherwise: 0 }),
  };
}

function routingOf(place: Place, nodes: readonly OpenNode[]): readonly (readonly number[])[] {
  const routing = nodes.map(() => nodes.map(() => 0));
  const names = nodes.map((node) => node.name);
  if (new Set(names).size < names.length) complain({ ...place, path: "nodes" }, "Two nodes have one name.");
  for (const route of entriesOf(place, { most: limits.stations * limits.stations })) {
    fieldsOf(route, ["from", "to", "share"]);
    const [from, to] = [placeAmong(names, at(route, "from")), placeAmong(names, at(route, "to"))];
    const share = numberOf(at(route, "share"), { least: 0, most: 1, above: true });
    const row = routing[from];
    if (row !== undefined && to >= 0) row[to] = (row[to] ?? 0) + share;
  }
  for (const [index, row] of routing.entries())
    if (row.reduce((sum, one) => sum + one, 0) > 1 + 1e-9)
      complain(place, `The shares that leave ${JSON.stringify(names[index])} sum to more than 1.`);
  return routing;
}

function placeAmong(names: readonly string[], end: Place): number {
  const found = names.indexOf(textOf(end, name));
  if (found < 0) complain(end, "There is no node of this name.");
  return found;
}
