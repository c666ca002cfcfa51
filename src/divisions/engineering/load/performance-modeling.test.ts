import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Json, JsonObject } from "../../../core/shared/json.ts";
import { modelPerformance } from "./performance-modeling.ts";

// Much is computed here; a machine that does much else is slow, and only a failure takes this long.
vi.setConfig({ testTimeout: 60_000 });

const ask = (specification: JsonObject) => modelPerformance({ specification, files: [] });
const told = (specification: JsonObject): JsonObject => {
  const answer = ask(specification);
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.problems));
  return answer.result;
};
const at = (value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => (inner as { readonly [key: string | number]: Json } | undefined)?.[key], value); // read as it was written
const refusal = (specification: JsonObject): string => {
  const answer = ask(specification);
  return answer.kind === "refused" ? answer.problems.map(({ path, message }) => `${path}: ${message}`).join("\n") : "";
};

test("a station is answered with units in its names, its assumptions, and what a target takes", () => {
  const result = told({
    model: "mmc",
    arrivalRatePerSecond: 90,
    serviceSeconds: 0.1,
    servers: 10,
    target: { response: { share: 0.95, seconds: 0.4 } },
  });
  expect(at(result, "assumptions")).toContain("Service times are exponential.");
  expect(at(result, "figures", "utilisation")).toBeCloseTo(0.9, 9);
  expect(at(result, "figures", "percentiles", 2, "share")).toBe(0.95);
  const servers = Number(at(result, "capacity", "servers"));
  const needed = (count: number) =>
    Number(
      at(
        told({ model: "mmc", arrivalRatePerSecond: 90, serviceSeconds: 0.1, servers: count, percentiles: [0.95] }),
        "figures",
        "percentiles",
        0,
        "responseSeconds",
      ),
    );
  expect(needed(servers)).toBeLessThanOrEqual(0.4);
  expect(needed(servers - 1)).toBeGreaterThan(0.4);
});

test("the fewest servers are found when none are given, from overload on", () => {
  const result = told({ model: "mmc", arrivalRatePerSecond: 10, serviceSeconds: 1, target: { meanWaitSeconds: 0.05 } });
  expect(at(result, "given", "servers")).toBe(at(result, "capacity", "servers"));
  expect(Number(at(result, "capacity", "servers"))).toBeGreaterThan(10);
  expect(Number(at(result, "figures", "meanWaitSeconds"))).toBeLessThanOrEqual(0.05);
});

test("an unstable station is refused with what would make it stable", () => {
  expect(refusal({ model: "mm1", arrivalRatePerSecond: 12, serviceRatePerSecond: 10 })).toContain("utilisation would be 1.2");
  expect(refusal({ model: "mm1", arrivalRatePerSecond: 12, serviceRatePerSecond: 10 })).toContain("at least 2 such servers");
  expect(refusal({ model: "mmc", arrivalRatePerSecond: 20, serviceRatePerSecond: 10, servers: 2 })).toContain("at least 3 such servers");
  expect(refusal({ model: "jackson", nodes: [{ name: "a", serviceSeconds: 1, arrivalRatePerSecond: 2 }] })).toContain(
    'The node "a" is unstable',
  );
  const spread = { kind: "exponential", meanSeconds: 1 };
  expect(refusal({ model: "simulation", arrivals: spread, service: spread })).toContain("unstable");
});

test("a tandem of two stations is the sum of two M/M/1 (Burke 1956)", () => {
  const result = told({
    model: "jackson",
    nodes: [
      { name: "web", serviceRatePerSecond: 10, arrivalRatePerSecond: 4 },
      { name: "db", serviceRatePerSecond: 5 },
    ],
    routes: [{ from: "web", to: "db", share: 1 }],
  });
  expect(at(result, "figures", "meanResponseSeconds")).toBeCloseTo(1 / 6 + 1, 8);
  expect(at(result, "nodes", 1, "visitsPerJob")).toBe(1);
  const loop = {
    model: "jackson",
    nodes: [{ name: "a", serviceRatePerSecond: 9, arrivalRatePerSecond: 1 }],
    routes: [{ from: "a", to: "a", share: 1 }],
  };
  expect(refusal(loop)).toContain("never leave");
});

test("a closed network names its bottleneck, its bounds, and how many jobs a target bears", () => {
  const stations = [
    { name: "cpu", visits: 121, serviceSeconds: 0.005 },
    { name: "disk", visits: 70, serviceSeconds: 0.03 },
  ];
  const result = told({ model: "closed", jobs: 20, thinkSeconds: 15, stations, target: { responseSeconds: 10 } });
  expect(at(result, "bottleneck")).toBe("disk");
  const most = Number(at(result, "capacity", "jobs"));
  const response = (jobs: number) => Number(at(told({ model: "closed", jobs, thinkSeconds: 15, stations }), "figures", "responseSeconds"));
  expect(response(most)).toBeLessThanOrEqual(10);
  expect(response(most + 1)).toBeGreaterThan(10);
});

test("counting alone gives utilisation, service time and response time; what cannot be is refused", () => {
  const result = told({ model: "operational", periodSeconds: 60, completions: 1_800, busySeconds: 45, users: 300, thinkSeconds: 8 });
  expect(at(result, "figures")).toMatchObject({
    throughputPerSecond: 30,
    utilisation: 0.75,
    serviceSeconds: 0.025,
    interactiveResponseSeconds: 2,
  });
  expect(refusal({ model: "operational", periodSeconds: 60, completions: 1_800, users: 3, thinkSeconds: 8 })).toContain("do not fit");
});

test.each([
  [{}, "model: It must be one of"],
  [{ model: "mm1" }, "arrivalRatePerSecond: It is missing"],
  [{ model: "mm1", arrivalRatePerSecond: -1, serviceSeconds: 1 }, "above 0"],
  [{ model: "mm1", arrivalRatePerSecond: 1, serviceSeconds: 1, serviceRatePerSecond: 2 }, "either"],
  [{ model: "mm1", arrivalRatePerSecond: 1, serviceRatePerSecond: 2, servers: 3 }, "use mmc"],
  [{ model: "mm1", arrivalRatePerSecond: 1, serviceRatePerSecond: 2, speed: 3 }, "speed: It is not known here"],
  [
    {
      model: "mg1",
      arrivalRatePerSecond: 1,
      serviceRatePerSecond: 2,
      serviceVariation: 1,
      target: { response: { share: 0.9, seconds: 1 } },
    },
    "simulation",
  ],
  [{ model: "closed", jobs: 1e9, stations: [{ name: "a", serviceSeconds: 1 }] }, "jobs: It must be a whole number"],
] as const)("%j is refused, saying where", (specification, words) => {
  expect(refusal(specification as unknown as JsonObject)).toContain(words);
});

test("whatever is asked, it answers or refuses, the same each time, and Little's law holds in every answer", () => {
  const rate = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const station = fc.record({
    model: fc.constantFrom("mm1", "mmc", "mm1k", "mmck", "md1", "mg1"),
    arrivalRatePerSecond: rate,
    serviceRatePerSecond: rate,
    servers: fc.option(fc.integer({ min: -1, max: 200 }), { nil: undefined }),
    room: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
    serviceVariation: fc.option(fc.double({ min: 0, max: 9, noNaN: true }), { nil: undefined }),
  });
  fc.assert(
    fc.property(station, (given) => {
      const specification = JSON.parse(JSON.stringify(given)) as JsonObject;
      const answer = ask(specification);
      expect(ask(specification)).toEqual(answer);
      if (answer.kind === "refused") return;
      const figure = (name: string) => Number(at(answer.result, "figures", name));
      const scale = Math.max(1e-300, figure("meanInSystem"));
      expect((figure("throughputPerSecond") * figure("meanResponseSeconds")) / scale).toBeCloseTo(1, 6);
      expect(figure("utilisation")).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});
